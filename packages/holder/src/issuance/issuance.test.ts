import { ProtocolError } from '@facet-id/protocol/error'
import { PRE_AUTHORIZED_CODE_GRANT, readTokenRequest } from '@facet-id/protocol/oauth'
import { readCredentialIssuerMetadataResponse, readOfferLink } from '@facet-id/protocol/openid4vci'
import type { WireRequest } from '@facet-id/protocol/wire'
import { recordForm } from '@facet-id/store'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import {
  ISSUER,
  type IssuerWays,
  json,
  NOW,
  personConfiguration,
  type TestIssuer,
  TX_CODE,
  testIssuer,
} from '../issuer.test-support.ts'
import { advance, beginIssuance, next, requestedFrom } from './issuance.ts'
import type { Answer, Issuance, Need, Wishes } from './issuance-state.ts'

const wishes: Wishes = {
  copies: 4,
  scheme: 'https',
  languages: [],
  attests: false,
  responseIssuer: 'required',
  boundTokens: 'when_supported',
  now: NOW,
  challengeOf: (verifier) => verifier,
}
const form = recordForm<Issuance>(2)
const sender = { id: 'one' }
const secrets = { verifier: 'v'.repeat(43), state: 's' }

const ORDER = ['offer', 'metadata', 'server', 'consent', 'sender', 'access']

test('an issuance goes from the offer to access, each state named by what was obtained last', () => {
  const issuer = testIssuer()
  const states = walk(issuer)
  expect(states.map(nameOf)).toEqual(ORDER)
  expect(issuer.asked).toEqual(['metadata', 'server', 'token'])
  expect(next(last(states), wishes)).toBeUndefined()
})

test('every state can be kept as JSON, and goes on as if it had not been', () => {
  for (const state of walk(testIssuer())) {
    const resumed = form.read(form.write(state))
    expect(resumed).toEqual(state)
    expect(next(resumed, wishes)).toEqual(next(state, wishes))
  }
})

test('an answer to anything but the question is out of turn, and changes nothing', () => {
  const answers: Record<Answer['answer'], Answer> = {
    response: { answer: 'response', response: json({}) },
    no_response: { answer: 'no_response', error: new ProtocolError('peer_unreachable', 'no') },
    decision: { answer: 'decision', decision: { agreed: true, txCode: TX_CODE } },
    authorization: { answer: 'authorization', of: { answer: 'sender', sender, secrets } },
    metadata: { answer: 'metadata', metadata: metadataOf(testIssuer()), provenBy: {} },
  }
  for (const state of walk(testIssuer())) {
    const need = next(state, wishes)?.need
    const due: readonly unknown[] =
      need === 'answer' ? ['response', 'no_response'] : need === 'consent' ? ['decision'] : [need]
    const kept = form.write(state)
    for (const answer of Object.values(answers).filter(({ answer }) => !due.includes(answer))) {
      expect(
        outcomeOf(() => advance(state, answer, wishes)),
        `${state.has}, ${answer.answer}`,
      ).toBe('out_of_turn')
    }
    expect(form.write(state)).toEqual(kept)
  }
})

test('an answer that comes again is not taken for the next one', () => {
  const issuer = testIssuer()
  let state = begun(issuer)
  for (let need = next(state, wishes); need !== undefined; need = next(state, wishes)) {
    const answer = answerTo(need, issuer)
    state = advance(state, answer, wishes)
    expect(
      outcomeOf(() => advance(state, answer, wishes)),
      state.has,
    ).not.toBe('accepted')
  }
})

test('VCI-12.2.2-2, VCI-12.2.4-6 asks for the metadata of the issuer, and of its server at its well-known address, by GET', () => {
  const needs = walk(testIssuer()).map((state) => next(state, wishes))
  const requests = needs.flatMap((need) => (need?.need === 'answer' ? [need.to] : []))
  expect(needs[0]).toEqual({ need: 'metadata', of: ISSUER })
  expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
    `GET ${ISSUER}/.well-known/oauth-authorization-server`,
  ])
  expect(tokenRequestOf(testIssuer())).toMatchObject({ method: 'POST', url: `${ISSUER}/token` })
})

test('VCI-6.1-1, VCI-6.1-2 redeems the code with the transaction code as the person typed it', () => {
  expect(readTokenRequest(tokenRequestOf(testIssuer()))).toMatchObject({
    grant_type: PRE_AUTHORIZED_CODE_GRANT,
    tx_code: TX_CODE,
  })
})

