import type { JsonValue } from '@facet-id/credential/json'
import { outcomeOf, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { type DcqlQuery, readDcqlQuery } from './query.ts'

for (const { requirement, comment, input, expect: expected } of vectors(
  new URL('../../../vectors/openid4vp/dcql-query/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, () => {
    expect(outcomeOf(() => readDcqlQuery(input as JsonValue))).toBe(expected)
  })
}

const query: DcqlQuery = {
  credentials: [
    {
      id: 'person',
      format: 'dc+sd-jwt',
      meta: { vct_values: ['urn:facet:person:1', 'urn:facet:person:2'] },
      claims: [
        { id: 'a', path: ['age_equal_or_over', '18'], values: [true] },
        { path: ['nationalities', null], values: ['UTO', 'XXA'] },
        { path: ['nationalities', 0] },
      ],
    },
    { id: 'x', format: 'dc+sd-jwt', meta: { vct_values: ['urn:facet:person:1'] } },
  ],
}

test('what is known of a query is read as it was written, byte for byte', () => {
  const text = JSON.stringify(query)
  expect(JSON.stringify(readDcqlQuery(JSON.parse(text)))).toBe(text)
})

test('VP-6-2, VP-6.1-3 leaves out unknown members and defaults that are spelled out', () => {
  const [person] = query.credentials
  const padded = {
    credentials: [
      {
        hint: 1,
        multiple: false,
        require_cryptographic_holder_binding: true,
        ...person,
        meta: { ...person?.meta, x: 1 },
        claims: person?.claims?.map((claim) => ({ ...claim, intent_to_retain: true })),
      },
    ],
    purpose: 'x',
  }
  const read = readDcqlQuery(JSON.parse(JSON.stringify(padded)))
  expect(read).toEqual({ credentials: [person] })
  expect(readDcqlQuery(JSON.parse(JSON.stringify(read)))).toEqual(read)
})

test('VP-6.1-4 asks once for a claim that stands twice in a query', () => {
  const [, x] = query.credentials
  const claims = [
    { path: ['given_name'] },
    { path: ['nationalities', null] },
    { id: 'again', path: ['given_name'] },
  ]
  const read = readDcqlQuery(JSON.parse(JSON.stringify({ credentials: [{ ...x, claims }] })))
  expect(read.credentials[0]?.claims).toEqual([{ path: ['given_name'] }, { path: ['nationalities', null] }])
})

test('VP-6.1-6 several queries may ask for the same', () => {
  const [, x] = query.credentials
  const read = readDcqlQuery(JSON.parse(JSON.stringify({ credentials: [x, { ...x, id: 'y' }] })))
  expect(read.credentials.map(({ id }) => id)).toEqual(['x', 'y'])
})

test('a refusal repeats nothing that the stranger wrote', () => {
  for (const stranger of [
    { credentials: [{ id: '<script>', format: 'dc+sd-jwt', meta: { vct_values: ['a'] } }] },
    { credentials: [{ id: 'a', format: '<script>', meta: {} }] },
    { credentials: [{ id: 'a', format: 'dc+sd-jwt', meta: { vct_values: '<script>' } }] },
    { credentials: '<script>' },
  ]) {
    expect(() => readDcqlQuery(stranger)).toThrow(/^[^<]*$/)
  }
})

test('VP-6-1 a query is an object: as text it would pass by what is refused', () => {
  const text = JSON.stringify({ credentials: [{ id: 'mdl', format: 'mso_mdoc', meta: {} }] })
  expect(outcomeOf(() => readDcqlQuery(JSON.parse(text)))).toBe('feature_unsupported')
  expect(outcomeOf(() => readDcqlQuery(text))).toBe('message_malformed')
})
