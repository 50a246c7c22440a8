import type { JsonValue } from '@facet-id/credential/json'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { createTrust } from './create-trust.ts'
import type { Evidence } from './decide.ts'
import { readPartyRules } from './party-rules.ts'
import { createRuleSource } from './rule-source.ts'

const vct = 'urn:facet:person:1'
const sha256 = 'A'.repeat(43)
const certificate = {
  anchor: 'registry',
  subject: 'O=Bar',
  sanDns: ['www.bar.gov.example'],
  sanUris: [],
  sha256,
}
const federation = {
  entityId: 'https://bar.example',
  anchor: 'https://anchor.example',
  trustMarks: ['https://mark.example'],
}

function mayIssue(party: JsonValue, issuer: string, evidence: Evidence = {}): string {
  const rules = readPartyRules({ issuers: [{ party, vcts: [vct] }] })
  return createTrust([createRuleSource('rules', rules)], () => 0).mayIssue({ issuer, vct, ...evidence })
    .decision
}

function mayAsk(party: JsonValue, clientId: string, evidence: Evidence = {}): string {
  const rules = readPartyRules({ verifiers: [{ party, claims: 'any' }] })
  return createTrust([createRuleSource('rules', rules)], () => 0).mayAsk({
    clientId,
    claims: [],
    ...evidence,
  }).decision
}

test('DWEB-6 a rule that names a DID with a path is about no other of its domain, and about none above', () => {
  const party = { id: 'did:web:gov.example:registry' }
  expect(mayIssue(party, 'did:web:gov.example:registry')).toBe('trusted')
  for (const other of ['did:web:gov.example', 'did:web:gov.example:museum', 'did:web:gov.example:registry:a'])
    expect(mayIssue(party, other)).toBe('not_trusted')
})

test.each<[JsonValue, string, Evidence, string]>([
  [{ id: 'did:jwk:a' }, 'did:jwk:a', {}, 'trusted'],
  [{ id: 'did:jwk:a' }, 'did:jwk:A', {}, 'not_trusted'],
  [{ id: 'did:jwk:a' }, 'did:jwk:ab', {}, 'not_trusted'],
  [{ didMethod: 'jwk' }, 'did:jwk:anything', {}, 'trusted'],
  [{ didMethod: 'jwk' }, 'did:jwkx:anything', {}, 'not_trusted'],
  [{ didMethod: 'web' }, 'did:webvh:x:gov.example', {}, 'not_trusted'],
  [{ anchor: 'registry' }, 'https://issuer.example', { certificate }, 'trusted'],
  [{ anchor: 'registry' }, 'https://issuer.example', {}, 'not_trusted'],
  [{ anchor: 'other' }, 'https://issuer.example', { certificate }, 'not_trusted'],
  [{ anchor: 'registry', dnsDomain: 'gov.example' }, '', { certificate }, 'trusted'],
  [{ anchor: 'registry', dnsDomain: 'ov.example' }, '', { certificate }, 'not_trusted'],
  [{ certificate: sha256 }, '', { certificate }, 'trusted'],
  [{ certificate: `B${sha256.slice(1)}` }, '', { certificate }, 'not_trusted'],
  [{ federation: 'https://anchor.example' }, 'https://bar.example', { federation }, 'trusted'],
  [{ federation: 'https://anchor.example' }, 'https://bar.example', {}, 'not_trusted'],
  [{ federation: 'https://other.example' }, 'https://bar.example', { federation }, 'not_trusted'],
  [
    { federation: 'https://anchor.example', trustMark: 'https://mark.example' },
    'https://bar.example',
    { federation },
    'trusted',
  ],
  [
    { federation: 'https://anchor.example', trustMark: 'https://mark.example/2' },
    'https://bar.example',
    { federation },
    'not_trusted',
  ],
])('TRU-10 a rule about %j, for %j with %j: %s', (party, issuer, evidence, decision) => {
  expect(mayIssue(party, issuer, evidence)).toBe(decision)
})