test('VCI-6.1-2 sends no transaction code that was not asked for', () => {
  expect(tokenRequestOf(testIssuer({ grant: { tx_code: undefined } })).body).not.toContain('tx_code')
})

test('VCI-4.1.1-8, VCI-6.1-2 asks for a transaction code also where its object is empty, and does not go on without', () => {
  const state = last(walk(testIssuer({ grant: { tx_code: {} } }), 'server'))
  expect(next(state, wishes)).toMatchObject({ need: 'consent', of: { txCode: {} } })
  for (const decision of [{ agreed: true }, { agreed: true, txCode: '' }] as const) {
    expect(outcomeOf(() => advance(state, { answer: 'decision', decision }, wishes))).toBe('tx_code_missing')
  }
})

test('VCI-13.5-1 asks the person with what the metadata says, and where a transaction code would go', () => {
  const need = next(last(walk(testIssuer(), 'server')), wishes)
  expect(need).toEqual({
    need: 'consent',
    of: {
      issuer: ISSUER,
      issuerDisplay: [{ name: 'Registry', locale: 'en' }],
      issuerShown: { name: 'Registry', locale: 'en' },
      provenBy: {},
      credentials: [
        {
          configurationId: 'person',
          vct: personConfiguration.vct,
          display: [{ name: 'Person', locale: 'en' }],
          shown: { name: 'Person', locale: 'en' },
          copies: 4,
        },
      ],
      txCode: { length: 6, description: 'By letter' },
      tokenEndpoint: `${ISSUER}/token`,
    },
  })
})

test('a person who declines ends the issuance before any code is redeemed', () => {
  const state = last(walk(testIssuer(), 'server'))
  const answer = { answer: 'decision', decision: { agreed: false } } as const
  expect(outcomeOf(() => advance(state, answer, wishes))).toBe('declined_by_person')
})

test.each([
  [{ batch_size: 3 }, 3],
  [{ batch_size: 50 }, 4],
  [undefined, 1],
])('VCI-12.2.4-17, HAIP-4-5 a batch of %j makes it %i copies', (batch_credential_issuance, copies) => {
  const state = last(walk(testIssuer({ metadata: { batch_credential_issuance } }), 'consent'))
  expect(state).toMatchObject({ chosen: [{ configurationId: 'person', copies }] })
})

const refusedMetadata: readonly [title: string, ways: IssuerWays, code: string][] = [
  [
    'VCI-12.2.4-2 metadata of another issuer',
    { metadata: { credential_issuer: 'https://other.example' } },
    'message_malformed',
  ],
  [
    'VCI-12.2.4-2 metadata of the issuer with a slash more',
    { metadata: { credential_issuer: `${ISSUER}/` } },
    'message_malformed',
  ],
  [
    'VCI-4.1.1-1 an offer of what is not in the metadata',
    { offer: { credential_configuration_ids: ['licence'] } },
    'metadata_mismatch',
  ],
  [
    'VCI-4.1.1-1 an offer of what every object has',
    { offer: { credential_configuration_ids: ['constructor'] } },
    'metadata_mismatch',
  ],
  [
    'VCI-12.2.4-8 a configuration that cannot be read',
    { configuration: { vct: undefined } },
    'metadata_mismatch',
  ],
  [
    'VCI-12.2.4-14 a configuration that demands key attestations',
    {
      configuration: {
        proof_types_supported: {
          jwt: { proof_signing_alg_values_supported: ['ES256'], key_attestations_required: {} },
        },
      },
    },
    'offer_unsupported',
  ],
  [
    'VCI-F.1-1 a configuration that takes no algorithm of ours',
    {
      configuration: {
        proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['RS256'] } },
      },
    },
    'metadata_mismatch',
  ],
  [
    'VCI-8.1-1 credentials that are bound to no key',
    {
      configuration: {
        proof_types_supported: undefined,
        cryptographic_binding_methods_supported: undefined,
      },
    },
    'offer_unsupported',
  ],
]

for (const [title, ways, code] of refusedMetadata) {
  test(`${title} is refused before the person is asked`, () => {
    const issuer = testIssuer(ways)
    expect(outcomeOf(() => walk(issuer, 'metadata'))).toBe(code)
    expect(issuer.asked).toEqual(['metadata'])
  })
}

