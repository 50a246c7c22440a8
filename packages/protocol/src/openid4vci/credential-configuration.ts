/**
 * Credential configuration: one kind of credential that an issuer has, in the format `dc+sd-jwt`.
 * OpenID4VCI 1.0 §12.2.4, Appendix A.3.
 */
import { isJwsAlgorithm } from '@facet-id/credential/jose'
import * as v from 'valibot'
import {
  list,
  members,
  optional,
  ornament,
  type Plain,
  type Reader,
  type Reads,
  type Same,
  text,
} from '../read.ts'
import { type ClaimDescription, claimDescriptions } from './claim-description.ts'
import { type CredentialConfigurationDisplay, configurationDisplays } from './display.ts'

export interface CredentialConfigurationMetadata {
  readonly format: 'dc+sd-jwt'
  /** Kind of credential, as its `vct` claim says. */
  readonly vct: string
  readonly scope?: string
  /** Holds `jwk`. Present exactly when credentials are bound to a key, and then keys are proven. */
  readonly cryptographic_binding_methods_supported?: readonly string[]
  /** Key proofs that are due with a request; present exactly when keys are bound. */
  readonly proof_types_supported?: { readonly jwt: JwtProofType }
  /** With which the issuer signs; absent when it does not say. */
  readonly credential_signing_alg_values_supported?: readonly string[]
  readonly credential_metadata?: CredentialMetadata
}

export interface JwtProofType {
  /** JOSE names; at least one of them is an algorithm of this release. */
  readonly proof_signing_alg_values_supported: readonly string[]
}

/** For display where the type's own metadata says nothing. */
export interface CredentialMetadata {
  readonly display?: readonly CredentialConfigurationDisplay[]
  readonly claims?: readonly ClaimDescription[]
}

const signingAlgs = v.pipe(
  list(text()),
  v.check((algs) => algs.some(isJwsAlgorithm), 'must hold ES256, ES384, ES512 or EdDSA'),
)

const jwtProofType: Reader<JwtProofType> = v.pipe(
  members({
    proof_signing_alg_values_supported: signingAlgs,
    key_attestations_required: optional(v.unknown()),
  }),
  // §12.2.4: even an empty object demands an attestation, and this release has none to give.
  v.check((type) => !Object.hasOwn(type, 'key_attestations_required'), 'demands key attestations'),
  v.transform(({ proof_signing_alg_values_supported }) => ({ proof_signing_alg_values_supported })),
)

const schema = members({
  format: v.literal('dc+sd-jwt'),
  vct: text(),
  scope: optional(text()),
  cryptographic_binding_methods_supported: optional(
    v.pipe(
      list(text()),
      v.check((methods) => methods.includes('jwk'), 'must hold jwk'),
    ),
  ),
  proof_types_supported: optional(members({ jwt: jwtProofType })),
  credential_signing_alg_values_supported: optional(signingAlgs),
  credential_metadata: ornament(
    members({ display: ornament(configurationDisplays), claims: ornament(claimDescriptions) }),
  ),
})

true satisfies Same<Plain<CredentialConfigurationMetadata>, Reads<typeof schema>>

/** A configuration that this release can act upon; any other is refused. */
export const credentialConfiguration: Reader<CredentialConfigurationMetadata> = v.pipe(
  schema,
  v.check(
    (configuration) =>
      Object.hasOwn(configuration, 'cryptographic_binding_methods_supported') ===
      Object.hasOwn(configuration, 'proof_types_supported'),
    'must have binding methods and proof types together',
  ),
)
