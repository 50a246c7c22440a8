import { outcomeOf, seededRandom } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { readForm, writeForm } from './form.ts'

test('a form is read by name, its blanks in either spelling', () => {
  expect(readForm('a=b+c%20d&e%5Bf%5D=%C3%A9&&g=h=i')).toEqual({ a: 'b c d', 'e[f]': 'é', g: 'h=i' })
  expect(readForm('')).toEqual({})
})

test('a parameter without value is absent', () => {
  expect(readForm('a=&b&c=1')).toEqual({ c: '1' })
})

test('a parameter that is repeated is refused, in any spelling and without value', () => {
  for (const form of ['a=1&a=1', 'a=1&%61=2', 'a=1&a', 'a&a', 'constructor=1&constructor=2']) {
    expect(outcomeOf(() => readForm(form))).toBe('message_malformed')
  }
})

test('what is no percent-encoded UTF-8 is refused', () => {
  for (const form of ['a=%', 'a=%g0', '%=1', 'a=%ff', 'a=%C3', 'a=%ED%A0%80']) {
    expect(outcomeOf(() => readForm(form))).toBe('message_malformed')
  }
})

test('names of the prototype are names like any other', () => {
  const form = readForm('__proto__=a&constructor=b&hasOwnProperty=c')
  expect(Object.entries(form)).toEqual([
    ['__proto__', 'a'],
    ['constructor', 'b'],
    ['hasOwnProperty', 'c'],
  ])
  expect(Object.getPrototypeOf({})).toBe(Object.prototype)
})

test('sizes are bounded', () => {
  expect(outcomeOf(() => readForm(Array.from({ length: 101 }, (_, i) => `a${i}=1`).join('&')))).toBe(
    'message_too_large',
  )
  expect(outcomeOf(() => readForm('a='.padEnd(1_572_864, 'b')))).toBe('accepted')
  expect(outcomeOf(() => readForm('a='.padEnd(1_572_865, 'b')))).toBe('message_too_large')
  expect(outcomeOf(() => readForm('&'.repeat(100_000)))).toBe('message_too_large')
})

test('what is written is read again, and by the platform alike', () => {
  const random = seededRandom('forms')
  for (let round = 0; round < 500; round++) {
    // Below the surrogates, so that every text is one.
    const value = String.fromCharCode(
      ...[...random(12)].map((byte, i) => (i % 3 === 0 ? byte * 97 : byte % 128)),
    )
    const form = { a: `x${value}`, 'pre-authorized_code': "!'()*~ +&=%#" }
    const written = writeForm(form)
    expect(written).toMatch(/^[A-Za-z0-9\-._~%&=]*$/)
    expect(readForm(written)).toEqual(form)
    expect(Object.fromEntries(new URLSearchParams(written))).toEqual(form)
    expect(writeForm(readForm(written))).toBe(written)
  }
})
