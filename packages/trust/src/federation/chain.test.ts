import type { JsonObject } from '@facet-id/credential/json'
import { checkSignatures, outcomeOf, seededRandom } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import {
  beginFederation,
  checksOfFederation,
  type FederationOutcome,
  type FederationRules,
  judgeFederation,
} from './chain.ts'
import { entityConfigurationUrl } from './entity-id.ts'
import { readEntityStatement, readKeys } from './entity-statement.ts'
import { entity, now } from './federation.test-support.ts'

const [leaf, middle, anchor, stranger] = [
  entity('https://issuer.bar.example/uto'),
  entity('https://intermediate.example'),
  entity('https://anchor.example'),
  entity('https://stranger.example'),
]
const metadata = {
  openid_credential_issuer: { credential_issuer: 'https://issuer.bar.example', scopes: ['a', 'b'] },
}
const own = leaf.configuration({ authority_hints: [middle.id], metadata })
const chain = [own, middle.about(leaf), anchor.about(middle), anchor.configuration()]
const rules: FederationRules = {
  anchors: [{ entityId: anchor.id, keys: readKeys(anchor.jwks, 'jwks') }],
  subject: leaf.id,
  now,
  skewSeconds: 30,
}

function judge(statements: readonly string[], given: Partial<FederationRules> = {}): FederationOutcome {
  const judgement = beginFederation(statements, { ...rules, ...given })
  return judgeFederation(judgement, checkSignatures(checksOfFederation(judgement)))
}

function said(...given: Parameters<typeof judge>): string {
  const outcome = judge(...given)
  return outcome.outcome === 'proven' ? 'proven' : `${outcome.code} ${outcome.at}`
}

const through = (
  ofLeaf: JsonObject = {},
  byMiddle: JsonObject = {},
  byAnchor: JsonObject = {},
): readonly string[] => [
  leaf.configuration({ authority_hints: [middle.id], metadata, ...ofLeaf }),
  middle.about(leaf, byMiddle),
  anchor.about(middle, byAnchor),
]

test('FED-10.2-1, FED-10.4-1 a chain proves the entity, its metadata and its keys, until the first end', () => {
  const outcome = judge([
    own,
    middle.about(leaf, { exp: now + 50 }),
    anchor.about(middle),
    anchor.configuration(),
  ])
  expect(outcome).toMatchObject({
    outcome: 'proven',
    entityId: leaf.id,
    anchor: anchor.id,
    metadata,
    trustMarks: [],
    anchorClaims: { sub: anchor.id },
    validUntil: now + 50,
  })
  expect(said(chain.slice(0, 3))).toBe('proven')
  expect(said([leaf.configuration({ authority_hints: [anchor.id] }), anchor.about(leaf)])).toBe('proven')
})

test('FED-10.2-1 another entity, another order, another anchor: refused', () => {
  expect(said(chain, { subject: middle.id })).toBe('other_subject 0')
  expect(said(chain.slice(1))).toBe('other_subject 0')
  expect(said([own, anchor.about(middle), middle.about(leaf)])).toBe('order_wrong 1')
  expect(said([own, middle.about(leaf), anchor.about(stranger)])).toBe('order_wrong 2')
  expect(said([own, middle.about(leaf), middle.configuration(), anchor.about(middle)])).toBe('order_wrong 2')
  expect(said(chain, { anchors: [] })).toBe('anchor_unknown 2')
  expect(said([own, middle.about(leaf), stranger.about(middle)])).toBe('anchor_unknown 2')
  expect(said([own, middle.about(leaf)])).toBe('anchor_unknown 1')
  expect(said(chain, { anchors: [{ entityId: anchor.id, keys: readKeys(stranger.jwks, 'jwks') }] })).toBe(
    'key_unknown 0',
  )
})

test('FED-3.2-2 a superior whom the subject does not name is none', () => {
  expect(said([leaf.configuration({ metadata }), ...chain.slice(1)])).toBe('order_wrong 1')
  expect(said([leaf.configuration({ authority_hints: [stranger.id] }), ...chain.slice(1)])).toBe(
    'order_wrong 1',
  )
})

test('FED-3.2-3 statements of yesterday and tomorrow', () => {
  expect(said(through({}, { exp: now }))).toBe('expired 1')
  expect(said(through({}, {}, { iat: now + 31 }))).toBe('not_yet_valid 2')
  expect(said(through({ iat: now + 30 }))).toBe('proven')
  expect(said([...chain.slice(0, 3), anchor.configuration({ exp: now - 1 })])).toBe('expired 3')
})

