import type { JsonObject, JsonValue } from '@facet-id/credential/json'
import type { ClaimPlace } from '@facet-id/credential/sd-jwt'
import { readDcqlQuery } from '@facet-id/protocol/openid4vp'
import { createHeldIndex } from '@facet-id/protocol/openid4vp/dcql'
import { outcomeOf } from '@facet-id/testkit'
import { type AskedClaims, createRuleSource, createTrust, readPartyRules, type Trust } from '@facet-id/trust'
import { expect, test } from 'vitest'
import type { ShelvedCredential } from '../shelf/shelf-index-store.ts'
import { chosenItems } from './choice.ts'
import { consent, type PresentationChoice } from './consent.ts'

const clientId = 'decentralized_identifier:did:example:bar'
const trusting: Pick<Trust, 'mayAsk'> = { mayAsk: () => ({ decision: 'trusted', why: 'It is on the list.' }) }

interface Shelved {
  readonly claims?: JsonObject
  /** Claims that can be withheld: all of the top, unless told. */
  readonly disclosable?: readonly ClaimPlace[]
  readonly unused?: number
  readonly receivedAt?: number
  readonly bound?: boolean
}

function shelved(id: string, vct: string, more: Shelved = {}): ShelvedCredential {
  const { claims = { name: 'Anna', age: 34 }, unused = 2, receivedAt = 1, bound = true } = more
  return {
    id,
    vct,
    claims,
    hasHolderKey: bound,
    record: {
      credentialId: id,
      credentialIssuer: 'https://issuer.example',
      issuer: 'did:example:issuer',
      vct,
      configurationId: 'c',
      receivedAt,
    },
    disclosable: more.disclosable ?? Object.keys(claims).map((name) => [name]),
    signedWith: bound ? { issuer: 'ES256', holder: 'ES256' } : { issuer: 'ES256' },
    unused,
  }
}

function asked(id: string, vct: string, more: object = {}): object {
  return { id, format: 'dc+sd-jwt', meta: { vct_values: [vct] }, claims: [{ path: ['name'] }], ...more }
}

function asking(query: object, held: readonly ShelvedCredential[], trust = trusting) {
  const dcql_query = readDcqlQuery(JSON.parse(JSON.stringify(query)) as JsonValue)
  const request = { asker: { clientId }, dcql_query, response_uri: 'https://bar.example/responses/1' }
  return consent(request, createHeldIndex(held), trust)
}

const credentialsIn = (items: readonly { queryId: string; credentialId: string }[]): readonly string[] =>
  items.map(({ queryId, credentialId }) => `${queryId}:${credentialId}`)

const three = [shelved('p', 'person'), shelved('l', 'licence'), shelved('s', 'student')]
const threeAsked = [asked('a', 'person'), asked('b', 'licence'), asked('c', 'student')]

test('CON-1 tells who asks and how that is proven, and each claim asked beside what is held', () => {
  const ask = asking(
    { credentials: [asked('a', 'person', { claims: [{ path: ['name'], values: ['Anna'] }] })] },
    three,
  )
  expect(ask).toMatchObject({
    verifier: clientId,
    provenBy: 'did',
    responseUri: 'https://bar.example/responses/1',
  })
  expect(ask.queries).toMatchObject([
    { queryId: 'a', vcts: ['person'], claims: [{ path: ['name'], values: ['Anna'] }], multiple: false },
  ])
  expect(ask.queries[0]?.candidates).toEqual(ask.items)
  expect(ask.items).toEqual([
    {
      queryId: 'a',
      credentialId: 'p',
      issuer: 'did:example:issuer',
      vct: 'person',
      discloses: [{ path: ['name'], value: 'Anna' }],
      goesAlong: [],
      isBound: true,
      copiesLeft: 1,
    },
  ])
  expect(ask.warnings).toEqual([])
})

test('CON-1 is a pure function: asked again it says the same, and what it was given is as it was', () => {
  const before = JSON.stringify(three)
  const query = { credentials: threeAsked, credential_sets: [{ options: [['a', 'b'], ['c']] }] }
  expect(asking(query, three)).toEqual(asking(query, three))
  expect(JSON.stringify(three)).toBe(before)
})

