import { writeSigningInput } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import { readTokenResponse } from '@facet-id/protocol/oauth'
import { pushedAuthorizationRequest, revocationRequest } from '@facet-id/protocol/oauth/authorization'
import { findDpopNonce } from '@facet-id/protocol/oauth/dpop'
import type { WireRequest } from '@facet-id/protocol/wire'
import { type KeyPair, keyPair, macOf, random } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { believing, withAttestation, withProof } from '../../bound.test-support.ts'
import { asking, askingWorld, PAR, REDIRECT, WALLET } from '../../browser.test-support.ts'
import { askToken, refusalIn, signed, TOKEN } from '../../wallet.test-support.ts'
import { ISSUER, type World } from '../../world.test-support.ts'

const keys = keyPair()
const clients = {
  [WALLET]: { name: 'Wallet', redirectUris: [REDIRECT], keys: [{ kid: 'a', publicJwk: keys.publicJwk }] },
}

let made = 0

function assertion(
  here: World,
  changes: JsonObject = {},
  { header = {}, by = keys }: { header?: { readonly [name: string]: string | undefined }; by?: KeyPair } = {},
): string {
  const now = here.time.now()
  const claims = {
    iss: WALLET,
    sub: WALLET,
    aud: ISSUER,
    iat: now,
    exp: now + 60,
    jti: `j${made++}`,
    ...changes,
  }
  const all = Object.entries({ alg: 'ES256', typ: 'client-authentication+jwt', kid: 'a', ...header })
  const given = all.filter((entry): entry is [string, string] => entry[1] !== undefined)
  return signed(writeSigningInput(Object.fromEntries(given), claims), by)
}

function pushing(client_assertion: string): WireRequest {
  return asserting(pushedAuthorizationRequest(PAR, asking), client_assertion)
}

function asserting({ body, ...request }: WireRequest, client_assertion: string): WireRequest {
  const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
  const form = new URLSearchParams({ client_assertion, client_assertion_type: type })
  return { ...request, body: `${body}&${form}` }
}

test('OAS-6-1 a client that registered a key signs that it is this client, for this server', async () => {
  const here = askingWorld({ clients })
  expect((await here.send(pushing(assertion(here)))).status).toBe(201)
})

test.each(['JWT', 'client-authentication+jwt', undefined])(
  'OAS-6-5 an assertion of the kind %s is taken: others, such as dpop+jwt, say something else',
  async (typ) => {
    const here = askingWorld({ clients })
    expect((await here.send(pushing(assertion(here, {}, { header: { typ } })))).status).toBe(201)
  },
)

test('OAS-6-1 a client that registered a key is nobody without it', async () => {
  const here = askingWorld({ clients })
  expect(refusalIn(await here.send(pushedAuthorizationRequest(PAR, asking)))).toBe('401 invalid_client')
})

const wrong: readonly (readonly [string, (here: World) => string])[] = [
  ['names the token endpoint', (here) => assertion(here, { aud: TOKEN })],
  ['names the PAR endpoint', (here) => assertion(here, { aud: PAR })],
  ['names several', (here) => assertion(here, { aud: [ISSUER] })],
  ['names several, among them another', (here) => assertion(here, { aud: [ISSUER, 'https://evil.example'] })],
  ['names another server', (here) => assertion(here, { aud: 'https://evil.example' })],
  ['names nobody', (here) => assertion(here, { aud: '' })],
  ['is over', (here) => assertion(here, { exp: here.time.now() })],
  ['lives long', (here) => assertion(here, { exp: here.time.now() + 3600 })],
  ['never ends', (here) => assertion(here, { exp: 'never' })],
  ['comes from the future', (here) => assertion(here, { iat: here.time.now() + 11 })],
  ['has no name of its own', (here) => assertion(here, { jti: '' })],
  ['speaks for another', (here) => assertion(here, { sub: 'other', iss: 'other' })],
  ['is issued by another', (here) => assertion(here, { iss: 'other' })],
  ['is signed by another', (here) => assertion(here, {}, { by: keyPair() })],
  ['is a token of another kind', (here) => assertion(here, {}, { header: { typ: 'dpop+jwt' } })],
  ['is an access token', (here) => assertion(here, {}, { header: { typ: 'at+jwt' } })],
  ['is of an empty kind', (here) => assertion(here, {}, { header: { typ: '' } })],
  ['names another key', (here) => assertion(here, {}, { header: { kid: 'b' } })],
  ['is none', () => 'x'],
]

