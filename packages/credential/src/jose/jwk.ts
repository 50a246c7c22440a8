/**
 * Public JSON Web Keys (RFC 7517, RFC 7518 §6.2, RFC 8037 §2).
 *
 * A key read here verifies signatures, of the one algorithm that its curve has. Whether its
 * coordinates are a point of the curve is for the crypto adapter to find out, on import.
 */
import { readBase64url } from '../base64url.ts'
import { CredentialError } from '../error.ts'
import { findMember, isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../json.ts'
import { type AlgorithmRule, algorithmRules, type JwsAlgorithm, jwsAlgorithms } from './algorithm.ts'
import type { Hash } from './ports.ts'

/** What a public key says of itself, besides its numbers. */
interface KeyNotes {
  readonly kid?: string
  /** Absent: no use is excluded. */
  readonly use?: 'sig'
  readonly alg?: JwsAlgorithm
  /** Holds `verify` where present. */
  readonly key_ops?: readonly string[]
}

/** A key of a NIST curve: ES256, ES384 or ES512. */
export interface EcPublicJwk extends KeyNotes {
  readonly kty: 'EC'
  readonly crv: 'P-256' | 'P-384' | 'P-521'
  /** Base64url, as many bytes as the curve has, zeros in front included. */
  readonly x: string
  readonly y: string
}

/** An Ed25519 key: EdDSA. */
export interface OkpPublicJwk extends KeyNotes {
  readonly kty: 'OKP'
  readonly crv: 'Ed25519'
  /** 32 bytes, base64url. */
  readonly x: string
}

/** A public key that verifies signatures. */
export type PublicJwk = EcPublicJwk | OkpPublicJwk

/** What only the owner of a key may have: RFC 7518 §6.2.2, §6.3.2, §6.4.1, RFC 8037 §2, and `AKP`. */
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv']

/**
 * Reads a public key. Members that RFC 7517 does not name for it are left out.
 *
 * @throws {CredentialError} `jwk_malformed`; `jwk_private` for private or symmetric key material;
 * `jwk_unsupported` for another key type or curve, and for a key whose `use`, `alg` or `key_ops`
 * says that it does not verify the signatures of its curve (RFC 8725 §3.1: one key, one algorithm)
 */
export function readPublicJwk(value: JsonValue | undefined): PublicJwk {
  const jwk = readPublicMembers(value)
  const crv = findMember(jwk, 'crv')
  const alg = jwsAlgorithms.find((name) => algorithmRules[name].crv === crv)
  if (alg === undefined || algorithmRules[alg].kty !== jwk.kty) {
    throw new CredentialError(
      'jwk_unsupported',
      'Only keys of type EC on curve P-256, P-384 or P-521, and OKP on Ed25519, are taken',
    )
  }
  const notes: KeyNotes = {
    ...readKid(findMember(jwk, 'kid')),
    ...readUse(findMember(jwk, 'use')),
    ...readAlg(findMember(jwk, 'alg'), alg),
    ...readKeyOps(findMember(jwk, 'key_ops')),
  }
  const rule = algorithmRules[alg]
  const x = readCoordinate(findMember(jwk, 'x'), rule)
  if (rule.crv === 'Ed25519') return { kty: 'OKP', crv: rule.crv, x, ...notes }
  return { kty: 'EC', crv: rule.crv, x, y: readCoordinate(findMember(jwk, 'y'), rule), ...notes }
}

/** The one algorithm that a key verifies. */
export function algorithmOf(jwk: PublicJwk): JwsAlgorithm {
  return algOfCurve[jwk.crv]
}

const algOfCurve: Readonly<Record<PublicJwk['crv'], JwsAlgorithm>> = {
  'P-256': 'ES256',
  'P-384': 'ES384',
  'P-521': 'ES512',
  Ed25519: 'EdDSA',
}

/** The numbers of the key alone, in the order of RFC 7638: no `kid`, no use. */
export function bareJwk(jwk: PublicJwk): PublicJwk {
  return jwk.kty === 'EC'
    ? { crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y }
    : { crv: jwk.crv, kty: jwk.kty, x: jwk.x }
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

/** SHA-256 thumbprint of the key, base64url (RFC 7638, RFC 8037 §2). */
export function jwkThumbprint(jwk: PublicJwk, hash: Hash): string {
  return hash('sha-256', JSON.stringify(bareJwk(jwk)))
}

/** Whether both are the same public key, whatever else they carry. */
export function sameKey(a: PublicJwk, b: PublicJwk): boolean {
  if (a.crv !== b.crv || a.x !== b.x) return false
  return a.kty === 'OKP' || (b.kty === 'EC' && a.y === b.y)
}

/** RFC 7518 §6.2.1.2: "The length of this octet string MUST be the full size of a coordinate". */
function readCoordinate(value: JsonValue | undefined, { crv, coordinateBytes }: AlgorithmRule): string {
  if (typeof value !== 'string' || bytesOf(value) !== coordinateBytes) {
    throw malformed(`the coordinates of ${crv} have ${coordinateBytes} bytes each, left-padded, in base64url`)
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

function readAlg(alg: JsonValue | undefined, ofCurve: JwsAlgorithm): Pick<PublicJwk, 'alg'> {
  if (alg === undefined) return {}
  if (alg !== ofCurve) throw notForSignatures('alg')
  return { alg: ofCurve }
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
    `The JWK's "${member}" says that it does not verify the signatures of its curve`,
  )
}

function malformed(why: string): CredentialError {
  return new CredentialError('jwk_malformed', `The JWK cannot be used: ${why}`)
}