test.each([
  ['x509_san_dns:bar.example', 'certificate'],
  ['x509_hash:abc', 'certificate'],
  ['openid_federation:https://bar.example', 'federation'],
  ['verifier_attestation:bar', 'attestation'],
  ['bar', 'registration'],
  ['redirect_uri:https://bar.example', 'nothing'],
  ['constructor:bar', 'nothing'],
])('CON-1 of %s it says that it is proven by %s', (id, provenBy) => {
  const dcql_query = readDcqlQuery({ credentials: [asked('a', 'person')] } as JsonObject)
  const request = {
    asker: { clientId: id, isSigned: true } as const,
    dcql_query,
    response_uri: 'https://bar.example/1',
  }
  const ask = consent(request, createHeldIndex(three), trusting)
  expect(ask.provenBy).toBe(provenBy)
  expect(ask.warnings.some(({ code }) => code === 'verifier_unproven')).toBe(provenBy === 'nothing')
})

test('CON-13 of a registered name over an unsigned request it says that nothing proves it, whatever is said of the name', () => {
  const dcql_query = readDcqlQuery({ credentials: [asked('a', 'person')] } as JsonObject)
  const request = { asker: { clientId: 'bar' }, dcql_query, response_uri: 'https://bar.example/1' }
  const ask = consent(request, createHeldIndex(three), trusting)
  expect(ask.provenBy).toBe('nothing')
  expect(ask.trust.decision).toBe('undetermined')
  expect(ask.warnings.map(({ code }) => code)).toEqual(['verifier_unproven', 'verifier_unknown'])
  const forbidding = { mayAsk: () => ({ decision: 'not_trusted', why: 'It must not.' }) as const }
  expect(consent(request, createHeldIndex(three), forbidding).trust.decision).toBe('not_trusted')
})

test('CON-14 of very much that is asked beyond a registration a part is told, and of each credential something', () => {
  const claims = Array.from({ length: 120 }, (_, at) => ({ path: [`claim${at}`] }))
  const meta = { vct_values: ['person', 'licence', 'card'] }
  const credentials = ['a', 'b'].map((id) => asked(id, 'person', { claims, meta }))
  const dcql_query = readDcqlQuery({ credentials } as object as JsonObject)
  const told: AskedClaims[] = []
  const mayAsk = ({ claims: all }: { readonly claims: readonly AskedClaims[] }) => {
    told.push(...all)
    const isBare = all.every(({ paths }) => paths.length === 0)
    return { decision: isBare ? 'trusted' : 'undetermined', why: 'Said so.' } as const
  }
  const request = { asker: { clientId }, dcql_query, response_uri: 'https://bar.example/1' }
  const { overAsked } = consent(request, createHeldIndex([]), { mayAsk })
  expect(overAsked.filter(({ queryId }) => queryId === 'a')).toHaveLength(100)
  expect(overAsked.filter(({ queryId }) => queryId === 'b')).toHaveLength(100)
  expect(told.length).toBeLessThan(3 * 120)
})

test('CON-2 what cannot be withheld goes along, and is named', () => {
  const held = shelved('p', 'person', {
    claims: { name: 'Anna', number: 7, address: { country: 'UTO', street: 'x' } },
    disclosable: [['name'], ['address'], ['address', 'street']],
  })
  const ask = asking({ credentials: [asked('a', 'person', { claims: [{ path: ['address', 'street'] }] })] }, [
    held,
  ])
  expect(ask.items[0]?.discloses).toEqual([
    { path: ['address', 'country'], value: 'UTO' },
    { path: ['address', 'street'], value: 'x' },
    { path: ['number'], value: 7 },
  ])
  expect(ask.items[0]?.goesAlong).toEqual([['address', 'country'], ['number']])
  expect(ask.warnings).toMatchObject([{ code: 'goes_along', queryId: 'a' }])
})

test('CON-3 by default shows the first option that can be met, and nothing that is optional', () => {
  const credential_sets = [{ options: [['x', 'a'], ['b'], ['c']] }, { options: [['a']], required: false }]
  const credentials = [...threeAsked, asked('x', 'nowhere')]
  const ask = asking({ credentials, credential_sets }, three)
  expect(credentialsIn(ask.items)).toEqual(['b:l'])
  expect(ask.sets).toEqual([
    {
      required: true,
      options: [
        { ids: ['x', 'a'], isAnswerable: false },
        { ids: ['b'], isAnswerable: true },
        { ids: ['c'], isAnswerable: true },
      ],
      chosen: 1,
    },
    { required: false, options: [{ ids: ['a'], isAnswerable: true }] },
  ])
})

