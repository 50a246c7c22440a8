/** What is known of a verifier besides its request: by registration, by a federation, or by who vouches for it. */
import {
  algorithmOf,
  checkOf,
  type Jws,
  type PublicJwk,
  readPublicJwk,
  type SignatureCheck,
} from '@facet-id/credential/jose'
import {
  findMember,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '@facet-id/credential/json'
import type { ClientMetadata, KnownAddresses } from '@facet-id/protocol/openid4vp/client'
import type { Evidence } from '@facet-id/trust'

/** A verifier that was registered with this wallet beforehand. */
export interface RegisteredClient {
  /** Where it may be answered, `response_uri`s and `redirect_uri`s, compared as texts; anywhere else it is not. */
  readonly addresses: readonly string[]
  /** Keys that sign its requests; absent: it signs none, and what it asks is believed to be from anybody. */
  readonly keys?: readonly PublicJwk[]
  /** Where its request objects are; absent: anywhere. */
  readonly requestUris?: readonly string[]
  /** In the place of what a request would say. */
  readonly metadata?: ClientMetadata
}

/** A verifier as far as it is known before its request is read. */
export interface KnownClient extends KnownAddresses {
  readonly evidence: Evidence
  /** Whether the request was found to be signed by a key of the client; absent: not, or not yet. */
  readonly isSigned?: true
  /** Keys that may have signed; absent: whoever the request names by the rules of the prefix. */
  readonly keys?: readonly PublicJwk[]
  readonly requestUris?: readonly string[]
  /** In the place of `client_metadata`. */
  readonly metadata?: JsonObject
}

export function knownByRegistration(client: RegisteredClient): KnownClient {
  const { metadata } = client
  return {
    evidence: {},
    addresses: client.addresses,
    keys: client.keys ?? [],
    ...(client.requestUris === undefined ? {} : { requestUris: client.requestUris }),
    ...(metadata === undefined ? {} : { metadata: JSON.parse(JSON.stringify(metadata)) }),
  }
}

/** Entity type of verifiers in a federation (OpenID4VP 1.0 §5.9.3, OpenID Federation). */
const VERIFIER = 'openid_credential_verifier'

/**
 * What a federation knows of a member that asks; nothing, where it knows of no verifier.
 *
 * @param metadata by entity type, after policy
 */
export function knownByFederation(
  metadata: Readonly<Record<string, JsonObject>>,
  evidence: Evidence,
): KnownClient | undefined {
  const own = Object.hasOwn(metadata, VERIFIER) ? metadata[VERIFIER] : undefined
  if (own === undefined) return undefined
  const requestUris = textsIn(findMember(own, 'request_uris'))
  return {
    evidence,
    addresses: textsIn(findMember(own, 'redirect_uris')) ?? [],
    keys: keysIn(findMember(own, 'jwks')),
    metadata: own,
    ...(requestUris === undefined ? {} : { requestUris }),
  }
}

/** One check for each key that may have signed; any of them will do. A key without a name may bear any. */
export function checksOf(jws: Jws, keys: readonly PublicJwk[]): readonly SignatureCheck[] {
  const { alg, kid } = jws.header
  return keys
    .filter((key) => algorithmOf(key) === alg && (kid === undefined || (key.kid ?? kid) === kid))
    .slice(0, KEYS)
    .map((key) => checkOf(jws, key))
}

/** Keys of one party that are tried. */
const KEYS = 16

function keysIn(jwks: JsonValue | undefined): readonly PublicJwk[] {
  const keys = isJsonObject(jwks) ? findMember(jwks, 'keys') : undefined
  return isJsonArray(keys) ? keys.flatMap(keyIn) : []
}

function keyIn(jwk: JsonValue): readonly PublicJwk[] {
  try {
    return [readPublicJwk(jwk)]
  } catch {
    // To encrypt to, or of another algorithm.
    return []
  }
}

function textsIn(value: JsonValue | undefined): readonly string[] | undefined {
  return isJsonArray(value) ? value.filter((each) => typeof each === 'string') : undefined
}
