import { hash, outcomeOf, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { writeBase64urlText } from '../base64url.ts'
import { readDisclosure, writeDisclosure } from './disclosure.ts'

for (const { requirement, comment, input, expect: expected } of vectors(
  new URL('../../vectors/sd-jwt/disclosure/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, () => {
    expect(outcomeOf(() => readDisclosure(String(input)))).toBe(expected)
  })
}

test('SDJ-4.2.1-1, SDJ-4.2.3-1, SDJ-4.1.1-2 reads and hashes the example of RFC 9901 §4.2.3', () => {
  const encoded = 'WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0'
  expect(readDisclosure(encoded)).toEqual({
    encoded,
    salt: '_26bc4LT-ac6q2KI6cBW5es',
    name: 'family_name',
    value: 'Möbius',
  })
  expect(hash('sha-256', encoded)).toBe('X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0')
})

test('SDJ-4.2.2-1 reads an array element, which has no name', () => {
  const encoded = writeBase64urlText('["salt","UTO"]')
  expect(readDisclosure(encoded)).toEqual({ encoded, salt: 'salt', value: 'UTO' })
})

test.each([
  { salt: 'salt', name: 'given_name', value: 'Specimen' },
  { salt: 'salt', name: '', value: { a: [null, false, 1.5] } },
  { salt: '', value: 'UTO' },
  { salt: 'salt', value: null },
])('SDJ-4.2.1-1, SDJ-4.2.2-1 reads back what it writes: %j', (content) => {
  const encoded = writeDisclosure(content)
  expect(readDisclosure(encoded)).toEqual({ ...content, encoded })
})

test('SDJ-7.1-16 keeps __proto__ inside a value as data', () => {
  const { value } = readDisclosure(writeBase64urlText('["salt","a",{"__proto__":{"isAdmin":true}}]'))
  expect(Object.keys(Object(value))).toEqual(['__proto__'])
  expect(Object(value).isAdmin).toBeUndefined()
})

test('SDJ-7.1-16 refuses a value nested 10,000 deep', () => {
  const deep = writeBase64urlText(`["salt","a",${'['.repeat(10_000)}${']'.repeat(10_000)}]`)
  expect(outcomeOf(() => readDisclosure(deep))).toBe('disclosure_malformed')
})
