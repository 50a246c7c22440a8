/** For tests of the issuer: a wallet that proves a key of its own with each request, and is attested. */
import {
  attestationChallengeRequest,
  attestationHeaders,
  readAttestationChallengeResponse,
  writeAttestationProofInput,
  writeClientAttestationInput,
} from '@facet-id/protocol/oauth/client-attestation'
import { accessTokenHash, findDpopNonce, writeDpopInput } from '@facet-id/protocol/oauth/dpop'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { hash, type KeyPair, keyPair, random } from '@facet-id/testkit'
import { registeredWalletProviders } from './client/wallet-provider.ts'
import { signed } from './wallet.test-support.ts'
import { ISSUER, type World } from './world.test-support.ts'

export const provider: KeyPair = keyPair()

/** Believes that provider. */
export const believing = { walletProviderKey: registeredWalletProviders([{ keys: [provider.publicJwk] }]) }

/** The request with a proof of that key; with the nonce that a first try was answered with. */
export async function sendBound(
  here: World,
  request: WireRequest,
  key: KeyPair,
  accessToken?: string,
): Promise<WireResponse> {
  const first = await here.send(withProof(here, request, { key, accessToken }))
  const nonce = findDpopNonce(first)
  return first.body.includes('use_dpop_nonce') && nonce !== undefined
    ? here.send(withProof(here, request, { key, accessToken, nonce }))
    : first
}

export function withProof(
  here: World,
  request: WireRequest,
  { key, accessToken, nonce }: { key: KeyPair; accessToken?: string | undefined; nonce?: string },
): WireRequest {
  const input = writeDpopInput({
    request,
    jti: hash('sha-256', random(16)),
    issuedAt: here.time.now(),
    jwk: key.publicJwk,
    alg: 'ES256',
    ...(nonce === undefined ? {} : { nonce }),
    ...(accessToken === undefined ? {} : { ath: accessTokenHash(accessToken, hash) }),
  })
  const authorization = accessToken === undefined ? {} : { authorization: `DPoP ${accessToken}` }
  return { ...request, headers: { ...request.headers, dpop: signed(input, key), ...authorization } }
}

/** The request of a wallet that its provider attests, and whose instance has that key. */
export async function withAttestation(
  here: World,
  request: WireRequest,
  {
    clientId,
    instance,
    by = provider,
    challenged = true,
    age = 0,
  }: { clientId: string; instance: KeyPair; by?: KeyPair; challenged?: boolean; age?: number },
): Promise<WireRequest> {
  const asked = await here.send(attestationChallengeRequest(`${ISSUER}/challenge`))
  const { attestation_challenge: challenge } = readAttestationChallengeResponse(asked)
  const now = here.time.now()
  const attestation = signed(
    writeClientAttestationInput({ sub: clientId, exp: now + 3600, jwk: instance.publicJwk, alg: 'ES256' }),
    by,
  )
  const proof = signed(
    writeAttestationProofInput({
      aud: ISSUER,
      jti: hash('sha-256', random(16)),
      iat: now - age,
      ...(challenged ? { challenge } : {}),
      alg: 'ES256',
    }),
    instance,
  )
  return { ...request, headers: { ...request.headers, ...attestationHeaders(attestation, proof) } }
}