test.each([
  ['did:web:gov.example', 'trusted'],
  ['did:web:office.gov.example', 'trusted'],
  ['did:web:office.gov.example:issuers:1', 'trusted'],
  ['did:web:gov.example%3A8443:x', 'trusted'],
  ['did:web:GOV.example', 'trusted'],
  ['did:webvh:QmSCID:gov.example:x', 'trusted'],
  ['did:web:notgov.example', 'not_trusted'],
  ['did:web:gov.example.evil.example', 'not_trusted'],
  ['did:web:evil.example:gov.example', 'not_trusted'],
  ['did:web:evil.example%2F.gov.example', 'not_trusted'],
  ['did:web:evil%2Egov.example', 'not_trusted'],
  ['did:webvh:gov.example:evil.example', 'not_trusted'],
  ['did:jwk:gov.example', 'not_trusted'],
  ['https://gov.example', 'not_trusted'],
])('TRU-12 below gov.example, %s is %s', (issuer, decision) => {
  expect(mayIssue({ didDomain: 'gov.example' }, issuer)).toBe(decision)
  expect(mayAsk({ didDomain: 'gov.example' }, `decentralized_identifier:${issuer}`)).toBe(decision)
})

test('TRU-11 beside a certificate an issuer has no name but those that the anchor vouches for', () => {
  for (const party of [{ id: 'did:web:gov.example' }, { didMethod: 'web' }, { didDomain: 'gov.example' }]) {
    expect(mayIssue(party, 'did:web:gov.example')).toBe('trusted')
    expect(mayIssue(party, 'did:web:gov.example', { certificate })).toBe('not_trusted')
  }
})

test('TRU-11 evidence about another party, and names without their evidence, match nothing', () => {
  const byHash = `x509_hash:${sha256}`
  expect(mayAsk({ anchor: 'registry' }, byHash, { certificate })).toBe('trusted')
  expect(mayAsk({ id: byHash }, byHash, { certificate })).toBe('trusted')
  expect(mayAsk({ id: byHash }, byHash)).toBe('not_trusted')
  expect(mayAsk({ anchor: 'registry' }, 'x509_san_dns:www.bar.gov.example', { certificate })).toBe('trusted')
  expect(mayAsk({ anchor: 'registry' }, 'x509_san_dns:gov.example', { certificate })).toBe('not_trusted')
  expect(mayAsk({ anchor: 'registry' }, `x509_hash:B${sha256.slice(1)}`, { certificate })).toBe('not_trusted')
  expect(mayAsk({ anchor: 'registry' }, 'decentralized_identifier:did:jwk:a', { certificate })).toBe(
    'not_trusted',
  )
  const byFederation = 'openid_federation:https://bar.example'
  expect(mayAsk({ federation: 'https://anchor.example' }, byFederation, { federation })).toBe('trusted')
  expect(mayAsk({ id: byFederation }, byFederation)).toBe('not_trusted')
  expect(mayAsk({ federation: 'https://anchor.example' }, `${byFederation}/x`, { federation })).toBe(
    'not_trusted',
  )
  expect(mayIssue({ federation: 'https://anchor.example' }, 'https://other.example', { federation })).toBe(
    'not_trusted',
  )
  expect(mayAsk({ didMethod: 'jwk' }, 'x509_san_dns:did:jwk:a')).toBe('not_trusted')
})

test('TRU-13 one purpose must cover all that is asked for, and it is told', () => {
  const rules = readPartyRules({
    verifiers: [
      {
        party: { didMethod: 'jwk' },
        purposes: [
          { purpose: 'Proof of age at the bar', claims: [{ vct, paths: [['age_equal_or_over', '18']] }] },
          { purpose: 'Delivery', claims: [{ vct, paths: [['address']] }] },
        ],
      },
    ],
  })
  const trust = createTrust([createRuleSource('register', rules)], () => 0)
  const ask = (...paths: string[][]) =>
    trust.mayAsk({ clientId: 'decentralized_identifier:did:jwk:a', claims: [{ vcts: [vct], paths }] })
  expect(ask(['age_equal_or_over', '18'])).toMatchObject({
    decision: 'trusted',
    purpose: 'Proof of age at the bar',
  })
  expect(ask(['address', 'locality'])).toMatchObject({ decision: 'trusted', purpose: 'Delivery' })
  expect(ask(['address'], ['age_equal_or_over', '18']).decision).toBe('not_trusted')
  expect(ask(['birthdate'])).toEqual({
    decision: 'not_trusted',
    why: 'The verifier is registered, but for no purpose that needs all of these claims.',
  })
})

