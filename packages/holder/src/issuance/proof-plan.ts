/**
 * How keys are proven to an issuer: of what it takes, what says least about the wallet.
 * OpenID4VCI 1.0 Appendix F.
 */
import { isJwsAlgorithm, type JwsAlgorithm } from '@facet-id/credential/jose'
import type { CredentialConfigurationMetadata } from '@facet-id/protocol/openid4vci'
import { HolderError } from '../error.ts'

export interface ProofPlan {
  readonly type: 'jwt' | 'attestation'
  /** Whether the wallet's provider vouches for the keys; always for an `attestation`. */
  readonly attested: boolean
  /** Those that the issuer takes, of those that are known here, in its order. At least one. */
  readonly algs: readonly JwsAlgorithm[]
}

/**
 * A signature of each key where that is enough; then one signature, and a key attestation that has all keys in
 * it; and the attestation alone where nothing else is taken.
 *
 * @param attests whether this wallet has key attestations
 * @throws {HolderError} `offer_unsupported`
 */
export function planProofs(
  {
    proof_types_supported: types,
    cryptographic_binding_methods_supported: methods = [],
  }: CredentialConfigurationMetadata,
  attests: boolean,
): ProofPlan {
  if (types === undefined || !methods.includes('jwk'))
    throw new HolderError(
      'offer_unsupported',
      'This wallet takes credentials that are bound to a bare key only',
    )
  const { jwt, attestation } = types
  if (jwt !== undefined && jwt.key_attestations_required === undefined) return planOf('jwt', false, jwt)
  if (!attests)
    throw new HolderError(
      'offer_unsupported',
      'The issuer demands key attestations, which this wallet has not',
    )
  if (jwt !== undefined) return planOf('jwt', true, jwt)
  if (attestation !== undefined) return planOf('attestation', true, attestation)
  throw new HolderError('offer_unsupported', 'The issuer takes no proof of a kind that is known here')
}

function planOf(
  type: ProofPlan['type'],
  attested: boolean,
  {
    proof_signing_alg_values_supported: algs,
  }: { readonly proof_signing_alg_values_supported: readonly string[] },
): ProofPlan {
  return { type, attested, algs: algs.filter(isJwsAlgorithm) }
}
