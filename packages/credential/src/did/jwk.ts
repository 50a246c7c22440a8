/**
 * did:jwk: a DID that is a public key, so that nothing needs to be fetched, and nothing can ever be
 * changed (github.com/quartzjer/did-jwk, at 44e186c).
 *
 * The text is the identifier: the same key written with its members in another order is another DID.
 * So a DID that was received is kept as it is, and never made again from its key.
 */
import { readBase64url, readBase64urlText, writeBase64urlText } from '../base64url.ts'
import { CredentialError } from '../error.ts'
import { type PublicJwk, readPublicMembers } from '../jose/jwk.ts'
import { findMember, type JsonObject, type JsonValue, readJsonObject } from '../json.ts'
import type { KeyDocument, VerificationRelationship } from './document.ts'
import { readDid } from './syntax.ts'

/** The curves that are known: the type of their keys, and the bytes of a coordinate (RFC 7518 §6.2, RFC 8037 §2). */
const curves: Readonly<Record<string, { readonly kty: 'EC' | 'OKP'; readonly bytes: number }>> = {
  'P-256': { kty: 'EC', bytes: 32 },
  'P-384': { kty: 'EC', bytes: 48 },
  'P-521': { kty: 'EC', bytes: 66 },
  secp256k1: { kty: 'EC', bytes: 32 },
  Ed25519: { kty: 'OKP', bytes: 32 },
  X25519: { kty: 'OKP', bytes: 32 },
}

const forSignatures: readonly VerificationRelationship[] = [
  'assertionMethod',
  'authentication',
  'capabilityInvocation',
  'capabilityDelegation',
]

/**
 * The DID of a public key. Members stand in the order of their names, so that one key gives one DID
 * however its members were ordered; what is no member of {@link PublicJwk} stays outside.
 */
export function writeDidJwk(jwk: PublicJwk): string {
  const { alg, crv, key_ops, kid, kty, use, x } = jwk
  const y = jwk.kty === 'EC' ? jwk.y : undefined
  return `did:jwk:${writeBase64urlText(JSON.stringify({ alg, crv, key_ops, kid, kty, use, x, y }))}`
}

/**
 * The document of a did:jwk. Its one method has the fragment `0`, whatever the key's `kid`.
 *
 * @throws {CredentialError} `did_malformed`, also for private key material; `did_method_unsupported`
 * for any other method; `jwk_unsupported` for a type of key that is not known
 */
export function resolveDidJwk(did: string): KeyDocument {
  const { method, id } = readDid(did)
  if (method !== 'jwk') {
    throw new CredentialError('did_method_unsupported', 'This is no did:jwk')
  }
  const publicKeyJwk = readKey(id)
  const url = `${did}#0`
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/suites/jws-2020/v1'],
    id: did,
    verificationMethod: [{ id: url, type: 'JsonWebKey2020', controller: did, publicKeyJwk }],
    ...Object.fromEntries(relationshipsOf(publicKeyJwk).map((name) => [name, [url]])),
  }
}

function readKey(id: string): JsonObject {
  const jwk = readJwk(id)
  const crv = findMember(jwk, 'crv')
  const curve = typeof crv === 'string' && Object.hasOwn(curves, crv) ? curves[crv] : undefined
  if (curve === undefined || jwk.kty !== curve.kty) {
    throw new CredentialError('jwk_unsupported', 'The DID holds a key of a type or curve that is not known')
  }
  for (const name of curve.kty === 'EC' ? ['x', 'y'] : ['x']) {
    if (bytesOf(findMember(jwk, name)) !== curve.bytes)
      throw malformed(`"${name}" is not as long as it must be`)
  }
  return jwk
}

function readJwk(id: string): JsonObject & { readonly kty: string } {
  try {
    return readPublicMembers(readJsonObject(readBase64urlText(id)))
  } catch (cause) {
    throw malformed('it holds no public JWK', cause)
  }
}

/** How many bytes a base64url text holds; none when it is no such text. */
function bytesOf(value: JsonValue | undefined): number {
  try {
    return typeof value === 'string' ? readBase64url(value).length : 0
  } catch {
    return 0
  }
}

/** "If the JWK contains a `use` property…": without one, the key may be used for everything. */
function relationshipsOf(jwk: JsonObject): readonly VerificationRelationship[] {
  const use = findMember(jwk, 'use')
  if (use === undefined) return [...forSignatures, 'keyAgreement']
  if (use === 'sig') return forSignatures
  if (use === 'enc') return ['keyAgreement']
  throw malformed('its key has a "use" that is neither sig nor enc')
}

function malformed(why: string, cause?: unknown): CredentialError {
  return new CredentialError(
    'did_malformed',
    `Not a did:jwk that can be read: ${why}`,
    cause === undefined ? {} : { cause },
  )
}
