import { jwkThumbprint } from '@facet-id/credential/jose'
import {
  attestationHeaders,
  findAttestationChallenge,
  readAttestationChallengeResponse,
  writeAttestationProofInput,
  writeClientAttestationInput,
} from '@facet-id/protocol/oauth/client-attestation'
import { accessTokenHash, findDpopNonce, writeDpopInput } from '@facet-id/protocol/oauth/dpop'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { hash, type KeyPair, keyPair, macOf, outcomeOf, random } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { registeredWalletProviders } from '../client/wallet-provider.ts'
import { makeNonce } from '../issuance/nonce.ts'
import { signed } from '../wallet.test-support.ts'
import { type Changes, ISSUER, type World, world } from '../world.test-support.ts'
import { answerChallenge } from './challenge.ts'
import { attestedClient, provenSender, takeProof, withNextChallenge, withNextNonce } from './sender.ts'

const CLIENT = 'https://wallet.example'
const empty: WireResponse = { status: 200, headers: {}, body: '' }
const url = `${ISSUER}/token`
const key = keyPair()
const provider = keyPair()
const instance = keyPair()

type DpopChanges = Partial<Parameters<typeof writeDpopInput>[0]>

/** A token request with a DPoP proof that is right in everything that is not changed. */
function withDpop(
  here: World,
  changes: DpopChanges = {},
  { by = key, to = url }: { by?: KeyPair; to?: string } = {},
): WireRequest {
  const request = { method: 'POST', url: to, headers: {} } as const
  const input = writeDpopInput({
    request,
    jti: hash('sha-256', random(16)),
    issuedAt: here.time.now(),
    nonce: nonceOf(here),
    jwk: key.publicJwk,
    alg: 'ES256',
    ...changes,
  })
  return { ...request, headers: { dpop: signed(input, by) } }
}

function nonceOf(here: World): string {
  return findDpopNonce(withNextNonce(empty, here)) ?? ''
}

function sent(here: World, request: WireRequest, accessToken?: string) {
  return outcomeOf(() => provenSender(request, here, accessToken))
}

test('DPOP-4.3-1, DPOP-6-1 a proof for the request shows whose key it is, and none shows nothing', async () => {
  const here = world()
  const sender = await provenSender(withDpop(here), here)
  expect(sender?.jkt).toBe(jwkThumbprint(key.publicJwk, hash))
  expect(await provenSender({ method: 'POST', url, headers: {} }, here)).toBeUndefined()
})

test('DPOP-4.3-1 a proof for another method, another address, another token or by another key is refused', async () => {
  const here = world()
  const request = { method: 'POST', url } as const
  const ath = accessTokenHash('token', hash)
  for (const [changed, token] of [
    [withDpop(here, { request: { method: 'GET', url } })],
    [withDpop(here, { request: { ...request, url: `${ISSUER}/credential` } })],
    [withDpop(here, { request: { ...request, url: 'https://other.example/utopia/token' } })],
    [withDpop(here, {}, { by: keyPair() })],
    [withDpop(here), 'token'],
    [withDpop(here, { ath }), 'tokem'],
  ] as const) {
    expect(await sent(here, changed, token)).toBe('dpop_proof_invalid')
  }
  expect(await sent(here, withDpop(here, { ath }), 'token')).toBe('accepted')
})

test('DPOP-4.3-2 the address of a proof is compared in one spelling', async () => {
  const here = world()
  const written = url.replace('issuer.example', 'ISSUER.example:443')
  const request = { method: 'POST', url: `${written}#x` } as const
  expect(await sent(here, withDpop(here, { request }))).toBe('accepted')
  expect(await sent(here, { ...withDpop(here), url: `${url}?x=1` })).toBe('accepted')
})

test('DPOP-8-1, DPOP-11.3-1 a nonce is demanded that is ours, recent, and made for this', async () => {
  const here = world({ settings: { nonceLifetime: 60 } })
  const stale = nonceOf(here)
  const { now, mac } = { now: here.time.now(), mac: here.ports.mac }
  const { nonce: _, ...without } = { nonce: '', request: { method: 'POST', url } as const }
  const unsigned = writeDpopInput({
    ...without,
    jti: 'j',
    issuedAt: now,
    jwk: key.publicJwk,
    alg: 'ES256',
  })
  const none = { ...without.request, headers: { dpop: signed(unsigned, key) } }
  for (const request of [
    none,
    withDpop(here, { nonce: 'x' }),
    withDpop(here, { nonce: makeNonce(now, random, macOf(random(32)), 'dpop') }),
    withDpop(here, { nonce: makeNonce(now, random, mac) }),
    withDpop(here, { nonce: makeNonce(now, random, mac, 'client_attestation') }),
  ]) {
    expect(await sent(here, request)).toBe('dpop_nonce_needed')
  }
  here.time.advance(61)
  expect(await sent(here, withDpop(here, { nonce: stale }))).toBe('dpop_nonce_needed')
})

