import { utf8 } from '@facet-id/credential/base64url'
import { writeJws } from '@facet-id/credential/jose'
import { PRE_AUTHORIZED_CODE_GRANT, readTokenRequest } from '@facet-id/protocol/oauth'
import { readCredentialRequest, readOfferLink } from '@facet-id/protocol/openid4vci'
import { writeProofInput } from '@facet-id/protocol/openid4vci/key-proof'
import { recordForm } from '@facet-id/store'
import { keyPair, outcomeOf, signerOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import {
  ISSUER,
  type IssuerWays,
  json,
  NOW,
  personConfiguration,
  refusal,
  type TestIssuer,
  TX_CODE,
  testIssuer,
} from '../issuer.test-support.ts'
import { advance, beginIssuance, next } from './issuance.ts'
import type { Answer, Issuance, Need, Wishes } from './issuance-state.ts'

const wishes: Wishes = { copies: 4, scheme: 'https' }
const form = recordForm<Issuance>(1)

const ORDER = ['offer', 'metadata', 'server', 'consent', 'token', 'nonce', 'proofs', 'credentials']

test('an issuance goes from the offer to the credentials, each state named by what was obtained last', () => {
  const issuer = testIssuer()
  const states = walk(issuer)
  expect(states.map(({ has }) => has)).toEqual(ORDER)
  expect(issuer.asked).toEqual(['metadata', 'server', 'token', 'nonce', 'credential'])
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
    decision: { answer: 'decision', decision: { agreed: true, txCode: TX_CODE } },
    proofs: { answer: 'proofs', keys: [] },
  }
  for (const state of walk(testIssuer())) {
    const need = next(state, wishes)?.need
    const due = need === 'answer' ? 'response' : need === 'consent' ? 'decision' : need
    const kept = form.write(state)
    for (const answer of Object.values(answers).filter(({ answer }) => answer !== due)) {
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

test('VCI-12.2.2-2, VCI-12.2.4-6 asks for both documents at their well-known addresses, by GET', () => {
  const requests = walk(testIssuer()).flatMap((state) => {
    const need = next(state, wishes)
    return need?.need === 'answer' ? [need.to] : []
  })
  expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
    `GET ${ISSUER}/.well-known/openid-credential-issuer`,
    `GET ${ISSUER}/.well-known/oauth-authorization-server`,
    `POST ${ISSUER}/token`,
    `POST ${ISSUER}/nonce`,
    `POST ${ISSUER}/credential`,
  ])
})

test('VCI-6.1-1, VCI-6.1-2 redeems the code with the transaction code as the person typed it', () => {
  const state = walk(testIssuer(), 'consent')
  const need = next(last(state), wishes)
  if (need?.need !== 'answer') throw new Error('a token request is due')
  expect(readTokenRequest(need.to)).toMatchObject({ grant_type: PRE_AUTHORIZED_CODE_GRANT, tx_code: TX_CODE })
})

test('VCI-6.1-2 sends no transaction code that was not asked for', () => {
  const state = last(walk(testIssuer({ grant: { tx_code: undefined } }), 'consent'))
  expect(state).not.toHaveProperty('txCode')
  const need = next(state, wishes)
  expect(need?.need === 'answer' && need.to.body).not.toContain('tx_code')
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
      configurationId: 'person',
      vct: personConfiguration.vct,
      display: [{ name: 'Person', locale: 'en' }],
      copies: 4,
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

test('VCI-13.8-1 a nonce that is refused is got anew once, and then the refusal stands', () => {
  const issuer = testIssuer()
  const proofs = last(walk(issuer, 'proofs'))
  const stale: Answer = { answer: 'response', response: refusal('invalid_nonce') }
  const again = advance(proofs, stale, wishes)
  expect(again).toMatchObject({ has: 'token', staleNonces: 1 })
  expect(next(again, wishes)).toMatchObject({ need: 'answer', to: { url: `${ISSUER}/nonce` } })
  const second = last(walk(issuer, 'proofs', again))
  expect(second).toMatchObject({ has: 'proofs', accessToken: 'accessToken' in proofs && proofs.accessToken })
  expect('nonce' in second && second.nonce).not.toBe('nonce' in proofs && proofs.nonce)
  expect(outcomeOf(() => advance(second, stale, wishes))).toBe('refused_by_peer')
})

test('VCI-8.2-8 proofs have the nonce where there is a nonce endpoint, and none where there is none', () => {
  const withNonce = last(walk(testIssuer(), 'nonce'))
  const nonce = 'nonce' in withNonce && withNonce.nonce
  expect(next(withNonce, wishes)).toEqual({
    need: 'proofs',
    of: { audience: ISSUER, count: 4, algs: ['ES256'], nonce },
  })
  const without = last(walk(testIssuer({ metadata: { nonce_endpoint: undefined } }), 'token'))
  expect(next(without, wishes)).toEqual({
    need: 'proofs',
    of: { audience: ISSUER, count: 4, algs: ['ES256'] },
  })
})

test('VCI-8.2-3, VCI-8.2-6 asks by configuration, with one member of proofs, of the type jwt', () => {
  const need = next(last(walk(testIssuer(), 'proofs')), wishes)
  if (need?.need !== 'answer') throw new Error('a credential request is due')
  const body = readCredentialRequest(need.to)
  expect(body).toMatchObject({ credential_configuration_id: 'person' })
  expect(Object.keys(body)).toEqual(['credential_configuration_id', 'proofs'])
  expect(body.proofs).toEqual({ jwt: Array(4).fill(expect.any(String)) })
})

test.each([
  [{ batch_size: 3 }, 3],
  [{ batch_size: 50 }, 4],
  [undefined, 1],
])('VCI-12.2.4-17 a batch of %j makes it %i copies', (batch_credential_issuance, copies) => {
  const state = last(walk(testIssuer({ metadata: { batch_credential_issuance } }), 'nonce'))
  expect(next(state, wishes)).toMatchObject({ need: 'proofs', of: { count: copies } })
})

test('as many copies are asked for as the person agreed to, whatever the settings are on resuming', () => {
  const state = last(walk(testIssuer(), 'token'))
  expect(next({ ...state }, { ...wishes, copies: 9 })).toMatchObject({ need: 'answer' })
  const nonce = last(walk(testIssuer(), 'nonce'))
  expect(next(nonce, { ...wishes, copies: 9 })).toMatchObject({ need: 'proofs', of: { count: 4 } })
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
  [
    'VCI-8.2-10 an issuer that demands encryption',
    {
      metadata: {
        credential_response_encryption: {
          alg_values_supported: ['ECDH-ES'],
          enc_values_supported: ['A256GCM'],
          encryption_required: true,
        },
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
    expect(outcomeOf(() => next(state, wishes))).toBe('message_malformed')
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
  expect(last(walk(testIssuer()))).toMatchObject({ has: 'credentials' })
})

test('an offer of several credentials at once is refused with a code', () => {
  const { offer } = offered(testIssuer())
  const credential_configuration_ids = ['person', 'licence']
  expect(outcomeOf(() => beginIssuance({ ...offer, credential_configuration_ids }))).toBe('offer_unsupported')
})

/** All states up to one, each kept and resumed on the way. */
function walk(issuer: TestIssuer, until?: Issuance['has'], from: Issuance = begun(issuer)): Issuance[] {
  const states = [from]
  let state = from
  for (
    let need = next(state, wishes);
    need !== undefined && state.has !== until;
    need = next(state, wishes)
  ) {
    state = form.read(form.write(advance(state, answerTo(need, issuer), wishes)))
    states.push(state)
    if (state.has === until) break
  }
  return states
}

function answerTo(need: Need, issuer: TestIssuer): Answer {
  switch (need.need) {
    case 'answer':
      return { answer: 'response', response: issuer.handle(need.to) }
    case 'consent':
      return { answer: 'decision', decision: { agreed: true, txCode: TX_CODE } }
    case 'proofs': {
      const { count, ...claims } = need.of
      const keys = Array.from({ length: count }, (_, place) => {
        const { publicJwk, privateJwk } = keyPair()
        const input = writeProofInput({ ...claims, issuedAt: NOW, jwk: publicJwk, alg: 'ES256' })
        const proof = writeJws(input, signerOf(privateJwk).sign(utf8(input)))
        return { keyId: `k.${place}`, publicJwk, proof }
      })
      return { answer: 'proofs', keys }
    }
  }
}

function begun(issuer: TestIssuer): Issuance {
  return beginIssuance(offered(issuer).offer)
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