test('CON-3 takes the newest that has a copy left, and an option that needs none to be shown again', () => {
  const held = [
    shelved('old', 'person', { receivedAt: 1 }),
    shelved('new', 'person', { receivedAt: 3, unused: 0 }),
    shelved('middle', 'person', { receivedAt: 2 }),
    shelved('l', 'licence', { unused: 0 }),
  ]
  const credential_sets = [{ options: [['b'], ['a']] }]
  const ask = asking({ credentials: [asked('a', 'person'), asked('b', 'licence')], credential_sets }, held)
  expect(credentialsIn(ask.items)).toEqual(['a:middle'])
  expect(ask.queries[0]?.candidates.map(({ credentialId, again }) => [credentialId, again])).toEqual([
    ['middle', undefined],
    ['old', undefined],
    ['new', true],
  ])
})

test('CON-3 one credential for two queries takes two copies, and another credential where it has but one', () => {
  const query = { credentials: [asked('a', 'person'), asked('b', 'person')] }
  expect(asking(query, [shelved('p', 'person')]).items.map(({ copiesLeft }) => copiesLeft)).toEqual([1, 0])
  const held = [shelved('p', 'person', { unused: 1, receivedAt: 2 }), shelved('q', 'person', { unused: 1 })]
  expect(credentialsIn(asking(query, held).items)).toEqual(['a:p', 'b:q'])
})

const choosing = (ask: ReturnType<typeof asking>, choice: PresentationChoice): readonly string[] =>
  credentialsIn(chosenItems(ask, choice))

test('CON-4 the person chooses another option, something optional, and which credential', () => {
  const credentials = [...threeAsked, asked('d', 'person', { multiple: true })]
  const credential_sets = [{ options: [['a'], ['b', 'c']] }, { options: [['d']], required: false }]
  const held = [...three, shelved('q', 'person', { receivedAt: 0 })]
  const ask = asking({ credentials, credential_sets }, held)
  expect(choosing(ask, {})).toEqual(['a:p'])
  expect(choosing(ask, { credentials: { a: ['q'] } })).toEqual(['a:q'])
  expect(choosing(ask, { sets: { 0: 1 } })).toEqual(['b:l', 'c:s'])
  expect(choosing(ask, { sets: { 1: 0 } })).toEqual(['a:p', 'd:p'])
  expect(choosing(ask, { sets: { 1: 0 }, credentials: { d: ['q', 'p'] } })).toEqual(['a:p', 'd:q', 'd:p'])
  expect(choosing(ask, { sets: { 1: 'none' } })).toEqual(['a:p'])
})

test.each<[string, PresentationChoice]>([
  ['an option that is not there', { sets: { 0: 9 } }],
  ['an option that cannot be met', { sets: { 0: 2 } }],
  ['an option in between', { sets: { 0: 0.5 } }],
  ['nothing of what is required', { sets: { 0: 'none' } }],
  ['a set that was not asked for', { sets: { 7: 0 } }],
  ['a credential that does not answer', { credentials: { a: ['l'] } }],
  ['a credential that is not held', { credentials: { a: ['nobody'] } }],
  ['no credential', { credentials: { a: [] } }],
  ['two for a query of one', { credentials: { a: ['p', 'q'] } }],
  ['one twice', { credentials: { a: ['p', 'p'] } }],
  ['a credential for what is not shown', { credentials: { b: ['l'] } }],
  ['a credential for what was not asked', { credentials: { constructor: ['l'] } }],
])('CON-4 a choice of %s is refused', (_, choice) => {
  const credential_sets = [{ options: [['a'], ['b'], ['x']] }]
  const credentials = [...threeAsked, asked('x', 'nowhere')]
  const ask = asking({ credentials, credential_sets }, [...three, shelved('q', 'person')])
  expect(outcomeOf(() => chosenItems(ask, choice))).toBe('choice_invalid')
})

const registered = (...vcts: readonly string[]): Pick<Trust, 'mayAsk'> =>
  createTrust(
    [
      createRuleSource(
        'register',
        readPartyRules({
          verifiers: [{ party: { id: clientId }, claims: vcts.map((vct) => ({ vct, paths: [['name']] })) }],
        }),
      ),
    ],
    () => 0,
  )