test('DPOP-11.1-1 a proof is of now: ten seconds ahead and five minutes ago, and no more', async () => {
  const here = world()
  const now = here.time.now()
  const outcomes = await Promise.all(
    [11, 10, 0, -300, -301].map((by) => sent(here, withDpop(here, { issuedAt: now + by }))),
  )
  expect(outcomes).toEqual(['dpop_proof_invalid', 'accepted', 'accepted', 'accepted', 'dpop_proof_invalid'])
})

test('DPOP-11.1-1, ATK-32 of fifty requests at once with one proof, at two nodes, exactly one is done', async () => {
  const here = world()
  const beside = world({ beside: here })
  const request = withDpop(here, { jti: 'the same' })
  const taken = Array.from({ length: 50 }, async (_, i) => {
    const node = i % 2 === 0 ? here : beside
    return outcomeOf(async () => {
      const sender = await provenSender(request, node)
      if (sender === undefined) throw new Error('the request brings a proof')
      await takeProof(sender, node)
    })
  })
  const outcomes = await Promise.all(taken)
  expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(1)
  expect(outcomes.filter((outcome) => outcome === 'dpop_proof_invalid')).toHaveLength(49)
  // Also later, and also signed again: the jti counts.
  expect(await sent(here, request)).toBe('dpop_proof_invalid')
  expect(await sent(here, withDpop(here, { jti: 'the same' }))).toBe('dpop_proof_invalid')
  // At another address it is another proof.
  const to = `${ISSUER}/credential`
  expect(await sent(here, withDpop(here, { jti: 'the same' }, { to }))).toBe('accepted')
})

test('DPOP-11.1-2 of a used proof a digest is kept, for as long as the proof could be believed', async () => {
  const here = world()
  const sender = await provenSender(withDpop(here, { jti: 'a-jti' }), here)
  if (sender) await takeProof(sender, here)
  const [used, ...others] = await here.state.rests()
  expect(others).toEqual([])
  expect(used).toMatchObject({ ns: 'issuer/proof-used', text: '' })
  expect(used?.key).not.toContain('a-jti')
  here.time.advance(300)
  expect(await here.state.rests()).toHaveLength(1)
  here.time.advance(61)
  expect(await here.state.rests()).toEqual([])
})

interface Attesting {
  readonly attestation?: Partial<Parameters<typeof writeClientAttestationInput>[0]>
  readonly proof?: Partial<Parameters<typeof writeAttestationProofInput>[0]>
  readonly attestedBy?: KeyPair
  readonly provenBy?: KeyPair
}

const attesting: Changes = {
  ports: { walletProviderKey: registeredWalletProviders([{ keys: [provider.publicJwk] }]) },
}

/** Headers that are right in everything that is not changed. */
function attested(
  here: World,
  { attestation = {}, proof = {}, attestedBy = provider, provenBy = instance }: Attesting = {},
): WireRequest {
  const now = here.time.now()
  const statement = writeClientAttestationInput({
    sub: CLIENT,
    exp: now + 3600,
    jwk: instance.publicJwk,
    alg: 'ES256',
    ...attestation,
  })
  const proving = writeAttestationProofInput({
    aud: ISSUER,
    jti: hash('sha-256', random(16)),
    iat: now,
    challenge: findAttestationChallenge(withNextChallenge(empty, here)) ?? '',
    alg: 'ES256',
    ...proof,
  })
  return {
    method: 'POST',
    url,
    headers: attestationHeaders(signed(statement, attestedBy), signed(proving, provenBy)),
  }
}

function authenticated(here: World, request: WireRequest, named = {}) {
  return outcomeOf(() => attestedClient(request, here, named))
}

test('ABCA-7.1-1, ABCA-7.2-1 a wallet that a believed provider attests is known by its client identifier', async () => {
  const here = world(attesting)
  const client = await attestedClient(attested(here), here, { clientId: CLIENT })
  expect(client).toMatchObject({
    clientId: CLIENT,
    instanceJkt: jwkThumbprint(instance.publicJwk, hash),
  })
  expect(await attestedClient({ method: 'POST', url, headers: {} }, here)).toBeUndefined()
})