test.each(wrong)('OAS-6-2 an assertion that %s is refused, and nothing is kept', async (_, make) => {
  const here = askingWorld({ clients })
  expect(refusalIn(await here.send(pushing(make(here))))).toBe('401 invalid_client')
  expect(await here.state.rests()).toEqual([])
})

test('OAS-6-3 of fifty requests at once with one assertion, one is answered', async () => {
  const here = askingWorld({ clients })
  const request = pushing(assertion(here))
  const nodes = [here, askingWorld({ clients }, { beside: here })]
  const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => nodes[i % 2]?.send(request)))
  expect(answers.filter((answer) => answer?.status === 201)).toHaveLength(1)
})

test('OAS-6-3, DPOP-11.1-1, ABCA-11.1-1 what a revocation proved itself with proves nothing once more, whatever the token was', async () => {
  const asked = (token: string): WireRequest => revocationRequest(`${ISSUER}/revoke`, { token })
  const here = askingWorld({ clients }, { ports: believing })
  const made = assertion(here)
  const instance = keyPair()
  const attested = await withAttestation(here, asked('x'), {
    clientId: 'https://wallet.example/app',
    instance,
  })
  const { access_token } = readTokenResponse(await here.send(askToken(await here.offer())))
  const nonce = findDpopNonce(await here.send(withProof(here, asked('x'), { key: keyPair() }))) ?? ''
  const bound = withProof(here, asked(access_token), { key: keyPair(), nonce })
  for (const [request, again, refused] of [
    [asserting(asked('x'), made), pushing(made), '401 invalid_client'],
    [attested, { ...askToken(await here.offer()), ...headersOf(attested) }, '401 invalid_client'],
    [bound, bound, '400 invalid_dpop_proof'],
  ] as const) {
    expect((await here.send(request)).status).toBe(200)
    expect(refusalIn(await here.send(request))).toBe(refused)
    expect(refusalIn(await here.send(again))).toBe(refused)
  }
})

function headersOf({ headers }: WireRequest): Pick<WireRequest, 'headers'> {
  return { headers }
}

test('ABCA-7.4-2 where the operator says so, a proof without our challenge is good once, if it was made just now', async () => {
  const wallet = { clientId: 'https://wallet.example/app', instance: keyPair(), challenged: false }
  const asked = revocationRequest(`${ISSUER}/revoke`, { token: 'x' })
  const strict = askingWorld({}, { ports: believing })
  expect(refusalIn(await strict.send(await withAttestation(strict, asked, wallet)))).toBe(
    '400 use_attestation_challenge',
  )
  const here = askingWorld({ attestationChallenge: 'when_present' }, { ports: believing })
  const request = await withAttestation(here, asked, wallet)
  expect((await here.send(request)).status).toBe(200)
  expect(refusalIn(await here.send(request))).toBe('401 invalid_client')
  for (const age of [301, -11]) {
    const stale = await withAttestation(here, asked, { ...wallet, age })
    expect(refusalIn(await here.send(stale))).toBe('401 invalid_client')
  }
  const elsewhere = askingWorld({}, { ports: { ...believing, mac: macOf(random(32)) } })
  const theirs = await withAttestation(elsewhere, asked, { ...wallet, challenged: true })
  expect(refusalIn(await here.send(theirs))).toBe('400 use_attestation_challenge')
})
