/**
 * The proofs of a credential request: each shows that the wallet holds one key, for us and now; or its provider
 * vouches for keys. OpenID4VCI 1.0 §8.2, App. D, F. One bad proof fails the whole request.
 *
 * Here is every rule that needs no key. Then `endpoints/proving.ts` finds the keys, and has the signatures checked.
 */
import type { Mac, PublicJwk, Verdict } from '@facet-id/credential/jose'
import { bareJwk } from '@facet-id/credential/jose'
import type { Proofs } from '@facet-id/protocol/openid4vci'
import {
  type KeyAttestation,
  meetsLevels,
  type ProofJwt,
  readKeyAttestation,
  readProofJwt,
} from '@facet-id/protocol/openid4vci/key-proof'
import { IssuerError } from '../error.ts'
import type { IssuerSettings } from '../settings.ts'
import { defaultProofs, type ProofRules, type ProofsTaken } from './issuance-settings.ts'
import { CLOCK_SKEW_SECONDS, isNonceFresh } from './nonce.ts'

export interface ReadProofs {
  /** The nonce that all of them carry. */
  readonly nonce: string
  /** In the order of the request; of type `attestation` there is one, which is nobody's proof. */
  readonly proofs: readonly ReadProof[]
}

export interface ReadProof {
  readonly jwt?: ProofJwt
  readonly attestation?: KeyAttestation
}

/** What proofs are held against. */
export interface ProvingRules {
  readonly settings: IssuerSettings
  /** What the configuration takes; absent: `jwt` without attestations. */
  readonly taken?: ProofsTaken | undefined
  /** Whether anybody is believed about keys. */
  readonly attested: boolean
  /** The `client_id` for which the token was given; absent: none. */
  readonly clientId?: string | undefined
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
export function readProofs(given: Proofs | undefined, judging: ProvingRules): ReadProofs {
  const { settings, mac, now, taken = defaultProofs } = judging
  const { texts, type } = textsIn(given)
  const rules = taken[type]
  if (rules === undefined) {
    throw invalid(
      `This credential is not issued for proofs of type ${type}; the metadata lists those that are`,
    )
  }
  if (texts.length === 0) {
    throw new IssuerError('proof_missing', 'The request needs proofs.jwt: one key proof for each copy')
  }
  checkBatch(texts.length, settings)
  const proofs = texts.map((text) =>
    type === 'jwt' ? readJwt(text, judging) : { attestation: readKeyAttestation(text, settings.proofAlgs) },
  )
  for (const proof of proofs) checkAddressed(proof, judging)
  // Before the times: a proof as old as its nonce is mended by a new nonce, and the wallet is told so.
  const nonce = sharedNonce(proofs)
  if (!isNonceFresh(nonce, now, { mac, lifetime: settings.nonceLifetime })) throw nonceUnusable()
  for (const proof of proofs) {
    checkTime(proof, settings, now)
    checkAttested(proof, rules)
  }
  return { nonce, proofs }
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
    throw invalid('The signature of a proof does not hold under the key that it names')
  }
}

/**
 * One key for each copy, no two alike: those that were attested, where they were, and else those that proved
 * themselves (App. F.1, F.3: one credential for each of `attested_keys`).
 *
 * @param proven the key of each proof; absent where there is an attestation alone
 * @throws {IssuerError} `proof_invalid`, `batch_too_large`
 */
export function keysOf(
  proofs: readonly ReadProof[],
  proven: readonly (PublicJwk | undefined)[],
  settings: IssuerSettings,
): readonly PublicJwk[] {
  const own = proven.map((key) => key && textOf(key))
  const named = own.filter((key) => key !== undefined)
  if (new Set(named).size !== named.length) {
    throw invalid('Each copy needs a key of its own: two proofs name the same one')
  }
  const keys = new Map<string, PublicJwk>()
  for (const [place, { attestation }] of proofs.entries()) {
    const key = proven[place]
    const attested = attestation?.attested_keys ?? (key === undefined ? [] : [key])
    // App. D.1: the proof was signed by one of the attested keys.
    if (key !== undefined && !attested.some((each) => textOf(each) === textOf(key))) {
      throw invalid('The key of a proof is none of those that its key attestation attests')
    }
    for (const each of attested) keys.set(textOf(each), bareJwk(each))
  }
  checkBatch(keys.size, settings)
  return [...keys.values()]
}

