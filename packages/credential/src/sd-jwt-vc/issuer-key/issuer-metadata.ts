/**
 * JWT VC Issuer Metadata: the keys of an issuer that is known by its address.
 * draft-ietf-oauth-sd-jwt-vc-19 §4.
 *
 * This module says where the document is and what is in it; it fetches nothing.
 */
import { CredentialError } from '../../error.ts'
import type { JwsAlgorithm } from '../../jose/algorithm.ts'
import { algorithmOf, bareJwk, type PublicJwk, readPublicJwk } from '../../jose/jwk.ts'
import { findMember, isJsonArray, isJsonObject, type JsonValue, readJsonObject } from '../../json.ts'
import { readIssuerUrl } from './issuer-url.ts'

/** Characters of a document or a set of keys. */
export const issuerMetadataLength = 262_144
/** Keys of one issuer. */
export const issuerKeysCount = 100

/** The keys themselves, or where they are; exactly one of both (§4.2). */
export type IssuerMetadata = { readonly jwks: readonly PublicJwk[] } | { readonly jwks_uri: string }

type Scheme = Parameters<typeof readIssuerUrl>[1]

/**
 * Where an issuer's metadata is: the name goes between host and path, and a slash that ends the path is
 * left out before (§4.1).
 *
 * @throws {CredentialError} `issuer_malformed`
 */
export function issuerMetadataUrl(issuer: string, scheme?: Scheme): string {
  const { origin, path } = readIssuerUrl(issuer, scheme)
  return `${origin}/.well-known/jwt-vc-issuer${path.endsWith('/') ? path.slice(0, -1) : path}`
}

/**
 * Reads the metadata of one issuer.
 *
 * @param issuer whose it must be: the credential's `iss`, compared as text (§4.3)
 * @throws {CredentialError} `issuer_metadata_malformed`, `jwk_private`, and those of `readJsonObject`
 */
export function readIssuerMetadata(text: string, issuer: string, scheme?: Scheme): IssuerMetadata {
  const document = readJsonObject(text, { length: issuerMetadataLength })
  // "If these values are not identical, the data contained in the response MUST NOT be used."
  if (findMember(document, 'issuer') !== issuer)
    throw malformed('"issuer" must be the issuer that was asked for')
  const jwks = findMember(document, 'jwks')
  const address = findMember(document, 'jwks_uri')
  if ((jwks === undefined) === (address === undefined)) {
    throw malformed('it has either "jwks" or "jwks_uri", and not both')
  }
  if (jwks !== undefined) return { jwks: readKeys(jwks) }
  if (typeof address !== 'string') throw malformed('"jwks_uri" is an address')
  const [withoutQuery = ''] = address.split('?', 1)
  readIssuerUrl(withoutQuery, scheme)
  return { jwks_uri: address }
}

/**
 * Reads a JWK Set (RFC 7517 §5). Keys of kinds that are not taken are passed over; private key material
 * anywhere refuses all of it.
 *
 * @throws {CredentialError} `issuer_metadata_malformed`, `jwk_private`, and those of `readJsonObject`
 */
export function readIssuerKeys(text: string): readonly PublicJwk[] {
  return readKeys(readJsonObject(text, { length: issuerMetadataLength }))
}

/** The document of an issuer that publishes its keys in it. */
export function writeIssuerMetadata(issuer: string, keys: readonly PublicJwk[]): string {
  const jwks = { keys: keys.map((key) => ({ ...bareJwk(key), ...namesOf(key) })) }
  return JSON.stringify({ issuer, jwks })
}

/**
 * The key that a header names: the one with its `kid`, or without `kid` the only one for `alg` (§4.2).
 * Two that would do are none: which of them counts must not be a matter of luck.
 */
export function findIssuerKey(
  keys: readonly PublicJwk[],
  { kid, alg }: { readonly kid?: string; readonly alg: JwsAlgorithm },
): PublicJwk | undefined {
  const named = kid === undefined ? keys : keys.filter((key) => key.kid === kid)
  const [key, ...others] = named.filter((candidate) => algorithmOf(candidate) === alg)
  return others.length === 0 ? key : undefined
}

function namesOf({ kid }: PublicJwk): { readonly use: 'sig'; readonly kid?: string } {
  return { use: 'sig', ...(kid === undefined ? {} : { kid }) }
}

function readKeys(jwks: JsonValue): readonly PublicJwk[] {
  const keys = isJsonObject(jwks) ? findMember(jwks, 'keys') : undefined
  if (!isJsonArray(keys)) throw malformed('a set of keys has a list "keys"')
  if (keys.length > issuerKeysCount) throw malformed(`an issuer has at most ${issuerKeysCount} keys`)
  return keys.flatMap((key) => readKey(key) ?? [])
}

/** RFC 7517 §5: keys "that are not understood … SHOULD" be ignored. */
function readKey(value: JsonValue): PublicJwk | undefined {
  try {
    return readPublicJwk(value)
  } catch (error) {
    if (error instanceof CredentialError && error.code === 'jwk_private') throw error
    return undefined
  }
}

function malformed(why: string): CredentialError {
  return new CredentialError('issuer_metadata_malformed', `The metadata of the issuer cannot be used: ${why}`)
}
