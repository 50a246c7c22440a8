import { utf8 } from '@facet-id/credential/base64url'
import { writeJws, writeSigningInput } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import {
  checkSignatures,
  hash,
  keyPairFor,
  outcomeOf,
  seededRandom,
  signerFor,
  type TestSigner,
} from '@facet-id/testkit'
import { expect, test } from 'vitest'
import type { EditionRules } from './edition.ts'
import {
  checksOfTrustList,
  type ExpectedList,
  judgeTrustList,
  readTrustList,
  type TrustList,
  writeTrustList,
} from './trust-list.ts'

const now = 1_800_000_000
const ministry = keyPairFor('ES256')
const stranger = keyPairFor('ES256')
const signer = signerFor('ES256', ministry.privateJwk)
const expected: ExpectedList = {
  list: 'urn:uto:trust',
  environment: 'production',
  keys: [ministry.publicJwk],
}
const list: TrustList = {
  list: 'urn:uto:trust',
  environment: 'production',
  sequence: 7,
  issuedAt: now - 100,
  expiresAt: now + 100,
  rules: {
    issuers: [{ party: { didMethod: 'jwk' }, vcts: 'any' }],
    verifiers: [],
    blocked: [{ id: 'did:jwk:b' }],
  },
}
const rules: EditionRules = { now, skewSeconds: 30, hash }

function signed(
  of: Partial<TrustList> = {},
  by: Pick<TestSigner<'ES256' | 'EdDSA'>, 'alg' | 'sign'> = signer,
): string {
  const input = writeTrustList({ ...list, ...of }, by.alg)
  return writeJws(input, by.sign(utf8(input)))
}

function judge(text: string, given: Partial<EditionRules> = {}, wanted: ExpectedList = expected) {
  const received = readTrustList(text, wanted)
  return judgeTrustList(received, checkSignatures(checksOfTrustList(received)), { ...rules, ...given })
}

function said(...given: Parameters<typeof judge>): string {
  const outcome = judge(...given)
  return outcome.outcome === 'accepted' ? 'accepted' : outcome.code
}

test('TRU-14 a list that was signed by a key known beforehand is read as it was written', () => {
  expect(readTrustList(signed(), expected).list).toEqual(list)
  expect(said(signed())).toBe('accepted')
  const next = keyPairFor('EdDSA')
  const keys = [ministry.publicJwk, next.publicJwk]
  expect(said(signed({}, signerFor('EdDSA', next.privateJwk)), {}, { ...expected, keys })).toBe('accepted')
})

test('TRU-14 a list of anybody else, by another name or for another environment does not count', () => {
  expect(said(signed({}, signerFor('ES256', stranger.privateJwk)))).toBe('signature_invalid')
  expect(said(signed(), {}, { ...expected, keys: [] })).toBe('signature_invalid')
  expect(said(signed({ list: 'urn:uto:trust:2' }))).toBe('other_list')
  expect(said(signed({ environment: 'test' }))).toBe('other_list')
})

test('TRU-15 what was replaced does not come back', () => {
  const first = judge(signed())
  if (first.outcome !== 'accepted') return expect.unreachable()
  const { last } = first
  expect(last.sequence).toBe(7)
  expect(said(signed({ sequence: 8 }), { last })).toBe('accepted')
  expect(said(signed({ sequence: 6 }), { last })).toBe('rolled_back')
  expect(said(signed({ expiresAt: now + 200 }), { last })).toBe('forked')
  const text = signed()
  const again = judge(text, { last })
  // ECDSA signs anew each time, and what is signed stays the same.
  expect(again).toEqual(first)
})

test('TRU-16 a list that has ended, or is of a time to come, is not accepted', () => {
  expect(said(signed({ expiresAt: now }))).toBe('expired')
  expect(said(signed({ issuedAt: now + 30 }))).toBe('accepted')
  expect(said(signed({ issuedAt: now + 31 }))).toBe('not_yet_valid')
})

const payload: JsonObject = { list: 'a', environment: 'b', sequence: 1, iat: 1, exp: 2 }
const typ = 'facet-trust-list+jwt'

function raw(header: JsonObject, body: JsonObject): string {
  return writeJws(writeSigningInput(header, body), new Uint8Array(64))
}

test.each<[string, JsonObject, JsonObject, string]>([
  ['the least there is', { alg: 'ES256', typ }, payload, 'accepted'],
  ['a key that is brought along, and read over', { alg: 'ES256', typ, x5c: ['AA=='] }, payload, 'accepted'],
  ['another kind', { alg: 'ES256', typ: 'JWT' }, payload, 'list_malformed'],
  ['no kind', { alg: 'ES256' }, payload, 'list_malformed'],
  ['no algorithm', { typ, alg: 'none' }, payload, 'list_malformed'],
  ['HMAC', { typ, alg: 'HS256' }, payload, 'list_malformed'],
  [
    'an extension that is critical',
    { alg: 'ES256', typ, crit: ['b64'], b64: false },
    payload,
    'list_malformed',
  ],
  ['a signature of another width', { alg: 'ES512', typ }, payload, 'list_malformed'],
  ['no number', { alg: 'ES256', typ }, { ...payload, sequence: '1' }, 'list_malformed'],
  ['a negative number', { alg: 'ES256', typ }, { ...payload, sequence: -1 }, 'list_malformed'],
  ['an end before the beginning', { alg: 'ES256', typ }, { ...payload, exp: 1 }, 'list_malformed'],
  ['a name with blanks', { alg: 'ES256', typ }, { ...payload, list: 'a b' }, 'list_malformed'],
  ['a member that is not known', { alg: 'ES256', typ }, { ...payload, allow: [] }, 'list_malformed'],
  [
    'a broken rule',
    { alg: 'ES256', typ },
    { ...payload, issuers: [{ party: {}, vcts: [] }] },
    'rule_malformed',
  ],
])('TRU-17 a list with %s', (_, header, body, code) => {
  expect(outcomeOf(() => readTrustList(raw(header, body), expected))).toBe(code)
})

test('TRU-17 any text is read or refused with a code', () => {
  const random = seededRandom('lists')
  const text = signed()
  const codes = ['accepted', 'list_malformed', 'rule_malformed', 'rule_wildcard', 'rule_repeated']
  for (let round = 0; round < 2000; round++) {
    const [at = 0, more = 0, character = 0] = random(3)
    const place = (at * 256 + more) % text.length
    const changed = `${text.slice(0, place)}${String.fromCharCode(33 + (character % 90))}${text.slice(place + (round % 3))}`
    expect(codes).toContain(outcomeOf(() => readTrustList(changed, expected)))
  }
  for (const other of ['', '..', 'a.b.c', 'A'.repeat(5_000_000)])
    expect(outcomeOf(() => readTrustList(other, expected))).toBe('list_malformed')
})

test('TRU-17 what could not be read is not written', () => {
  const writing = (of: Partial<TrustList>) => outcomeOf(() => writeTrustList({ ...list, ...of }, 'ES256'))
  expect(writing({})).toBe('accepted')
  expect(writing({ sequence: 1.5 })).toBe('list_malformed')
  expect(writing({ list: '' })).toBe('list_malformed')
  expect(writing({ rules: { issuers: [], verifiers: [], blocked: [{ id: '*' }] } })).toBe('rule_wildcard')
})