function textsIn(given: Proofs | undefined): {
  readonly texts: readonly string[]
  readonly type: 'jwt' | 'attestation'
} {
  if (given === undefined) {
    throw new IssuerError('proof_missing', 'The request needs proofs: one key proof for each copy')
  }
  return 'jwt' in given
    ? { texts: given.jwt, type: 'jwt' }
    : { texts: given.attestation, type: 'attestation' }
}

function readJwt(text: string, { settings, attested }: ProvingRules): ReadProof {
  const jwt = readProofJwt(text, settings.proofAlgs)
  if (jwt.keyAttestation === undefined) return { jwt }
  if (!attested) throw invalid('Key attestations are not taken here: leave out key_attestation')
  return { jwt, attestation: readKeyAttestation(jwt.keyAttestation, settings.proofAlgs) }
}

function checkAddressed({ jwt, attestation }: ReadProof, { settings, clientId }: ProvingRules): void {
  if (jwt !== undefined && jwt.aud !== settings.credential_issuer) {
    throw invalid('The audience of a proof must be the Credential Issuer Identifier')
  }
  // §F.1: `iss` is the client_id; of a wallet that never said who it is, nothing is compared.
  if (jwt?.iss !== undefined && clientId !== undefined && jwt.iss !== clientId) {
    throw invalid('The "iss" of a proof must be the client_id for which the access token was given')
  }
  for (const proof of [jwt, attestation]) {
    if (proof !== undefined && proof.nonce === undefined) {
      throw invalid('A proof, or its key attestation, carries no nonce; get one from the nonce endpoint')
    }
  }
}

function checkTime({ jwt, attestation }: ReadProof, settings: IssuerSettings, now: number): void {
  const age = jwt === undefined ? 0 : now - jwt.iat
  if (age < -CLOCK_SKEW_SECONDS || age > settings.nonceLifetime + CLOCK_SKEW_SECONDS) {
    throw invalid('A proof was not made just now; look at the clock of the device')
  }
  if (attestation === undefined) return
  if (attestation.iat > now + CLOCK_SKEW_SECONDS) throw invalid('A key attestation is from the future')
  if (attestation.exp === undefined && jwt !== undefined) {
    throw invalid('A key attestation in a proof must say when it expires')
  }
  if (attestation.exp !== undefined && attestation.exp <= now - CLOCK_SKEW_SECONDS) {
    throw invalid('A key attestation has expired')
  }
}

function checkAttested({ attestation }: ReadProof, { keyAttestations }: ProofRules): void {
  if (keyAttestations === undefined) return
  if (attestation === undefined) throw invalid('This credential needs a key attestation for its keys')
  if (!meetsLevels(attestation, keyAttestations)) {
    throw invalid('The keys are not kept as this credential needs it; the metadata lists the levels')
  }
}

function sharedNonce(proofs: readonly ReadProof[]): string {
  const all = proofs.flatMap(({ jwt, attestation }) =>
    [jwt, attestation].flatMap((each) => each?.nonce ?? []),
  )
  const [nonce, ...others] = new Set(all)
  if (nonce === undefined || others.length > 0) {
    throw new IssuerError('nonce_unusable', 'All proofs of one request carry the same nonce')
  }
  return nonce
}

function checkBatch(keys: number, { batchSize }: IssuerSettings): void {
  if (keys <= batchSize) return
  throw new IssuerError('batch_too_large', `At most ${batchSize} keys in one request, as the metadata says`)
}

function textOf(key: PublicJwk): string {
  return JSON.stringify(bareJwk(key))
}

function invalid(message: string): IssuerError {
  return new IssuerError('proof_invalid', message)
}