test('VCI-12.2.4-7 an offer that names a server the issuer does not list gets no code to it', () => {
  for (const metadata of [{}, { authorization_servers: ['https://login.example'] }]) {
    const ways = { metadata, grant: { authorization_server: 'https://thief.example' } }
    const state = last(walk(testIssuer(ways), 'metadata'))
    expect(outcomeOf(() => next(state, wishes))).toBe('metadata_mismatch')
  }
})

test('VCI-12.2.4-6 server metadata of another server is not used', () => {
  const issuer = testIssuer({ server: { issuer: 'https://other.example' } })
  expect(outcomeOf(() => walk(issuer, 'server'))).toBe('message_malformed')
})

test('VCI-12.2.4-8 a bad configuration beside the one that is offered does not matter, and none is kept', () => {
  const issuer = testIssuer({
    around: {
      metadata: (usual) => {
        const metadata = JSON.parse(usual().body)
        const { person } = metadata.credential_configurations_supported
        const all = { broken: { format: 7 }, mdl: { format: 'mso_mdoc' }, person, second: person }
        return json({ ...metadata, credential_configurations_supported: all })
      },
    },
  })
  const [, state] = walk(issuer, 'metadata')
  expect(
    state !== undefined &&
      'metadata' in state &&
      Object.keys(state.metadata.credential_configurations_supported),
  ).toEqual(['person'])
})

test('VCI-12.2.4-8 of what is offered, a configuration that cannot be used does not take the others with it', () => {
  const offer = { credential_configuration_ids: ['broken', 'person', 'gone', 'attested'] }
  const attested = {
    ...personConfiguration,
    proof_types_supported: { attestation: { proof_signing_alg_values_supported: ['ES256'] } },
  }
  const around = {
    metadata: () =>
      json({
        ...metadataOf(testIssuer()),
        credential_configurations_supported: { broken: { format: 7 }, person: personConfiguration, attested },
      }),
  }
  const [, state] = walk(testIssuer({ offer, around }), 'metadata')
  expect(state).toMatchObject({
    metadata: { credential_configurations_supported: { person: personConfiguration } },
  })
  expect(JSON.stringify(state)).not.toContain('"attested":')
})

test('VCI-3.3.2-1 of an offer of several the person takes some, and none is as good as no', () => {
  const offer = { credential_configuration_ids: ['person', 'second'] }
  const around = {
    metadata: () =>
      json({
        ...metadataOf(testIssuer()),
        credential_configurations_supported: { person: personConfiguration, second: personConfiguration },
      }),
  }
  const state = last(walk(testIssuer({ offer, around }), 'server'))
  expect(next(state, wishes)).toMatchObject({
    of: { credentials: [{ configurationId: 'person' }, { configurationId: 'second' }] },
  })
  const decide = (configurationIds?: readonly string[]) =>
    advance(
      state,
      {
        answer: 'decision',
        decision: { agreed: true, txCode: TX_CODE, ...(configurationIds && { configurationIds }) },
      },
      wishes,
    )
  expect(decide()).toMatchObject({ chosen: [{ configurationId: 'person' }, { configurationId: 'second' }] })
  expect(decide(['second', 'third'])).toMatchObject({ chosen: [{ configurationId: 'second' }] })
  for (const none of [[], ['third']]) expect(outcomeOf(() => decide(none))).toBe('declined_by_person')
})

test('SVC-5.5-1 shows the issuer and what it offers in the language of the person', () => {
  const display = [
    { name: 'Person', locale: 'en' },
    { name: 'Personenausweis', locale: 'de' },
  ]
  const ways = { metadata: { display }, configuration: { credential_metadata: { display } } }
  const state = last(walk(testIssuer(ways), 'server'))
  expect(next(state, { ...wishes, languages: ['de-AT'] })).toMatchObject({
    of: { issuerShown: display[1], credentials: [{ shown: display[1] }] },
  })
})

/** All states up to one, each kept and resumed on the way. */
function walk(issuer: TestIssuer, until?: string, from: Issuance = begun(issuer)): Issuance[] {
  const states = [from]
  let state = from
  for (
    let need = next(state, wishes);
    need !== undefined && nameOf(state) !== until;
    need = next(state, wishes)
  ) {
    state = form.read(form.write(advance(state, answerTo(need, issuer), wishes)))
    states.push(state)
    if (nameOf(state) === until) break
  }
  return states
}

function tokenRequestOf(issuer: TestIssuer): WireRequest {
  const need = next(last(walk(issuer, 'sender')), wishes)
  if (need?.need !== 'authorization' || need.of.need !== 'signed_answer') throw new Error('a token is due')
  return need.of.to
}

