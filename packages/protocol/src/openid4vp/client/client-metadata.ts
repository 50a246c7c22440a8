/**
 * Client metadata: what a verifier says of itself in its request. OpenID4VP 1.0 §5.1, §8.3, §11.1.
 *
 * What is not named here is left out when it is read: names and logos are unproven and "MUST be ignored"
 * unless a profile permits them. Keys (`jwks`) are read as keys to encrypt to and as no others: they "MUST NOT
 * be used to verify the signature of signed Authorization Requests", and so cannot be.
 */
import type { JwsAlgorithm } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import {
  type EncryptionJwk,
  type JweEncryption,
  jweEncryptions,
  readEncryptionJwk,
} from '@facet-id/credential/jwe'
import * as v from 'valibot'
import {
  jsonObject,
  list,
  members,
  optional,
  type Plain,
  type Reader,
  type Reads,
  type Same,
  text,
} from '../../read.ts'

export interface ClientMetadata {
  /** Keys that an answer can be encrypted to; those that cannot be used are left out when it is read. */
  readonly jwks?: { readonly keys: readonly EncryptionJwk[] }
  /** JOSE names; absent: `A128GCM`. */
  readonly encrypted_response_enc_values_supported?: readonly string[]
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

/** Reads the formats that a verifier takes, or a wallet has. */
export const vpFormats: Reader<VpFormats> = members({
  'dc+sd-jwt': optional(
    members({
      'sd-jwt_alg_values': optional(list(text())),
      'kb-jwt_alg_values': optional(list(text())),
    }),
  ),
})

/** Keys in a set. */
const KEYS = 32

/** A set of keys, those that can be encrypted to. Keys of other kinds, and broken ones, are passed over. */
export const encryptionKeys: Reader<{ readonly keys: readonly EncryptionJwk[] }> = members({
  keys: v.pipe(
    v.array(jsonObject),
    v.maxLength(KEYS, 'has too many keys'),
    v.transform((keys): readonly EncryptionJwk[] => usableKeys(keys)),
  ),
})

const clientMetadataMembers = members({
  jwks: optional(encryptionKeys),
  encrypted_response_enc_values_supported: optional(list(text(100))),
  vp_formats_supported: optional(vpFormats),
})

true satisfies Same<Plain<ClientMetadata>, Reads<typeof clientMetadataMembers>>

/** Reads the object; for the schema of the request object. */
export const clientMetadata: Reader<ClientMetadata> = clientMetadataMembers

/** How an answer is encrypted for a verifier. */
export interface ResponseEncryption {
  readonly key: EncryptionJwk
  readonly enc: JweEncryption
}

/**
 * How to encrypt for a verifier: with the first of its keys that can be used, and the stronger of the
 * encryptions that both sides have. Absent where there is none.
 */
export function findResponseEncryption(metadata: ClientMetadata | undefined): ResponseEncryption | undefined {
  const [key] = metadata?.jwks?.keys ?? []
  const taken = metadata?.encrypted_response_enc_values_supported ?? ['A128GCM']
  const enc = jweEncryptions.toReversed().find((name) => taken.includes(name))
  return key === undefined || enc === undefined ? undefined : { key, enc }
}

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

/**
 * §5.1, §8.3: a key has a `kid` of its own and an `alg`, which the header of the answer repeats; one for
 * signatures is none to encrypt to.
 */
function usableKeys(keys: readonly JsonObject[]): readonly EncryptionJwk[] {
  const usable = new Map<string, EncryptionJwk>()
  for (const jwk of keys) {
    const key = findKey(jwk)
    if (key?.kid !== undefined && key.alg !== undefined && !usable.has(key.kid)) usable.set(key.kid, key)
  }
  return [...usable.values()]
}

function findKey(jwk: JsonObject): EncryptionJwk | undefined {
  try {
    return readEncryptionJwk(jwk)
  } catch {
    // For another algorithm, or broken: the verifier may have another key.
    return undefined
  }
}
