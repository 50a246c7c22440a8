import { type JsonValue, readJson } from '@facet-id/credential/json'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { TrustError } from './error.ts'
import { readAllowListRules } from './rules.ts'

const vct = 'urn:facet:person:1'
const whole: JsonValue = {
  issuers: [
    { id: 'did:jwk:abc', vcts: [vct] },
    { id: 'https://issuer.example', vcts: 'any' },
  ],
  verifiers: [
    { id: 'decentralized_identifier:did:jwk:abc', claims: [{ vct, paths: [['a', null, 0]] }] },
    { id: 'b', claims: [{ vct, paths: 'any' }] },
    { id: 'c', claims: 'any' },
  ],
}

const ofIssuers = (...issuers: JsonValue[]): JsonValue => ({ issuers, verifiers: [] })
const ofVerifiers = (...verifiers: JsonValue[]): JsonValue => ({ issuers: [], verifiers })

test('reads rules, and the same again from what was read', () => {
  expect(readAllowListRules(whole)).toEqual(whole)
  expect(readAllowListRules(readAllowListRules(whole))).toEqual(whole)
})

test.each<[string, JsonValue, string]>([
  ['nothing', null, 'rule_malformed'],
  ['a list', [], 'rule_malformed'],
  ['no verifiers', { issuers: [] }, 'rule_malformed'],
  ['no issuers', { verifiers: [] }, 'rule_malformed'],
  ['an unknown member', { issuers: [], verifiers: [], issuer: [] }, 'rule_malformed'],
  ['issuers that are no list', { issuers: {}, verifiers: [] }, 'rule_malformed'],
  ['issuers that are "any"', { issuers: 'any', verifiers: [] }, 'rule_malformed'],
  ['an issuer that is only a name', ofIssuers('did:jwk:abc'), 'rule_malformed'],
  ['an issuer without types', ofIssuers({ id: 'a' }), 'rule_malformed'],
  ['an issuer without a name', ofIssuers({ vcts: [vct] }), 'rule_malformed'],
  ['a misspelt member', ofIssuers({ id: 'a', vct: [vct], vcts: [] }), 'rule_malformed'],
  ['an empty name', ofIssuers({ id: '', vcts: [] }), 'rule_malformed'],
  ['a blank in a name', ofIssuers({ id: 'did:jwk:abc ', vcts: [] }), 'rule_malformed'],
  ['an invisible character', ofIssuers({ id: 'did:jwk:a\u200bbc', vcts: [] }), 'rule_malformed'],
  ['a name that is no text', ofIssuers({ id: 1, vcts: [] }), 'rule_malformed'],
  ['a type that is no text', ofIssuers({ id: 'a', vcts: [null] }), 'rule_malformed'],
  ['types that are one text', ofIssuers({ id: 'a', vcts: vct }), 'rule_malformed'],
  ['a wildcard', ofIssuers({ id: '*', vcts: 'any' }), 'rule_wildcard'],
  ['a wildcard within', ofIssuers({ id: 'https://*.example', vcts: 'any' }), 'rule_wildcard'],
  ['a wildcard for types', ofIssuers({ id: 'a', vcts: ['urn:facet:*'] }), 'rule_wildcard'],
  ['an issuer twice', ofIssuers({ id: 'a', vcts: [] }, { id: 'a', vcts: 'any' }), 'rule_repeated'],
  ['a type twice', ofIssuers({ id: 'a', vcts: [vct, vct] }), 'rule_repeated'],
  ['a verifier without claims', ofVerifiers({ id: 'a' }), 'rule_malformed'],
  ['a bare DID as client id', ofVerifiers({ id: 'did:jwk:abc', claims: 'any' }), 'rule_malformed'],
  ['a wildcard for verifiers', ofVerifiers({ id: '*', claims: 'any' }), 'rule_wildcard'],
  ['a verifier twice', ofVerifiers({ id: 'a', claims: [] }, { id: 'a', claims: [] }), 'rule_repeated'],
  ['claims of no type', ofVerifiers({ id: 'a', claims: [{ paths: 'any' }] }), 'rule_malformed'],
  ['claims that are a path', ofVerifiers({ id: 'a', claims: [['x']] }), 'rule_malformed'],
  ['an empty path', ofVerifiers({ id: 'a', claims: [{ vct, paths: [[]] }] }), 'rule_malformed'],
  ['a path that is a text', ofVerifiers({ id: 'a', claims: [{ vct, paths: ['x'] }] }), 'rule_malformed'],
  ['a negative index', ofVerifiers({ id: 'a', claims: [{ vct, paths: [['x', -1]] }] }), 'rule_malformed'],
  ['a wildcard type', ofVerifiers({ id: 'a', claims: [{ vct: '*', paths: 'any' }] }), 'rule_wildcard'],
  [
    'a type twice for a verifier',
    ofVerifiers({
      id: 'a',
      claims: [
        { vct, paths: [] },
        { vct, paths: 'any' },
      ],
    }),
    'rule_repeated',
  ],
])('TRU-5 refuses %s', (_, rules, code) => {
  expect(outcomeOf(() => readAllowListRules(rules))).toBe(code)
})

test('TRU-5 a member called __proto__ is unknown like any other', () => {
  const rules = readJson('{"issuers":[],"verifiers":[],"__proto__":{"issuers":[]}}')
  expect(outcomeOf(() => readAllowListRules(rules))).toBe('rule_malformed')
})

test('TRU-5 says where the broken rule stands, quotes nothing of it, and keeps the cause', () => {
  const secret = 'SPECIMEN'
  try {
    readAllowListRules(ofVerifiers({ id: 'a', claims: [{ vct, paths: [[secret, -1]] }] }))
    expect.unreachable()
  } catch (error) {
    expect(error).toBeInstanceOf(TrustError)
    expect(error).toMatchObject({ code: 'rule_malformed', cause: { code: 'claims_path_malformed' } })
    expect(String(error)).toContain('verifiers[0].claims[0].paths[0]')
    expect(String(error)).not.toContain(secret)
  }
})
