/**
 * Credential configuration: one kind of credential that an issuer has, in the format `dc+sd-jwt`.
 * OpenID4VCI 1.0 §12.2.4, Appendix A.3.
 */
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
} from '../../read.ts'
import { type ClaimDescription, claimDescriptions } from './claim-description.ts'
import { type CredentialConfigurationDisplay, configurationDisplays } from './display.ts'
import { type ProofTypes, proofTypes, signingAlgs } from './proof-types.ts'

export interface CredentialConfigurationMetadata {
  readonly format: 'dc+sd-jwt'
  /** Kind of credential, as its `vct` claim says. */
  readonly vct: string
  readonly scope?: string
  /**
   * Holds `jwk`, or methods of DIDs (`did:key`). Present exactly when credentials are bound to a key, and then
   * keys are proven.
   */
  readonly cryptographic_binding_methods_supported?: readonly string[]
  /** Key proofs that are due with a request; present exactly when keys are bound. */
  readonly proof_types_supported?: ProofTypes
  /** With which the issuer signs; absent when it does not say. */
  readonly credential_signing_alg_values_supported?: readonly string[]
  readonly credential_metadata?: CredentialMetadata
}

/** For display where the type's own metadata says nothing. */
export interface CredentialMetadata {
  readonly display?: readonly CredentialConfigurationDisplay[]
  readonly claims?: readonly ClaimDescription[]
}

const schema = members({
  format: v.literal('dc+sd-jwt'),
  vct: text(),
  scope: optional(text()),
  cryptographic_binding_methods_supported: optional(
    v.pipe(
      list(text()),
      v.check((methods) => methods.some(isBindingMethod), 'must hold jwk or a method of DIDs'),
    ),
  ),
  proof_types_supported: optional(proofTypes),
  credential_signing_alg_values_supported: optional(signingAlgs),
  credential_metadata: ornament(
    members({ display: ornament(configurationDisplays), claims: ornament(claimDescriptions) }),
  ),
})

true satisfies Same<Plain<CredentialConfigurationMetadata>, Reads<typeof schema>>

/** §12.2.4: `jwk`, `cose_key`, or `did:` and a method, without a colon at its end. */
function isBindingMethod(method: string): boolean {
  return method === 'jwk' || /^did:[a-z0-9]+$/.test(method)
}

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