test('ABCA-4-07 tokens of draft 07 are taken too, and their iss is compared', async () => {
  const here = world(attesting)
  const attestation = { iss: 'https://provider.example', iat: here.time.now() }
  expect(await authenticated(here, attested(here, { attestation, proof: { iss: CLIENT } }))).toBe('accepted')
  const other = attested(here, { attestation, proof: { iss: 'https://other.example' } })
  expect(await authenticated(here, other)).toBe('client_attestation_invalid')
})

test('ABCA-7.1-1, ABCA-5.1-2, ABCA-5.1-3, ATK-33 another signer, client, audience, key or time is refused', async () => {
  const here = world(attesting)
  const now = here.time.now()
  for (const changes of [
    { attestedBy: keyPair() },
    { provenBy: keyPair() },
    { attestation: { jwk: keyPair().publicJwk } },
    { attestation: { iat: now + 31 } },
    { attestation: { nbf: now + 31 } },
    { proof: { aud: url } },
    { proof: { aud: 'https://other.example' } },
    { proof: { iat: now + 11 } },
    { proof: { iat: now - 301 } },
  ]) {
    expect(await authenticated(here, attested(here, changes))).toBe('client_attestation_invalid')
  }
  const named = { clientId: 'https://other.example' }
  expect(await authenticated(here, attested(here), named)).toBe('client_attestation_invalid')
  expect(await authenticated(world(), attested(here))).toBe('client_attestation_invalid')
})

test('ABCA-7.1-2, ATK-33 an attestation that is over has to be renewed', async () => {
  const here = world(attesting)
  const attestation = { exp: here.time.now() }
  expect(await authenticated(here, attested(here, { attestation }))).toBe('client_attestation_stale')
})

test('ABCA-7.4-1, ATK-33 a challenge is demanded that is ours, recent, and made for this', async () => {
  const here = world({ ...attesting, settings: { nonceLifetime: 60 } })
  const stale = attested(here)
  for (const challenge of ['x', nonceOf(here), makeNonce(here.time.now(), random, here.ports.mac)]) {
    const request = attested(here, { proof: { challenge } })
    expect(await authenticated(here, request)).toBe('attestation_challenge_needed')
  }
  here.time.advance(61)
  expect(await authenticated(here, stale)).toBe('attestation_challenge_needed')
})

test('ABCA-5.2-1 without a proof of its own the key of the DPoP proof counts, when it is the attested one', async () => {
  const here = world(attesting)
  const { 'oauth-client-attestation-pop': _, ...headers } = attested(here).headers
  const request = { method: 'POST', url, headers } as const
  const jkt = jwkThumbprint(instance.publicJwk, hash)
  expect(await attestedClient(request, here, { jkt })).toEqual({ clientId: CLIENT, instanceJkt: jkt })
  const other = jwkThumbprint(key.publicJwk, hash)
  expect(await authenticated(here, request, { jkt: other })).toBe('client_attestation_invalid')
  expect(await authenticated(here, request)).toBe('client_attestation_invalid')
})

test('ABCA-11.1-1, ATK-33 of fifty requests at once with one attestation proof, exactly one is done', async () => {
  const here = world(attesting)
  const request = attested(here)
  const outcomes = await Promise.all(
    Array.from({ length: 50 }, async () => {
      const client = await attestedClient(request, here)
      return client?.use && (await here.ports.store.commit([client.use])).ok
    }),
  )
  expect(outcomes.filter((done) => done)).toHaveLength(1)
  expect(await authenticated(here, request)).toBe('client_attestation_invalid')
})

test('ABCA-6.1-1, ABCA-6.2-1 challenges come from the endpoint as from the header', async () => {
  const here = world(attesting)
  const { ports } = here
  const answered = await answerChallenge({ ports })
  const { attestation_challenge: challenge } = readAttestationChallengeResponse(answered)
  expect(await authenticated(here, attested(here, { proof: { challenge } }))).toBe('accepted')
})

test('ABCA-7.1-1 a registered provider is known by its key, its name and its algorithm', () => {
  const first = { ...provider.publicJwk, kid: '1' }
  const second = { ...keyPair().publicJwk, kid: '2' }
  const keyOf = registeredWalletProviders([{ iss: 'https://provider.example', keys: [first, second] }])
  expect(keyOf({ alg: 'ES256', kid: '2' })).toEqual(second)
  expect(keyOf({ alg: 'ES256', kid: '1', iss: 'https://provider.example' })).toEqual(first)
  for (const stranger of [
    { alg: 'ES256' },
    { alg: 'ES256', kid: '3' },
    { alg: 'EdDSA', kid: '1' },
    { alg: 'ES256', kid: '1', iss: 'https://other.example' },
    { alg: 'ES256', kid: '1', x5c: [Uint8Array.of(48)] },
  ] as const) {
    expect(keyOf(stranger)).toBeUndefined()
  }
})
