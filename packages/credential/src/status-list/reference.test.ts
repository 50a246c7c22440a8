import { outcomeOf, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { readJsonObject } from '../json.ts'
import { readStatusReference } from './reference.ts'

for (const { requirement, comment, input, expect: expected } of vectors(
  new URL('../../vectors/status-list/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, () => {
    expect(outcomeOf(() => readStatusReference(readJsonObject(JSON.stringify(input))))).toBe(expected)
  })
}

const status_list = { idx: 4711, uri: 'https://issuer.example/status-lists/1' }

test('TSL-6.2-1 the reference is the index and the address, as they were spelled', () => {
  expect(readStatusReference({ status: { status_list: { ...status_list, note: 'kept out' } } })).toEqual(
    status_list,
  )
})

test('TSL-6.1-1 finds no reference where the credential has none that is understood', () => {
  expect(readStatusReference({})).toBeUndefined()
  expect(readStatusReference({ status: {} })).toBeUndefined()
  expect(readStatusReference({ status: { other: { id: 1 } } })).toBeUndefined()
  expect(readStatusReference({ status: { other: { id: 1 }, status_list } })).toEqual(status_list)
})

test('TSL-6.2-1 a reference that is only inherited is none', () => {
  expect(
    readStatusReference(readJsonObject(`{"__proto__":${JSON.stringify({ status: { status_list } })}}`)),
  ).toBeUndefined()
})

test('TSL-6.2-1 takes any absolute URI, and refuses a hostile one', () => {
  const at = (uri: string) =>
    outcomeOf(() => readStatusReference({ status: { status_list: { idx: 0, uri } } }))
  expect(at('urn:example:list:1')).toBe('accepted')
  expect(at('http://127.0.0.1:8080/status-lists/1?v=1#top')).toBe('accepted')
  expect(at('')).toBe('status_malformed')
  expect(at('//issuer.example/1')).toBe('status_malformed')
  expect(at(`https:${'a'.repeat(1_000_000)} `)).toBe('status_malformed')
})
