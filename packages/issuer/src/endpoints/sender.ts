/**
 * Who sent a request: the key that a DPoP proof shows, and the wallet that an attestation shows. Each endpoint that
 * takes them asks here, and puts `use` into the commit of what the request buys: of many with one proof, one wins.
 */
import { jwkThumbprint } from '@facet-id/credential/jose'
import { findClientAttestation, withAttestationChallenge } from '@facet-id/protocol/oauth/client-attestation'
import { findDpopProof, withDpopNonce } from '@facet-id/protocol/oauth/dpop'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import type { Op } from '@facet-id/store'
import {
  attestationForged,
  attestationProofKey,
  attestationReplayed,
  checkAttestation,
  providerUnknown,
} from '../client/attestation.ts'
import { checkDpop, dpopForged, dpopKey, dpopReplayed } from '../client/dpop.ts'
import { believedUntil } from '../client/proof-age.ts'
import { isProofUsed, useProof } from '../client/replay-store.ts'
import { makeNonce } from '../issuance/nonce.ts'
import type { Issuing } from '../issuing.ts'

type Known = Pick<Issuing, 'ports' | 'settings'>

/** A key that its owner proved to have, with this very request. */
export interface ProvenSender {
  /** Thumbprint of the key. */
  readonly jkt: string
  /** Takes the proof; where it is refused, `dpopReplayed()` is the answer. */
  readonly use: Op
}

/** A wallet whose provider is believed, and whose instance proved its key with this very request. */
export interface AttestedClient {
  readonly clientId: string
  /** Thumbprint of the instance's key: refresh tokens are bound to it. */
  readonly instanceJkt: string
  /** Takes the proof; absent where the DPoP proof was it. Where it is refused, `attestationReplayed()` is the answer. */
  readonly use?: Op
}

/**
 * The key that the request's DPoP proof shows; `undefined` when it brings none.
 *
 * @param accessToken of the request, at protected endpoints
 * @throws {IssuerError} `dpop_proof_invalid`, `dpop_nonce_needed`
 * @throws {ProtocolError} `dpop_proof_malformed`
 */
export async function provenSender(
  request: WireRequest,
  { ports, settings }: Known,
  accessToken?: string,
): Promise<ProvenSender | undefined> {
  const proof = findDpopProof(request)
  if (proof === undefined) return undefined
  const { hash, mac } = ports
  const { nonceLifetime, scheme } = settings
  const rules = { request, hash, mac, now: ports.now(), nonceLifetime, scheme }
  checkDpop(proof, { ...rules, ...(accessToken === undefined ? {} : { accessToken }) })
  const key = dpopKey(proof, rules)
  if (await isProofUsed(ports.store, key)) throw dpopReplayed()
  const verdicts = await ports.checkSignatures([proof.check])
  if (verdicts.length !== 1 || verdicts[0] !== 'valid') throw dpopForged()
  return { jkt: jwkThumbprint(proof.jwk, hash), use: useProof(key, believedUntil(proof.iat)) }
}

/**
 * The wallet that the request's attestation shows; `undefined` when it brings none.
 *
 * @param named the client identifier of the request, and the key of its DPoP proof, where there are any
 * @throws {IssuerError} `client_attestation_invalid`, `client_attestation_stale`, `attestation_challenge_needed`
 * @throws {ProtocolError} `client_attestation_malformed`
 */
export async function attestedClient(
  request: WireRequest,
  { ports, settings }: Known,
  named: { readonly clientId?: string; readonly jkt?: string } = {},
): Promise<AttestedClient | undefined> {
  const found = findClientAttestation(request)
  if (found === undefined) return undefined
  const { attestation, proof } = found
  const { hash, mac } = ports
  const instanceJkt = jwkThumbprint(attestation.jwk, hash)
  checkAttestation(found, instanceJkt, {
    ...named,
    audience: settings.credential_issuer,
    mac,
    now: ports.now(),
    challengeLifetime: settings.nonceLifetime,
    challenge: settings.authorization.attestationChallenge ?? 'required',
  })
  const key = proof && attestationProofKey(proof, instanceJkt, hash)
  if (key !== undefined && (await isProofUsed(ports.store, key))) throw attestationReplayed()
  const { alg, iss, kid, x5c } = attestation
  const providerKey = await ports.walletProviderKey?.({
    alg,
    ...(iss === undefined ? {} : { iss }),
    ...(kid === undefined ? {} : { kid }),
    ...(x5c === undefined ? {} : { x5c }),
  })
  if (providerKey === undefined) throw providerUnknown()
  const checks = [attestation.check(providerKey), ...(proof ? [proof.check(attestation.jwk)] : [])]
  const verdicts = await ports.checkSignatures(checks)
  if (verdicts.length !== checks.length || verdicts.some((verdict) => verdict !== 'valid')) {
    throw attestationForged()
  }
  const client = { clientId: attestation.sub, instanceJkt }
  return proof && key !== undefined ? { ...client, use: useProof(key, believedUntil(proof.iat)) } : client
}

/**
 * Takes the proofs of a request that buys nothing which is committed.
 *
 * @throws {IssuerError} `dpop_proof_invalid`
 */
export async function takeProof({ use }: ProvenSender, { ports }: Pick<Issuing, 'ports'>): Promise<void> {
  if (!(await ports.store.commit([use])).ok) throw dpopReplayed()
}

/** Takes a proof whose request was refused; that it was taken before is no news then. */
export async function usedUp({ use }: ProvenSender, { ports }: Pick<Issuing, 'ports'>): Promise<void> {
  await ports.store.commit([use])
}

/** The answer of an endpoint that takes DPoP proofs, with a nonce for the next one (RFC 9449 §8.2). */
export function withNextNonce(response: WireResponse, { ports }: Pick<Issuing, 'ports'>): WireResponse {
  return withDpopNonce(response, makeNonce(ports.now(), ports.random, ports.mac, 'dpop'))
}

/** The answer of an endpoint that takes client attestations, with a challenge for the next proof (§6.2). */
export function withNextChallenge(response: WireResponse, { ports }: Pick<Issuing, 'ports'>): WireResponse {
  return withAttestationChallenge(response, nextChallenge(ports))
}

/** A challenge for the proof of a client attestation. */
export function nextChallenge({ now, random, mac }: Issuing['ports']): string {
  return makeNonce(now(), random, mac, 'client_attestation')
}
