/**
 * Client metadata: what a verifier says of itself in its request. OpenID4VP 1.0 §5.1, §11.1.
 *
 * Everything but `vp_formats_supported` is left out when it is read. Names and logos are unproven
 * and "MUST be ignored" unless a profile permits them, and keys (`jwks`) "MUST NOT be used to verify
 * the signature of signed Authorization Requests", so nobody gets to see them.
 */
import type { JwsAlgorithm } from '@facet-id/credential/jose'
import { list, members, optional, type Plain, type Reader, type Reads, type Same, text } from '../read.ts'

export interface ClientMetadata {
  /** Absent when the wallet is thought to know it. */
  readonly vp_formats_supported?: VpFormats
}

/** By credential format; those that this release does not know are left out. */
export interface VpFormats {
  readonly 'dc+sd-jwt'?: SdJwtVcFormat
}

/** JOSE names of algorithms, at least one where present; absent when any will do. OpenID4VP 1.0 §B.3.4. */
export interface SdJwtVcFormat {
  /** For the issuer's signature. */
  readonly 'sd-jwt_alg_values'?: readonly string[]
  /** For the key binding JWT. */
  readonly 'kb-jwt_alg_values'?: readonly string[]
}

const clientMetadataMembers = members({
  vp_formats_supported: optional(
    members({
      'dc+sd-jwt': optional(
        members({
          'sd-jwt_alg_values': optional(list(text())),
          'kb-jwt_alg_values': optional(list(text())),
        }),
      ),
    }),
  ),
})

true satisfies Same<Plain<ClientMetadata>, Reads<typeof clientMetadataMembers>>

/** Reads the object; for the schema of the request object. */
export const clientMetadata: Reader<ClientMetadata> = clientMetadataMembers

/** With which algorithms an SD-JWT VC and its presentation are signed. */
export interface SignedWith {
  readonly issuer: JwsAlgorithm
  readonly holder: JwsAlgorithm
}

/**
 * Whether a verifier takes SD-JWT VCs that are signed so. One that says nothing about formats, or
 * nothing about algorithms, takes all of them.
 */
export function takesSdJwtVc(metadata: ClientMetadata | undefined, { issuer, holder }: SignedWith): boolean {
  const formats = metadata?.vp_formats_supported
  if (formats === undefined) return true
  const format = formats['dc+sd-jwt']
  if (format === undefined) return false
  const { 'sd-jwt_alg_values': ofIssuers, 'kb-jwt_alg_values': ofHolders } = format
  return (ofIssuers?.includes(issuer) ?? true) && (ofHolders?.includes(holder) ?? true)
}
