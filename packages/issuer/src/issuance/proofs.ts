/**
 * The proofs of a credential request: each shows that the wallet holds one key, for us and now.
 * OpenID4VCI 1.0 §8.2, App. F.1 and F.4. One bad proof fails the whole request.
 */
import {
  bareJwk,
  type Mac,
  type PublicJwk,
  type SignatureCheck,
  type Verdict,
} from '@facet-id/credential/jose'
import type { Proofs } from '@facet-id/protocol/openid4vci'
import { type ProofJwt, readProofJwt } from '@facet-id/protocol/openid4vci/key-proof'
import { IssuerError } from '../error.ts'
import type { IssuerSettings } from '../settings.ts'
import { CLOCK_SKEW_SECONDS, isNonceFresh } from './nonce.ts'

export interface ReadProofs {
  /** The nonce that all of them carry. */
  readonly nonce: string
  /** One key for each copy, no two alike. */
  readonly keys: readonly PublicJwk[]
  /** The signatures that must hold. */
  readonly checks: readonly SignatureCheck[]
}

/** What proofs are held against. */
export interface ProofRules {
  readonly settings: IssuerSettings
  readonly mac: Mac
  /** Seconds since the epoch. */
  readonly now: number
}

/**
 * Reads the proofs and applies every rule that needs no key to be used.
 *
 * @throws {IssuerError} `proof_missing`, `proof_invalid`, `batch_too_large`, `nonce_unusable`
 * @throws {ProtocolError} `proof_malformed`
 */
export function readProofs(given: Proofs | undefined, judging: ProofRules): ReadProofs {
  const { settings, mac, now } = judging
  const texts = given !== undefined && 'jwt' in given ? given.jwt : []
  if (texts.length === 0) {
    throw new IssuerError('proof_missing', 'The request needs proofs.jwt: one key proof for each copy')
  }
  if (texts.length > settings.batchSize) {
    throw new IssuerError(
      'batch_too_large',
      `At most ${settings.batchSize} proofs in one request, as the metadata says`,
    )
  }
  const proofs = texts.map((text) => readProof(text, settings))
  for (const proof of proofs) checkAddressed(proof, settings)
  // Before the times: a proof as old as its nonce is mended by a new nonce, and the wallet is told so.
  const nonce = sharedNonce(proofs)
  if (!isNonceFresh(nonce, now, { mac, lifetime: settings.nonceLifetime })) throw nonceUnusable()
  for (const proof of proofs) checkTime(proof, settings, now)
  return { nonce, keys: distinctKeys(proofs), checks: proofs.map(({ jwk, check }) => check(jwk)) }
}

export function nonceUnusable(): IssuerError {
  return new IssuerError(
    'nonce_unusable',
    'The nonce is not one of ours, too old, or used; get a new one and sign again',
  )
}

/** @throws {IssuerError} `proof_invalid` */
export function checkProofVerdicts(verdicts: readonly Verdict[], expected: number): void {
  if (verdicts.length !== expected || verdicts.some((verdict) => verdict !== 'valid')) {
    throw new IssuerError(
      'proof_invalid',
      'The signature of a proof does not hold under the key that it names',
    )
  }
}

interface KeyProof extends ProofJwt {
  readonly jwk: PublicJwk
}

/** A proof that names its key by `kid` or `x5c` is none of those that the metadata asks for. */
function readProof(text: string, { proofAlgs }: IssuerSettings): KeyProof {
  const proof = readProofJwt(text, proofAlgs)
  if (proof.key.by !== 'jwk') throw new IssuerError('proof_invalid', 'A key proof must carry its key as jwk')
  return { ...proof, jwk: proof.key.jwk }
}

function checkAddressed(proof: ProofJwt, settings: IssuerSettings): void {
  if (proof.aud !== settings.credential_issuer) {
    throw new IssuerError('proof_invalid', 'The audience of a proof must be the Credential Issuer Identifier')
  }
  if (proof.nonce === undefined) {
    throw new IssuerError('proof_invalid', 'A proof carries no nonce; get one from the nonce endpoint')
  }
}

function checkTime(proof: ProofJwt, settings: IssuerSettings, now: number): void {
  const age = now - proof.iat
  if (age < -CLOCK_SKEW_SECONDS || age > settings.nonceLifetime + CLOCK_SKEW_SECONDS) {
    throw new IssuerError('proof_invalid', 'A proof was not made just now; look at the clock of the device')
  }
}

function sharedNonce(proofs: readonly ProofJwt[]): string {
  const [nonce, ...others] = new Set(proofs.map((proof) => proof.nonce))
  if (nonce === undefined || others.length > 0) {
    throw new IssuerError('nonce_unusable', 'All proofs of one request carry the same nonce')
  }
  return nonce
}

function distinctKeys(proofs: readonly KeyProof[]): readonly PublicJwk[] {
  const keys = proofs.map(({ jwk }) => jwk)
  if (new Set(keys.map((jwk) => JSON.stringify(bareJwk(jwk)))).size !== keys.length) {
    throw new IssuerError('proof_invalid', 'Each copy needs a key of its own: two proofs name the same one')
  }
  return keys
}