test('CON-5 leaves out what the verifier is not registered for, and names it', () => {
  const credentials = [
    asked('a', 'person', { claims: [{ path: ['name'] }, { path: ['age'] }] }),
    asked('b', 'licence'),
  ]
  const credential_sets = [{ options: [['a'], ['b']] }]
  const ask = asking({ credentials, credential_sets }, three, registered('person', 'licence'))
  expect(ask.trust.decision).toBe('trusted')
  expect(ask.overAsked).toEqual([{ queryId: 'a', vct: 'person', path: ['age'] }])
  expect(ask.warnings.map(({ code }) => code)).toEqual(['over_asking'])
  expect(credentialsIn(ask.items)).toEqual(['b:l'])
  expect(outcomeOf(() => chosenItems(ask, { sets: { 0: 0 } }))).toBe('choice_invalid')
  const types = asking(
    { credentials: threeAsked, credential_sets: [{ options: [['a'], ['c']] }] },
    three,
    registered('person'),
  )
  expect(types.overAsked).toEqual([
    { queryId: 'b', vct: 'licence' },
    { queryId: 'c', vct: 'student' },
  ])
})

test('CON-5 what is too much and required is for nobody to agree to', () => {
  const ask = asking(
    { credentials: [asked('a', 'person', { claims: [{ path: ['age'] }] })] },
    three,
    registered('person'),
  )
  expect([ask.trust.decision, ask.items]).toEqual(['not_trusted', []])
  const stranger: Pick<Trust, 'mayAsk'> = {
    mayAsk: () => ({ decision: 'not_trusted', why: 'Not on the list.' }),
  }
  expect(asking({ credentials: threeAsked }, three, stranger).overAsked).toEqual([])
})

test('CON-5 where nobody said no, what is too much is named and can be chosen', () => {
  const trust: Pick<Trust, 'mayAsk'> = {
    mayAsk: ({ claims }) => ({
      decision: claims.length === 0 ? 'trusted' : 'undetermined',
      why: 'Not heard.',
    }),
  }
  const ask = asking({ credentials: [asked('a', 'person')] }, three, trust)
  expect(ask.overAsked).toEqual([{ queryId: 'a', vct: 'person' }])
  expect(ask.warnings.map(({ code }) => code)).toEqual(['over_asking', 'verifier_unknown'])
  expect(credentialsIn(ask.items)).toEqual(['a:p'])
})

test('CON-6 where every copy was shown there is no default, but a warning and a choice', () => {
  const ask = asking({ credentials: [asked('a', 'person')] }, [shelved('p', 'person', { unused: 0 })])
  expect(ask.items).toEqual([])
  expect(ask.warnings).toMatchObject([{ code: 'no_copy_left', queryId: 'a' }])
  expect(ask.queries[0]?.candidates).toMatchObject([{ credentialId: 'p', again: true, copiesLeft: 0 }])
  expect(chosenItems(ask, { reuse: true })).toMatchObject([{ credentialId: 'p', again: true }])
  const last = asking({ credentials: [asked('a', 'person')] }, [shelved('p', 'person', { unused: 1 })])
  expect(last.warnings).toMatchObject([{ code: 'last_copy', queryId: 'a' }])
})

test('CON-8 warnings say nothing that a stranger wrote', () => {
  const evil = '<script>'
  const query = { credentials: [asked('a', evil, { require_cryptographic_holder_binding: false })] }
  const held = shelved('p', evil, {
    bound: false,
    claims: { name: evil, other: evil },
    disclosable: [['name']],
    unused: 1,
  })
  const undecided: Pick<Trust, 'mayAsk'> = { mayAsk: () => ({ decision: 'undetermined', why: 'Not heard.' }) }
  const { warnings } = asking(query, [held], undecided)
  expect(warnings.map(({ code }) => code)).toEqual([
    'verifier_unknown',
    'goes_along',
    'not_bound',
    'last_copy',
  ])
  expect(JSON.stringify(warnings)).not.toContain(evil)
})

test('CON-1 of very many that answer, the newest hundred are told', () => {
  const many = Array.from({ length: 250 }, (_, at) => shelved(`p${at}`, 'person', { receivedAt: at }))
  const { candidates = [] } = asking({ credentials: [asked('a', 'person')] }, many).queries[0] ?? {}
  expect([candidates.length, candidates[0]?.credentialId]).toEqual([100, 'p249'])
})

test('ATK-38, CON-1 whoever asks for very many has fewer told of each: what a person is shown is bounded together', () => {
  const held = Array.from({ length: 300 }, (_, at) => shelved(`p${at}`, 'person'))
  for (const [queries, each] of [
    [1, 100],
    [8, 100],
    [32, 25],
  ] as const) {
    const credentials = Array.from({ length: queries }, (_, at) => asked(`q${at}`, 'person'))
    const told = asking({ credentials }, held)
    expect(told.queries.map(({ candidates }) => candidates.length)).toEqual(
      Array.from({ length: queries }, () => each),
    )
    expect(told.items).toHaveLength(queries)
  }
})
