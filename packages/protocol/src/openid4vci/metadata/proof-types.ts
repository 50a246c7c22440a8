/**
 * Key proofs that a configuration asks for, and what must be attested of the keys.
 * OpenID4VCI 1.0 §12.2.4, Appendix D.2, F.
 */
import { isJwsAlgorithm } from '@facet-id/credential/jose'
import * as v from 'valibot'
import { list, members, optional, type Plain, type Reader, type Reads, type Same, text } from '../../read.ts'

/** By type of proof; at least one. Types that are not known here are left out. */
export interface ProofTypes {
  /** The wallet signs with each key. */
  readonly jwt?: ProofType
  /** The wallet's provider vouches for the keys; nothing is signed with them. */
  readonly attestation?: ProofType
}

export interface ProofType {
  /** JOSE names, of proofs and of key attestations; at least one of them is an algorithm of this release. */
  readonly proof_signing_alg_values_supported: readonly string[]
  /** Absent: no key attestation is asked for. Empty: any will do, and one there must be (§12.2.4). */
  readonly key_attestations_required?: KeyAttestationsRequired
}

/** Levels of App. D.2, or others' own; of each list that is there, the attestation names one at least. */
export interface KeyAttestationsRequired {
  readonly key_storage?: readonly string[]
  readonly user_authentication?: readonly string[]
}

const LEVELS = 20

export const signingAlgs: Reader<readonly string[]> = v.pipe(
  list(text()),
  v.check((algs) => algs.some(isJwsAlgorithm), 'must hold ES256, ES384, ES512 or EdDSA'),
)

const attestationsRequired = members({
  key_storage: optional(list(text(), LEVELS)),
  user_authentication: optional(list(text(), LEVELS)),
})

const proofType = members({
  proof_signing_alg_values_supported: signingAlgs,
  key_attestations_required: optional(attestationsRequired),
})

const schema = members({ jwt: optional(proofType), attestation: optional(proofType) })

true satisfies Same<Plain<ProofTypes>, Reads<typeof schema>>

export const proofTypes: Reader<ProofTypes> = v.pipe(
  schema,
  v.check(
    ({ jwt, attestation }) => jwt !== undefined || attestation !== undefined,
    'must hold jwt or attestation',
  ),
)