test('TRU-8 who is blocked is so by any of its names, also where others vouch', () => {
  const vouching = createRuleSource(
    'rules',
    readPartyRules({ issuers: [{ party: { didMethod: 'jwk' }, vcts: 'any' }] }),
  )
  const blocking = createRuleSource(
    'blocked',
    readPartyRules({ blocked: [{ id: 'did:jwk:b' }, { certificate: sha256 }] }),
  )
  expect([vouching.mayBlock, blocking.mayBlock]).toEqual([false, true])
  const trust = createTrust([vouching, blocking], () => 0)
  expect(trust.mayIssue({ issuer: 'did:jwk:a', vct }).decision).toBe('trusted')
  expect(trust.mayIssue({ issuer: 'did:jwk:b', vct })).toEqual({
    decision: 'not_trusted',
    why: 'The party is on a block list.',
  })
  expect(trust.mayAsk({ clientId: `x509_hash:${sha256}`, claims: [], certificate }).decision).toBe(
    'not_trusted',
  )
})

/** Trusts everybody of whom something was proven, but for the one that is blocked. */
function allBut(party: JsonValue) {
  const parties: JsonValue[] = [
    { didMethod: 'web' },
    { didMethod: 'webvh' },
    { didMethod: 'jwk' },
    { anchor: 'registry' },
    { federation: 'https://anchor.example' },
  ]
  const vouching = readPartyRules({
    issuers: parties.map((of) => ({ party: of, vcts: 'any' })),
    verifiers: parties.map((of) => ({ party: of, claims: 'any' })),
  })
  const sources = [
    createRuleSource('rules', vouching),
    createRuleSource('blocks', readPartyRules({ blocked: [party] })),
  ]
  return createTrust(sources, () => 0)
}

test.each([
  ['evil.example', 'did:web:%65vil.example', 'not_trusted'],
  ['evil.example', 'did:web:evil%2eexample', 'not_trusted'],
  ['evil.example', 'did:web:evil%2Eexample%3A8443:x', 'not_trusted'],
  ['evil.example', 'did:web:evil.example.', 'not_trusted'],
  ['evil.example', 'did:webvh:QmSCID:%65vil.example', 'not_trusted'],
  ['evil.example', 'did:web:EVIL.example%3a8443', 'not_trusted'],
  ['evil.example', 'did:web:a.evil.example', 'not_trusted'],
  ['xn--vil-9la.example', 'did:web:%C3%A9vil.example', 'not_trusted'],
  ['xn--vil-9la.example', 'did:web:évil.example', 'not_trusted'],
  ['xn--vil-9la.example', 'did:web:xn--vil-9la.example', 'not_trusted'],
  ['evil.example', 'did:web:good.example:%65vil.example', 'trusted'],
  ['evil.example', 'did:web:notevil.example%3A8443', 'trusted'],
  ['evil.example', 'did:jwk:%65vil.example', 'trusted'],
])('TRU-31 beside a block of the domain %s, %s is %s', (didDomain, did, decision) => {
  const trust = allBut({ didDomain })
  expect(trust.mayIssue({ issuer: did, vct }).decision).toBe(decision)
  expect(trust.mayAsk({ clientId: `decentralized_identifier:${did}`, claims: [] }).decision).toBe(decision)
})

