/**
 * Sends a request as a sender: with a DPoP proof of its key, and its attestation, where the server takes them. What
 * the server gives for the next proof is taken from any answer; where it refused for the lack of that alone, the
 * request is sent once more with proofs of its own. RFC 9449 §8, §9; Attestation-Based Client Authentication §7.4.
 */
import { utf8, writeBase64url } from '@facet-id/credential/base64url'
import { type Hash, jwkThumbprint, type Signer, writeJws } from '@facet-id/credential/jose'
import { writeBearer } from '@facet-id/protocol/oauth'
import {
  attestationChallengeRequest,
  attestationHeaders,
  readAttestationChallengeResponse,
  writeAttestationProofInput,
} from '@facet-id/protocol/oauth/client-attestation'
import {
  accessTokenHash,
  wantsDpopNonce,
  writeDpopAuthorization,
  writeDpopInput,
} from '@facet-id/protocol/oauth/dpop'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import type { Access } from '../authorization/authorization-state.ts'
import type { Sender } from '../authorization/sender.ts'
import { HolderError } from '../error.ts'
import type { Holding } from '../holding.ts'
import { answered, peerErrorOf } from '../peer-error.ts'
import type { HolderKey } from '../shelf/keys.ts'
import { attestationFor } from './attestation.ts'

type Token = Pick<Access, 'accessToken' | 'tokenType'>

/** @param token where the request goes to a protected endpoint */
export async function sendSigned(
  request: WireRequest,
  { sender, token }: { readonly sender: Sender; readonly token?: Token },
  holding: Holding,
): Promise<WireResponse> {
  const { ports, nonces } = holding
  const repeated = new Set<Lack>()
  for (;;) {
    const headers = {
      ...request.headers,
      ...(token === undefined ? await attesting(sender, repeated, holding) : authorizing(token)),
      ...(await proving(request, { sender, token }, holding)),
    }
    const response = await ports.transport.send({ ...request, headers })
    const lack = lackIn(response, sender)
    const { attested } = sender
    if (attested !== undefined && lack === 'challenge') nonces.dropChallenge(sender.id, attested.audience)
    nonces.take(sender.id, { url: request.url, audience: audienceOf(sender, token) }, response)
    if (lack === undefined || repeated.has(lack)) return response
    repeated.add(lack)
  }
}

/** Why a server refused what it would take with another proof. */
type Lack = 'nonce' | 'challenge' | 'fresh_attestation'

function lackIn(response: WireResponse, { dpopKey, attested }: Sender): Lack | undefined {
  if (dpopKey !== undefined && wantsDpopNonce(response)) return 'nonce'
  if (attested === undefined) return undefined
  const error = peerErrorOf(response)
  if (error === 'use_attestation_challenge') return 'challenge'
  return error === 'use_fresh_attestation' ? 'fresh_attestation' : undefined
}

/** Whose answer comes back: a protected endpoint is the server's where the issuer is its own. */
function audienceOf({ attested }: Sender, token: Token | undefined): string | undefined {
  return token === undefined || attested?.issuer === attested?.audience ? attested?.audience : undefined
}

function authorizing({ accessToken, tokenType }: Token): WireRequest['headers'] {
  const authorization = tokenType === 'DPoP' ? writeDpopAuthorization(accessToken) : writeBearer(accessToken)
  return { authorization }
}

/** A bearer token is no more bound by a proof beside it, and gets none. */
async function proving(
  request: WireRequest,
  { sender, token }: { readonly sender: Sender; readonly token: Token | undefined },
  { ports, nonces }: Holding,
): Promise<WireRequest['headers']> {
  if (sender.dpopKey === undefined || token?.tokenType === 'Bearer') return {}
  const [key] = await ports.keys.create([sender.dpopKey])
  // The port makes another where one is gone, to which nothing was granted.
  if (key === undefined || !isOf(sender, key, ports.hash))
    throw new HolderError('credential_unknown', 'The key of the access is gone')
  const nonce = nonces.dpop(sender.id, request.url)
  const input = writeDpopInput({
    request,
    jti: writeBase64url(ports.random(16)),
    issuedAt: ports.now(),
    jwk: key.publicJwk,
    alg: key.alg,
    ...(nonce === undefined ? {} : { nonce }),
    ...(token === undefined ? {} : { ath: accessTokenHash(token.accessToken, ports.hash) }),
  })
  return { dpop: writeJws(input, await ports.keys.sign(key.keyId, utf8(input))) }
}

function isOf({ dpopJkt }: Sender, { publicJwk }: HolderKey, hash: Hash): boolean {
  return dpopJkt === undefined || jwkThumbprint(publicJwk, hash) === dpopJkt
}

/** `iss` is what draft 07 wants; later drafts pass over it. */
async function attesting(
  sender: Sender,
  repeated: ReadonlySet<Lack>,
  holding: Holding,
): Promise<WireRequest['headers']> {
  const { ports } = holding
  const { attested } = sender
  if (attested === undefined) return {}
  const { issuer, audience } = attested
  const fresh = repeated.has('fresh_attestation')
  const attestation = await attestationFor({ issuer, fresh }, holding)
  if (attestation === undefined) {
    throw new HolderError('offer_unsupported', 'The attestation of this wallet for that issuer is gone')
  }
  const { signer, clientId } = attestation
  if (clientId !== sender.clientId) {
    throw new HolderError(
      'attestation_unusable',
      'The attestation of this wallet is of another client than the access was asked for by',
    )
  }
  const challenge = await challengeFor(sender, attested, holding)
  const input = writeAttestationProofInput({
    alg: signer.alg,
    iss: clientId,
    aud: audience,
    jti: writeBase64url(ports.random(16)),
    iat: ports.now(),
    ...(challenge === undefined ? {} : { challenge }),
  })
  return attestationHeaders(attestation.attestation, writeJws(input, await signedBy(signer, input)))
}

/** §6.1: a client "MUST" use the endpoint for challenges where there is one; the newest counts, wherever from. */
async function challengeFor(
  { id }: Sender,
  { audience, challengeEndpoint }: NonNullable<Sender['attested']>,
  { ports, nonces }: Holding,
): Promise<string | undefined> {
  const known = nonces.challenge(id, audience)
  if (known !== undefined || challengeEndpoint === undefined) return known
  const response = await ports.transport.send(attestationChallengeRequest(challengeEndpoint))
  nonces.take(id, { url: challengeEndpoint, audience }, response)
  const { attestation_challenge: challenge } = readAttestationChallengeResponse(answered(response))
  nonces.takeChallenge(id, audience, challenge)
  return challenge
}

async function signedBy(signer: Signer, input: string): Promise<Uint8Array> {
  return signer.sign(utf8(input))
}