test('FED-3.2-4 each statement is signed with a key that its superior names', () => {
  const changed = (text: string): string =>
    `${text.slice(0, -8)}${text.endsWith('AAAAAAAA') ? 'BBBBBBBB' : 'AAAAAAAA'}`
  for (const at of chain.keys()) {
    const broken = chain.with(at, changed(chain[at] ?? ''))
    expect(['signature_invalid 0', `unreadable ${at}`]).toContain(said(broken))
  }
  expect(said([own, middle.about(leaf, { jwks: stranger.jwks }), anchor.about(middle)])).toBe('key_unknown 0')
  const kid = String(readEntityStatement(own).kid)
  const forged = { keys: [{ ...(stranger.jwks.keys as JsonObject[])[0], kid }] }
  expect(said([own, middle.about(leaf, { jwks: forged }), anchor.about(middle)])).toBe('signature_invalid 0')
  const judgement = beginFederation(chain, rules)
  expect(checksOfFederation(judgement)).toHaveLength(5)
  expect(outcomeOf(() => judgeFederation(judgement, ['valid']))).toBe('not_ready')
})

test('FED-10.2-2 chains that are too long or go round', () => {
  expect(said([own])).toBe('unreadable 0')
  expect(said(Array.from({ length: 9 }, () => own))).toBe('unreadable 0')
  expect(said([own, middle.about(leaf), anchor.about(middle), middle.about(anchor)])).toBe('order_wrong 0')
})

test.each<[string, string, JsonObject, JsonObject]>([
  ['FED-3.2-1', 'another kind', {}, { typ: 'JWT' }],
  ['FED-3.2-1', 'no algorithm', {}, { alg: 'none' }],
  ['FED-3.2-1', 'a key of its own', {}, { jwk: {} }],
  ['FED-3.2-4', 'no key named', {}, { kid: '' }],
  ['FED-3.1-1', 'no keys', { jwks: { keys: [] } }, {}],
  ['FED-3.1-1', 'keys without kid', { jwks: { keys: [{ kty: 'EC' }] } }, {}],
  [
    'FED-3.1-1',
    'a kid twice',
    {
      jwks: {
        keys: [
          { kty: 'EC', kid: '1' },
          { kty: 'RSA', kid: '1' },
        ],
      },
    },
    {},
  ],
  ['FED-3.1-1', 'a private key', { jwks: { keys: [{ kty: 'EC', kid: '1', d: 'x' }] } }, {}],
  ['FED-3.1-1', 'no end', { exp: null }, {}],
  ['FED-3.1-1', 'an issuer that is no https URL', { iss: 'http://issuer.bar.example/uto' }, {}],
  ['FED-3.2-5', 'claims that must be understood', { crit: ['x'] }, {}],
  ['FED-3.2-5', 'a policy about itself', { metadata_policy: {} }, {}],
  ['FED-3.2-5', 'constraints on itself', { constraints: {} }, {}],
  ['FED-3.2-5', 'metadata that is null', { metadata: { a: null } }, {}],
  ['FED-3.2-5', 'a parameter that is null', { metadata: { a: { b: null } } }, {}],
  ['FED-3.2-5', 'hints that are none', { authority_hints: [] }, {}],
])(
  'FED-3.1-1, FED-3.2-1, FED-3.2-4, FED-3.2-5 %s: a statement with %s is not read',
  (_, __, claims, header) => {
    expect(outcomeOf(() => readEntityStatement(leaf.configuration(claims, header)))).toBe(
      'statement_malformed',
    )
  },
)

test.each(['trust_chain', 'peer_trust_chain'])(
  'FED-4.3-1 a statement with %s in its header is not read',
  (name) => {
    for (const statement of [
      leaf.configuration({}, { [name]: [] }),
      middle.about(leaf, {}, { [name]: ['a.b.c'] }),
    ])
      expect(outcomeOf(() => readEntityStatement(statement))).toBe('statement_malformed')
  },
)

test.each([
  'authority_hints',
  'trust_anchor_hints',
  'trust_marks',
  'trust_mark_issuers',
  'trust_mark_owners',
])('FED-3.2-5 %s is not said of another', (name) => {
  expect(outcomeOf(() => readEntityStatement(middle.about(leaf, { [name]: ['x'] })))).toBe(
    'statement_malformed',
  )
})

test('FED-3.2-1 any text is read, or refused with a code', () => {
  const random = seededRandom('statements')
  const codes = ['accepted', 'statement_malformed', 'policy_malformed']
  for (let round = 0; round < 1000; round++) {
    const [a = 0, b = 0, c = 0] = random(3)
    const at = (a * 256 + b) % own.length
    const text = `${own.slice(0, at)}${String.fromCharCode(33 + (c % 90))}${own.slice(at + 1)}`
    expect(codes).toContain(outcomeOf(() => readEntityStatement(text)))
  }
})