test('TRU-31 a block is about the name that an issuer claims beside its evidence', () => {
  const issues = (party: JsonValue, issuer: string, evidence: Evidence) =>
    allBut(party).mayIssue({ issuer, vct, ...evidence }).decision
  const evil = 'https://evil.example'
  expect(issues({ id: evil }, evil, { certificate })).toBe('not_trusted')
  expect(issues({ id: evil }, 'https://good.example', { certificate })).toBe('trusted')
  const byHash = `x509_hash:${sha256}`
  const claims = (claimed: string) =>
    allBut({ id: evil }).mayIssue({ issuer: byHash, claimed, vct, certificate })
  expect(claims(evil).decision).toBe('not_trusted')
  expect(claims('https://good.example').decision).toBe('trusted')
  expect(issues({ id: evil }, '', { certificate: { ...certificate, sanUris: [evil] } })).toBe('not_trusted')
  expect(issues({ didMethod: 'web' }, 'did:web:evil.example', { certificate })).toBe('not_trusted')
  expect(issues({ id: federation.entityId }, federation.entityId, { federation })).toBe('not_trusted')
  expect(issues({ federation: federation.anchor }, 'did:jwk:a', { federation })).toBe('not_trusted')
})

test('TRU-31 a block is about a party as issuer and as verifier, with the prefix of a client id or without', () => {
  const asks = (id: string, clientId: string, evidence: Evidence = {}) =>
    allBut({ id }).mayAsk({ clientId, claims: [], ...evidence }).decision
  expect(asks('did:jwk:abc', 'decentralized_identifier:did:jwk:abc')).toBe('not_trusted')
  expect(asks('decentralized_identifier:did:jwk:abc', 'decentralized_identifier:did:jwk:abc')).toBe(
    'not_trusted',
  )
  expect(asks('did:jwk:abc', 'decentralized_identifier:did:jwk:abcd')).toBe('trusted')
  const member = `openid_federation:${federation.entityId}`
  expect(asks('https://bar.example', member, { federation })).toBe('not_trusted')
  expect(asks(member, member, { federation })).toBe('not_trusted')
  expect(asks('https://other.example', member, { federation })).toBe('trusted')
  const issuer = { issuer: 'did:jwk:abc', vct }
  expect(allBut({ id: 'decentralized_identifier:did:jwk:abc' }).mayIssue(issuer).decision).toBe('not_trusted')
})

test.each([
  ['https://evil.example/a', 'https://EVIL.example/a/', 'not_trusted'],
  ['https://evil.example', 'https://evil.example:443', 'not_trusted'],
  ['https://evil.example', 'https://evil.example/a', 'trusted'],
  ['did:web:evil.example:a', 'did:web:Evil.example:%61', 'not_trusted'],
  ['did:web:evil.example%3A8443:a', 'did:web:evil.example%3a8443:a', 'not_trusted'],
  ['did:web:evil.example', 'did:web:evil.example%3A443', 'not_trusted'],
  ['did:web:evil.example:%FF', 'did:web:evil.example:%ff', 'not_trusted'],
  ['did:web:evil.example', 'did:web:evil.example:a', 'trusted'],
  ['did:jwk:abc', 'did:jwk:ABC', 'trusted'],
])('TRU-31 beside a block of %s, %s is %s', (id, issuer, decision) => {
  const trust = allBut({ id })
  expect(trust.mayIssue({ issuer, vct, certificate }).decision).toBe(decision)
})

test('TRU-31 a wildcard of a certificate is blocked with the domain that it covers', () => {
  const asks = (dnsDomain: string, host: string) =>
    allBut({ anchor: 'registry', dnsDomain }).mayIssue({
      issuer: '',
      vct,
      certificate: { ...certificate, sanDns: [host] },
    }).decision
  expect(asks('evil.example', '*.evil.example')).toBe('not_trusted')
  expect(asks('www.evil.example', '*.evil.example')).toBe('not_trusted')
  expect(asks('evil.example', '*.good.example')).toBe('trusted')
})

