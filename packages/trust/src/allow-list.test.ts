import type { ClaimsPath } from '@facet-id/credential/sd-jwt'
import { expect, test } from 'vitest'
import { createAllowList } from './allow-list.ts'
import type { ClaimsRule } from './rules.ts'

const issuer = 'did:jwk:eyJrIjoxfQ'
const clientId = 'decentralized_identifier:did:jwk:eyJrIjoyfQ'
const person = 'urn:facet:person:1'

const trust = createAllowList({
  issuers: [
    { id: issuer, vcts: [person] },
    { id: 'did:jwk:bm9uZQ', vcts: [] },
    { id: 'https://issuer.example', vcts: 'any' },
  ],
  verifiers: [
    { id: clientId, claims: [{ vct: person, paths: [['address'], ['nationalities', null]] }] },
    { id: 'anything.example', claims: 'any' },
  ],
})

function mayAsk(paths: readonly ClaimsPath[], vcts: readonly string[] = [person]): string {
  return trust.mayAsk({ clientId, claims: [{ vcts, paths }] }).decision
}

test('TRU-1 an empty list trusts nobody', () => {
  const nobody = createAllowList({ issuers: [], verifiers: [] })
  expect(nobody.mayIssue({ issuer, vct: person }).decision).toBe('not_trusted')
  expect(nobody.mayAsk({ clientId, claims: [] }).decision).toBe('not_trusted')
})

test('TRU-1 who is not on the list is not trusted', () => {
  expect(trust.mayIssue({ issuer: 'did:jwk:eyJrIjozfQ', vct: person }).decision).toBe('not_trusted')
  expect(trust.mayAsk({ clientId: 'decentralized_identifier:did:jwk:x', claims: [] }).decision).toBe(
    'not_trusted',
  )
})

test('TRU-1 being listed as an issuer is no leave to ask, nor the other way round', () => {
  expect(trust.mayAsk({ clientId: 'https://issuer.example', claims: [] }).decision).toBe('not_trusted')
  expect(trust.mayIssue({ issuer: 'anything.example', vct: person }).decision).toBe('not_trusted')
})

test('TRU-2 trusts an issuer for the types beside its name, and for no other', () => {
  expect(trust.mayIssue({ issuer, vct: person }).decision).toBe('trusted')
  expect(trust.mayIssue({ issuer, vct: 'urn:facet:licence:1' }).decision).toBe('not_trusted')
  expect(trust.mayIssue({ issuer: 'did:jwk:bm9uZQ', vct: person }).decision).toBe('not_trusted')
})

test('TRU-2 trusts an issuer for any type where the rule says so, and a type named "any" is none of them', () => {
  expect(trust.mayIssue({ issuer: 'https://issuer.example', vct: 'urn:anything' }).decision).toBe('trusted')
  const one = createAllowList({ issuers: [{ id: issuer, vcts: ['any'] }], verifiers: [] })
  expect(one.mayIssue({ issuer, vct: person }).decision).toBe('not_trusted')
})

test.each([
  'did:jwk:eyJrIjoxfQ#0',
  'did:jwk:eyJrIjoxf',
  'DID:jwk:eyJrIjoxfQ',
  'did:jwk:EYJRIJOXFQ',
  'did:jwk:eyJrIjoxfQ ',
  '',
  'constructor',
  '__proto__',
])('TRU-3 an issuer called %j is another issuer', (name) => {
  expect(trust.mayIssue({ issuer: name, vct: person }).decision).toBe('not_trusted')
})

test('TRU-3 names of verifiers and of types are compared as text too', () => {
  expect(trust.mayAsk({ clientId: 'decentralized_identifier:DID:jwk:eyJrIjoyfQ', claims: [] }).decision).toBe(
    'not_trusted',
  )
  expect(trust.mayAsk({ clientId: 'did:jwk:eyJrIjoyfQ', claims: [] }).decision).toBe('not_trusted')
  expect(trust.mayIssue({ issuer, vct: 'URN:facet:person:1' }).decision).toBe('not_trusted')
  expect(trust.mayIssue({ issuer: 'https://issuer.example/', vct: person }).decision).toBe('not_trusted')
})

