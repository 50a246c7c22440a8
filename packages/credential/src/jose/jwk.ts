/**
 * Public JSON Web Keys (RFC 7517, RFC 7518 §6.2).
 *
 * This release verifies ES256 signatures only, so a key read here is a P-256 key for signatures.
 * Whether `x` and `y` are a point of the curve is for the crypto adapter to find out, on import.
 */
import { readBase64url } from '../base64url.ts'
import { CredentialError } from '../error.ts'
import { findMember, isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../json.ts'
import type { Hash } from './ports.ts'

/** A P-256 public key that verifies ES256 signatures. */
export interface PublicJwk {
  readonly kty: 'EC'
  readonly crv: 'P-256'
  /** 32 bytes, base64url. */
  readonly x: string
  /** 32 bytes, base64url. */
  readonly y: string
  readonly kid?: string
  /** Absent: no use is excluded. */
  readonly use?: 'sig'
  readonly alg?: 'ES256'
  /** Holds `verify` where present. */
  readonly key_ops?: readonly string[]
}

/** What only the owner of a key may have: RFC 7518 §6.2.2, §6.3.2, §6.4.1, RFC 8037 §2, and `AKP`. */
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv']

const coordinateBytes = 32

/**
 * Reads a public key. Members that RFC 7517 does not name for it are left out.
 *
 * @throws {CredentialError} `jwk_malformed`; `jwk_private` for private or symmetric key material;
 * `jwk_unsupported` for another key type or curve, and for a key whose `use`, `alg` or `key_ops`
 * says that it does not verify ES256 signatures (RFC 8725 §3.1: one key, one algorithm)
 */
export function readPublicJwk(value: JsonValue | undefined): PublicJwk {
  const jwk = readPublicMembers(value)
  if (jwk.kty !== 'EC' || findMember(jwk, 'crv') !== 'P-256') {
    throw new CredentialError('jwk_unsupported', 'Only keys of type EC on curve P-256 are taken')
  }
  return {
    kty: 'EC',
    crv: 'P-256',
    x: readCoordinate(findMember(jwk, 'x')),
    y: readCoordinate(findMember(jwk, 'y')),
    ...readKid(findMember(jwk, 'kid')),
    ...readUse(findMember(jwk, 'use')),
    ...readAlg(findMember(jwk, 'alg')),
    ...readKeyOps(findMember(jwk, 'key_ops')),
  }
}

/**
 * Reads what every public key has, of whatever type and for whatever use: it has a `kty`, and no
 * private member. All members are kept.
 *
 * @throws {CredentialError} `jwk_malformed`, `jwk_private`
 */
export function readPublicMembers(value: JsonValue | undefined): JsonObject & { readonly kty: string } {
  if (!isJsonObject(value)) throw malformed('it is no JSON object')
  const kty = findMember(value, 'kty')
  if (typeof kty !== 'string') throw malformed('it has no "kty"')
  if (kty === 'oct' || privateMembers.some((name) => Object.hasOwn(value, name))) {
    throw new CredentialError(
      'jwk_private',
      'The JWK holds private or symmetric key material: send the public key',
    )
  }
  return { ...value, kty }
}

/** SHA-256 thumbprint of the key, base64url (RFC 7638). */
export function jwkThumbprint(jwk: PublicJwk, hash: Hash): string {
  return hash('sha-256', JSON.stringify({ crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y }))
}

/** Whether both are the same public key, whatever else they carry. */
export function sameKey(a: PublicJwk, b: PublicJwk): boolean {
  return a.kty === b.kty && a.crv === b.crv && a.x === b.x && a.y === b.y
}

/** RFC 7518 §6.2.1.2: "The length of this octet string MUST be the full size of a coordinate". */
function readCoordinate(value: JsonValue | undefined): string {
  if (typeof value !== 'string' || bytesOf(value) !== coordinateBytes) {
    throw malformed('"x" and "y" must be 32 bytes each, left-padded, in base64url')
  }
  return value
}

/** How many bytes a base64url text holds; none when it is no such text. */
function bytesOf(text: string): number {
  try {
    return readBase64url(text).length
  } catch {
    return 0
  }
}

function readKid(kid: JsonValue | undefined): Pick<PublicJwk, 'kid'> {
  if (kid === undefined) return {}
  if (typeof kid !== 'string') throw malformed('"kid" must be a text')
  return { kid }
}

function readUse(use: JsonValue | undefined): Pick<PublicJwk, 'use'> {
  if (use === undefined) return {}
  if (use !== 'sig') throw notForSignatures('use')
  return { use }
}

function readAlg(alg: JsonValue | undefined): Pick<PublicJwk, 'alg'> {
  if (alg === undefined) return {}
  if (alg !== 'ES256') throw notForSignatures('alg')
  return { alg }
}

function readKeyOps(ops: JsonValue | undefined): Pick<PublicJwk, 'key_ops'> {
  if (ops === undefined) return {}
  if (!isJsonArray(ops) || !ops.every((op) => typeof op === 'string')) {
    throw malformed('"key_ops" must be a list of texts')
  }
  if (!ops.includes('verify')) throw notForSignatures('key_ops')
  return { key_ops: ops }
}

function notForSignatures(member: string): CredentialError {
  return new CredentialError(
    'jwk_unsupported',
    `The JWK's "${member}" says that it verifies no ES256 signatures`,
  )
}

function malformed(why: string): CredentialError {
  return new CredentialError('jwk_malformed', `The JWK cannot be used: ${why}`)
}
