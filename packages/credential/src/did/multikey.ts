/**
 * Public keys as DIDs write them: multibase `z`, then the unsigned varint of a multicodec, then the key
 * (Controlled Identifiers 1.0 §2.2.2, Multikey; did:key v0.9).
 *
 * A key on a NIST curve is a compressed point. Reading never expands it, which takes arithmetic of the curve: the
 * key stays as it was received, and {@link jwkOfMultikey} is given what expands it.
 */

import { readBase58btc, writeBase58btc } from '../base58btc.ts'
import { readBase64url, writeBase64url } from '../base64url.ts'
import { CredentialError } from '../error.ts'
import { algorithmRules, jwsAlgorithms } from '../jose/algorithm.ts'
import type { EcPublicJwk, PublicJwk } from '../jose/jwk.ts'
import type { ExpandPoint } from '../jose/ports.ts'

/** A key to agree on secrets with, never to sign. */
export interface X25519PublicJwk {
  readonly kty: 'OKP'
  readonly crv: 'X25519'
  /** 32 bytes, base64url. */
  readonly x: string
}

/** A public key as its bytes: a compressed point (`02` or `03`, then `x`), or the 32 bytes of a key on Curve25519. */
export interface Multikey {
  readonly crv: PublicJwk['crv'] | 'X25519'
  readonly bytes: Uint8Array
}

/** The varint of each curve's multicodec, in its one shortest form, and the bytes that follow it. */
const curves: readonly {
  readonly crv: Multikey['crv']
  readonly code: readonly [number, number]
  readonly bytes: number
}[] = [
  { crv: 'Ed25519', code: [0xed, 0x01], bytes: 32 },
  { crv: 'X25519', code: [0xec, 0x01], bytes: 32 },
  { crv: 'P-256', code: [0x80, 0x24], bytes: 33 },
  { crv: 'P-384', code: [0x81, 0x24], bytes: 49 },
  { crv: 'P-521', code: [0x82, 0x24], bytes: 67 },
]

/** The longest is a key on P-521, of 95 characters; nothing longer is decoded. */
const maxCharacters = 128

/**
 * Reads a Multikey.
 *
 * @throws {CredentialError} `multikey_malformed`; `multikey_unsupported` for a key of a kind that is not taken
 */
export function readMultikey(text: string): Multikey {
  if (!text.startsWith('z') || text.length > maxCharacters)
    throw malformed('it must be base58btc after a "z"')
  const bytes = decode(text.slice(1))
  const curve = curves.find(({ code: [first, second] }) => bytes[0] === first && bytes[1] === second)
  if (curve === undefined) {
    throw new CredentialError(
      'multikey_unsupported',
      'The key is of a kind that is not taken here: use P-256, P-384, P-521, Ed25519 or X25519',
    )
  }
  const key = bytes.subarray(2)
  if (key.length !== curve.bytes) throw malformed(`a key on ${curve.crv} has ${curve.bytes} bytes`)
  if (isNist(curve.crv) && key[0] !== 2 && key[0] !== 3) throw malformed('its point must be compressed')
  return { crv: curve.crv, bytes: key }
}

/** The Multikey of a public key. */
export function writeMultikey(jwk: PublicJwk | X25519PublicJwk): string {
  const curve = curves.find(({ crv }) => crv === jwk.crv)
  if (curve === undefined) throw new TypeError('every curve of a public key has a multicodec')
  const x = readBase64url(jwk.x)
  const sign = jwk.kty === 'EC' ? [2 + ((readBase64url(jwk.y).at(-1) ?? 0) & 1)] : []
  return `z${writeBase58btc(Uint8Array.of(...curve.code, ...sign, ...x))}`
}

/**
 * The key that a Multikey holds, to verify signatures with.
 *
 * @throws {CredentialError} `multikey_malformed` when its point is none of the curve; `multikey_unsupported` for
 * X25519, which signs nothing
 */
export function jwkOfMultikey({ crv, bytes }: Multikey, expandPoint: ExpandPoint): PublicJwk {
  if (crv === 'X25519') {
    throw new CredentialError('multikey_unsupported', 'A key on X25519 verifies no signatures')
  }
  if (crv === 'Ed25519') return { crv, kty: 'OKP', x: writeBase64url(bytes) }
  const point = expandPoint(crv, bytes)
  const width = bytes.length - 1
  if (point?.length !== 1 + 2 * width || point[0] !== 4) throw malformed('its point is none of the curve')
  return {
    crv,
    kty: 'EC',
    x: writeBase64url(point.subarray(1, 1 + width)),
    y: writeBase64url(point.subarray(1 + width)),
  }
}

function isNist(crv: Multikey['crv']): crv is EcPublicJwk['crv'] {
  return jwsAlgorithms.some((alg) => algorithmRules[alg].crv === crv && algorithmRules[alg].kty === 'EC')
}

function decode(text: string): Uint8Array {
  try {
    return readBase58btc(text)
  } catch (cause) {
    throw malformed('it must be base58btc after a "z"', cause)
  }
}

function malformed(why: string, cause?: unknown): CredentialError {
  return new CredentialError('multikey_malformed', `Not a Multikey that can be read: ${why}`, { cause })
}