function answerTo(need: Need, issuer: TestIssuer): Answer {
  switch (need.need) {
    case 'metadata':
      return { answer: 'metadata', metadata: metadataOf(issuer), provenBy: {} }
    case 'answer':
      return { answer: 'response', response: issuer.handle(need.to) }
    case 'consent':
      return { answer: 'decision', decision: { agreed: true, txCode: TX_CODE } }
    case 'authorization': {
      const { of } = need
      if (of.need === 'browser') throw new Error('no browser is needed')
      return of.need === 'sender'
        ? { answer: 'authorization', of: { answer: 'sender', sender, secrets } }
        : { answer: 'authorization', of: { answer: 'response', response: issuer.handle(of.to) } }
    }
  }
}

function metadataOf(issuer: TestIssuer) {
  const { credential_issuer } = offered(testIssuer()).offer
  const url = `${ISSUER}/.well-known/openid-credential-issuer`
  return readCredentialIssuerMetadataResponse(
    issuer.handle({ method: 'GET', url, headers: {} }),
    credential_issuer,
  )
}

/** The last thing obtained, of both ways together. */
function nameOf(state: Issuance): string {
  if (state.has !== 'consent' || state.authorization.has === 'server') return state.has
  return state.authorization.has
}

function begun(issuer: TestIssuer): Issuance {
  return beginIssuance(offered(issuer).offer, { id: 'one', opensBrowser: false })
}

function offered({ link }: TestIssuer) {
  const read = readOfferLink(link)
  if (read.by !== 'value') throw new Error('the offer is in the link')
  return read
}

function last<T>(items: readonly T[]): T {
  const item = items.at(-1)
  if (item === undefined) throw new Error('there is at least one')
  return item
}

test('VCI-3.4-1 where the person begins, the issuer has on offer what it has, or what of it they named', () => {
  const described = metadataOf(testIssuer())
  const [person] = Object.values(described.credential_configurations_supported)
  if (person === undefined) throw new Error('the issuer has a credential')
  const having = (all: typeof described.credential_configurations_supported) => ({
    ...described,
    credential_configurations_supported: all,
  })
  const metadata = having({ one: person, two: person })
  const issuer = metadata.credential_issuer
  const offering = (named: readonly string[], known = metadata) => {
    const begun = beginIssuance(requestedFrom(issuer, named), { id: 'one', opensBrowser: true })
    const next = advance(begun, { answer: 'metadata', metadata: known, provenBy: {} }, wishes)
    return next.has === 'metadata' && Object.keys(next.metadata.credential_configurations_supported)
  }
  expect(offering([])).toEqual(['one', 'two'])
  expect(offering(['two'])).toEqual(['two'])
  expect(outcomeOf(() => offering(['three']))).toBe('metadata_mismatch')
  expect(outcomeOf(() => offering([], having({})))).toBe('offer_unsupported')
  const noBrowser = () => beginIssuance(requestedFrom(issuer, []), { id: 'one', opensBrowser: false })
  expect(outcomeOf(noBrowser)).toBe('offer_unsupported')
})

test('VCI-12.2.4-23 for a person’s browser the next server is asked where one sends none anywhere, or knows no PKCE', () => {
  const [first, second] = ['https://a.example', 'https://b.example']
  const serverOf = (issuer: string, more: object = {}): Answer => {
    const told = { issuer, token_endpoint: `${issuer}/token`, ...more }
    return { answer: 'response', response: json(told) }
  }
  const having = (...servers: string[]): Issuance => {
    const metadata = { ...metadataOf(testIssuer()), authorization_servers: servers }
    const own = beginIssuance(requestedFrom(metadata.credential_issuer, []), {
      id: 'one',
      opensBrowser: true,
    })
    return advance(own, { answer: 'metadata', metadata, provenBy: {} }, wishes)
  }
  const plain = { authorization_endpoint: `${first}/authorize`, code_challenge_methods_supported: ['plain'] }
  for (const odd of [{}, plain]) {
    const waiting = advance(having(first, second), serverOf(first, odd), wishes)
    expect(next(waiting, wishes)).toMatchObject({ need: 'answer', server: second })
    const usable = serverOf(second, { authorization_endpoint: `${second}/authorize` })
    expect(advance(waiting, usable, wishes)).toMatchObject({ has: 'server', server: { issuer: second } })
    expect(outcomeOf(() => advance(having(first), serverOf(first, odd), wishes))).toBe('offer_unsupported')
  }
})
