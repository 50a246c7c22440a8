/**
 * Public keys to encrypt to (RFC 7517, RFC 7518 §4.6, §6.2): of another use than those that verify, so
 * of another type, and none is ever taken for the other.
 *
 * Whether the coordinates are a point of the curve is for the crypto adapter to find out.
 */
import { readBase64url } from '../base64url.ts'
import { CredentialError } from '../error.ts'
import { readPublicMembers } from '../jose/jwk.ts'
import { findMember, isJsonArray, type JsonObject, type JsonValue } from '../json.ts'

/** A P-256 key that one agrees with by ECDH-ES. */
export interface EncryptionJwk {
  readonly kty: 'EC'
  readonly crv: 'P-256'
  /** Base64url of 32 bytes, zeros in front included. */
  readonly x: string
  readonly y: string
  /** Copied into the header of what is encrypted to the key. */
  readonly kid?: string
  /** Absent: no use is excluded. */
  readonly use?: 'enc'
  /** Absent where the message that carries the key does not ask for it. */
  readonly alg?: 'ECDH-ES'
}

const COORDINATE_BYTES = 32

/** What a public key of this kind may be listed for: RFC 7517 §4.3 names these for agreement. */
const agreements: readonly JsonValue[] = ['deriveKey', 'deriveBits']

/**
 * Reads a key to encrypt to. Members that RFC 7517 does not name for it are left out.
 *
 * @throws {CredentialError} `jwk_malformed`; `jwk_private` for private or symmetric key material;
 * `jwk_unsupported` for another key type or curve, and for a key whose `use`, `alg` or `key_ops` says
 * that it is for something else than ECDH-ES
 */
export function readEncryptionJwk(value: JsonValue | undefined): EncryptionJwk {
  const jwk = readPublicMembers(value)
  if (jwk.kty !== 'EC' || findMember(jwk, 'crv') !== 'P-256') {
    throw unsupported('Only keys of type EC on curve P-256 are taken to encrypt to')
  }
  ensureForAgreement(jwk)
  const kid = findMember(jwk, 'kid')
  if (kid !== undefined && typeof kid !== 'string') throw malformed('"kid" must be a text')
  return {
    kty: 'EC',
    crv: 'P-256',
    x: readCoordinate(findMember(jwk, 'x')),
    y: readCoordinate(findMember(jwk, 'y')),
    ...(kid === undefined ? {} : { kid }),
    ...(findMember(jwk, 'use') === undefined ? {} : { use: 'enc' }),
    ...(findMember(jwk, 'alg') === undefined ? {} : { alg: 'ECDH-ES' }),
  }
}

/** The numbers of the key alone: what stands in a header as `epk`. */
export function bareEncryptionJwk({ kty, crv, x, y }: EncryptionJwk): EncryptionJwk {
  return { kty, crv, x, y }
}

/** RFC 8725 §3.5, NIST SP 800-56A §5.6: a key serves one purpose. */
function ensureForAgreement(jwk: JsonObject): void {
  const use = findMember(jwk, 'use')
  const alg = findMember(jwk, 'alg')
  const ops = findMember(jwk, 'key_ops')
  if (use !== undefined && use !== 'enc')
    throw unsupported('The key\'s "use" says that nobody encrypts to it')
  if (alg !== undefined && alg !== 'ECDH-ES') {
    throw unsupported('The key is for another algorithm than ECDH-ES, the one that is taken')
  }
  if (ops === undefined) return
  if (!isJsonArray(ops)) throw malformed('"key_ops" must be a list of texts')
  // RFC 7518 gives public keys of an agreement no operation of their own: some leave the list empty.
  if (ops.length > 0 && !ops.some((op) => agreements.includes(op))) {
    throw unsupported('The key\'s "key_ops" says that nobody agrees on a key with it')
  }
}

/** RFC 7518 §6.2.1.2: "The length of this octet string MUST be the full size of a coordinate". */
function readCoordinate(value: JsonValue | undefined): string {
  if (typeof value !== 'string' || bytesOf(value) !== COORDINATE_BYTES) {
    throw malformed(`the coordinates of P-256 have ${COORDINATE_BYTES} bytes each, left-padded, in base64url`)
  }
  return value
}

function bytesOf(text: string): number {
  try {
    return readBase64url(text).length
  } catch {
    return 0
  }
}

function unsupported(message: string): CredentialError {
  return new CredentialError('jwk_unsupported', message)
}

function malformed(why: string): CredentialError {
  return new CredentialError('jwk_malformed', `The JWK to encrypt to cannot be used: ${why}`)
}