test('FED-9-1 the configuration lies behind the path', () => {
  expect(entityConfigurationUrl('https://a.example')).toBe('https://a.example/.well-known/openid-federation')
  expect(entityConfigurationUrl('https://a.example/b/')).toBe(
    'https://a.example/b/.well-known/openid-federation',
  )
})

test.each<[string, JsonObject, JsonObject, string]>([
  ['no limit below the anchor', {}, {}, 'proven'],
  ['one intermediate where one is allowed', {}, { max_path_length: 1 }, 'proven'],
  ['one intermediate where none is', {}, { max_path_length: 0 }, 'constraint_broken 2'],
  ['none below the intermediate', { max_path_length: 0 }, {}, 'proven'],
  [
    'all hosts within',
    {},
    { naming_constraints: { permitted: ['.bar.example', 'intermediate.example'] } },
    'proven',
  ],
  [
    'the subject outside',
    {},
    { naming_constraints: { permitted: ['intermediate.example'] } },
    'constraint_broken 2',
  ],
  [
    'the intermediate outside',
    {},
    { naming_constraints: { permitted: ['.bar.example'] } },
    'constraint_broken 2',
  ],
  ['only the subject bound', { naming_constraints: { permitted: ['.bar.example'] } }, {}, 'proven'],
  [
    'a domain that does not include itself',
    { naming_constraints: { permitted: ['.issuer.bar.example'] } },
    {},
    'constraint_broken 1',
  ],
  [
    'a host that is not a domain',
    { naming_constraints: { permitted: ['bar.example'] } },
    {},
    'constraint_broken 1',
  ],
  [
    'what is excluded wins',
    { naming_constraints: { permitted: ['issuer.bar.example'], excluded: ['.example'] } },
    {},
    'constraint_broken 1',
  ],
  ['nothing permitted', { naming_constraints: { permitted: [] } }, {}, 'constraint_broken 1'],
  ['a negative length', { max_path_length: -1 }, {}, 'unreadable 1'],
  ['a domain that is none', { naming_constraints: { excluded: ['*.example'] } }, {}, 'unreadable 1'],
  ['federation_entity among the types', { allowed_entity_types: ['federation_entity'] }, {}, 'unreadable 1'],
  ['a constraint that is not known', { max_age: 1 }, {}, 'proven'],
])('FED-6.2-1 %s', (_, byMiddle, byAnchor, expected) => {
  expect(said(through({}, { constraints: byMiddle }, { constraints: byAnchor }))).toBe(expected)
})

test('FED-6.2-1, FED-6.1-2 first the superior, then the allowed types, then the policy', () => {
  const outcome = judge(
    through(
      { metadata: { ...metadata, openid_credential_verifier: { x: 1 }, federation_entity: { name: 'Bar' } } },
      {
        metadata: {
          openid_credential_issuer: { scopes: ['b', 'c'], contacts: ['a'] },
          openid_wallet_provider: { y: 1 },
        },
        metadata_policy: { openid_credential_issuer: { scopes: { subset_of: ['c', 'd'] } } },
      },
      {
        constraints: { allowed_entity_types: ['openid_credential_issuer', 'openid_wallet_provider'] },
        metadata_policy: { openid_credential_verifier: { x: { value: 2 } } },
      },
    ),
  )
  expect(outcome).toMatchObject({
    metadata: {
      openid_credential_issuer: {
        credential_issuer: 'https://issuer.bar.example',
        scopes: ['c'],
        contacts: ['a'],
      },
      federation_entity: { name: 'Bar' },
    },
  })
  expect(outcome).not.toHaveProperty('metadata.openid_credential_verifier')
  expect(outcome).not.toHaveProperty('metadata.openid_wallet_provider')
})

test('FED-6.1-4 a policy that cannot be obeyed refuses the chain, in words that quote nothing', () => {
  const policy = { openid_credential_issuer: { SPECIMEN: { essential: true } } }
  const outcome = judge(through({}, {}, { metadata_policy: policy }))
  expect(outcome).toMatchObject({ outcome: 'refused', code: 'metadata_invalid' })
  expect(JSON.stringify(outcome)).not.toContain('SPECIMEN')
  expect(said(through({}, { metadata_policy: {}, metadata_policy_crit: ['regexp'] }))).toBe(
    'metadata_invalid 0',
  )
})