test.each<[readonly ClaimsPath[], string]>([
  [[], 'trusted'],
  [[['address']], 'trusted'],
  [[['address', 'locality']], 'trusted'],
  [[['nationalities', null]], 'trusted'],
  [[['nationalities', 0]], 'trusted'],
  [
    [
      ['address', 'locality'],
      ['nationalities', 3],
    ],
    'trusted',
  ],
  [[['nationalities']], 'not_trusted'],
  [[['nationalities', 'x']], 'not_trusted'],
  [[['birthdate']], 'not_trusted'],
  [[['addres']], 'not_trusted'],
  [[['address'], ['birthdate']], 'not_trusted'],
  [[[null]], 'not_trusted'],
  [[[0]], 'not_trusted'],
])('TRU-4 a verifier that asks for %j is %s', (paths, decision) => {
  expect(mayAsk(paths)).toBe(decision)
})

test('TRU-4 a wildcard that is asked for is not allowed by a rule about one element', () => {
  const first = createAllowList({
    issuers: [],
    verifiers: [{ id: clientId, claims: [{ vct: person, paths: [['nationalities', 0]] }] }],
  })
  const ask = (path: ClaimsPath) =>
    first.mayAsk({ clientId, claims: [{ vcts: [person], paths: [path] }] }).decision
  expect(ask(['nationalities', 0])).toBe('trusted')
  expect(ask(['nationalities', null])).toBe('not_trusted')
})

test('TRU-4 every type that the verifier would take must be allowed, and it must name one', () => {
  expect(mayAsk([['address']], [person, 'urn:facet:licence:1'])).toBe('not_trusted')
  expect(mayAsk([['address']], [])).toBe('not_trusted')
})

test('TRU-4 one query that is not allowed spoils the request', () => {
  const allowed = { vcts: [person], paths: [['address']] }
  const claims = [allowed, { vcts: [person], paths: [['birthdate']] }]
  expect(trust.mayAsk({ clientId, claims: [allowed] }).decision).toBe('trusted')
  expect(trust.mayAsk({ clientId, claims }).decision).toBe('not_trusted')
})

test('TRU-4 any claims are allowed only where the rule says so: of a type, or at all', () => {
  const ofPerson = createAllowList({
    issuers: [],
    verifiers: [{ id: clientId, claims: [{ vct: person, paths: 'any' }] }],
  })
  const ask = (vct: string) =>
    ofPerson.mayAsk({ clientId, claims: [{ vcts: [vct], paths: [['x']] }] }).decision
  expect(ask(person)).toBe('trusted')
  expect(ask('urn:facet:licence:1')).toBe('not_trusted')
  const anything = { clientId: 'anything.example', claims: [{ vcts: ['urn:x'], paths: [['y']] }] }
  expect(trust.mayAsk(anything).decision).toBe('trusted')
})

test('TRU-6 words tell apart who is not listed from what is not allowed, and quote nobody', () => {
  const stranger = 'did:jwk:SPECIMEN'
  const decisions = [
    trust.mayIssue({ issuer: stranger, vct: person }),
    trust.mayIssue({ issuer, vct: stranger }),
    trust.mayIssue({ issuer, vct: person }),
    trust.mayIssue({ issuer: 'https://issuer.example', vct: stranger }),
    trust.mayAsk({ clientId: stranger, claims: [] }),
    trust.mayAsk({ clientId, claims: [{ vcts: [stranger], paths: [[stranger]] }] }),
    trust.mayAsk({ clientId, claims: [] }),
    trust.mayAsk({ clientId: 'anything.example', claims: [] }),
  ]
  const words = decisions.map(({ why }) => why)
  expect(new Set(words).size).toBe(words.length)
  for (const why of words) {
    expect(why).toMatch(/^The (issuer|verifier) is .+\.$/)
    expect(why).not.toContain('SPECIMEN')
  }
})

test('TRU-7 rules that change later change nothing', () => {
  const paths: ClaimsPath[] = [['address']]
  const claims: ClaimsRule[] = [{ vct: person, paths }]
  const vcts = [person]
  const issuers = [{ id: issuer, vcts }]
  const list = createAllowList({ issuers, verifiers: [{ id: clientId, claims }] })
  vcts.push('urn:facet:licence:1')
  issuers.push({ id: 'did:jwk:later', vcts })
  paths.push(['birthdate'])
  claims.push({ vct: 'urn:facet:licence:1', paths: [] })
  expect(list.mayIssue({ issuer, vct: 'urn:facet:licence:1' }).decision).toBe('not_trusted')
  expect(list.mayIssue({ issuer: 'did:jwk:later', vct: person }).decision).toBe('not_trusted')
  expect(list.mayAsk({ clientId, claims: [{ vcts: [person], paths: [['birthdate']] }] }).decision).toBe(
    'not_trusted',
  )
})