test('TRU-33 a source names those that a rule trusts by their id, and no others', () => {
  const source = createRuleSource(
    'rules',
    readPartyRules({
      issuers: [
        { party: { id: 'https://issuer.example' }, vcts: [vct] },
        { party: { didMethod: 'web' }, vcts: [vct] },
        { party: { federation: 'https://anchor.example' }, vcts: [vct] },
      ],
      verifiers: [{ party: { id: 'https://verifier.example' }, claims: 'any' }],
      blocked: [{ id: 'https://evil.example' }],
    }),
  )
  const names = (issuer: string) => source.namesIssuer?.(issuer)
  expect(names('https://issuer.example')).toBe(true)
  for (const other of ['issuer.example/', 'verifier.example', 'evil.example', 'anchor.example'])
    expect(names(`https://${other}`)).toBe(false)
})

test('TRU-7 rules that change later change nothing, and broken ones make no source', () => {
  const vcts: string[] = []
  const source = createRuleSource('rules', {
    issuers: [{ party: { id: 'did:jwk:a' }, vcts }],
    verifiers: [],
    blocked: [],
  })
  vcts.push(vct)
  expect(createTrust([source], () => 0).mayIssue({ issuer: 'did:jwk:a', vct }).decision).toBe('not_trusted')
  const broken = { issuers: [{ party: { id: '' }, vcts }], verifiers: [], blocked: [] }
  expect(outcomeOf(() => createRuleSource('rules', broken))).toBe('rule_malformed')
})

const rule = (party: JsonValue): JsonValue => ({ issuers: [{ party, vcts: [] }] })

test.each<[string, JsonValue, string]>([
  ['a party that is a text', rule('did:jwk:a'), 'rule_malformed'],
  ['nobody', rule({}), 'rule_malformed'],
  ['two at once', rule({ id: 'a', didMethod: 'jwk' }), 'rule_malformed'],
  ['a domain of an id', rule({ id: 'a', dnsDomain: 'b' }), 'rule_malformed'],
  ['an unknown member', rule({ did: 'a' }), 'rule_malformed'],
  ['a domain with a wildcard', rule({ didDomain: '*.example' }), 'rule_wildcard'],
  ['a domain with a dot in front', rule({ didDomain: '.example' }), 'rule_malformed'],
  ['a domain in capitals', rule({ didDomain: 'GOV.example' }), 'rule_malformed'],
  ['a domain with a port', rule({ didDomain: 'gov.example:8443' }), 'rule_malformed'],
  ['a method with its colon', rule({ didMethod: 'jwk:' }), 'rule_malformed'],
  ['a certificate in hexadecimal', rule({ certificate: 'ab'.repeat(32) }), 'rule_malformed'],
  [
    'a party twice',
    {
      blocked: [
        { anchor: 'a', dnsDomain: 'b' },
        { dnsDomain: 'b', anchor: 'a' },
      ],
    },
    'rule_repeated',
  ],
  [
    'a bare DID as client id',
    { verifiers: [{ party: { id: 'did:jwk:a' }, claims: 'any' }] },
    'rule_malformed',
  ],
  ['neither claims nor purposes', { verifiers: [{ party: { didMethod: 'a' } }] }, 'rule_malformed'],
  ['both', { verifiers: [{ party: { didMethod: 'a' }, claims: 'any', purposes: [] }] }, 'rule_malformed'],
  ['no purpose', { verifiers: [{ party: { didMethod: 'a' }, purposes: [] }] }, 'rule_malformed'],
  [
    'an empty purpose',
    { verifiers: [{ party: { didMethod: 'a' }, purposes: [{ purpose: ' ', claims: 'any' }] }] },
    'rule_malformed',
  ],
  [
    'a purpose that a terminal would obey',
    { verifiers: [{ party: { didMethod: 'a' }, purposes: [{ purpose: '\u001b[2J', claims: 'any' }] }] },
    'rule_malformed',
  ],
])('TRU-5, TRU-10 refuses %s', (_, rules, code) => {
  expect(outcomeOf(() => readPartyRules(rules))).toBe(code)
})
