/**
 * Digests, keyed digests and derived keys in plain JavaScript (`@noble/hashes`): synchronous wherever there
 * is an engine, which WebCrypto is not.
 */

import { utf8, writeBase64url } from '@facet-id/credential/base64url'
import type { HashAlgorithm, Mac } from '@facet-id/credential/jose'
import { hkdf } from '@noble/hashes/hkdf.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js'
import { DERIVED_BYTES, ensureMacKey, ensureMaster, infoOf } from '../key-bytes.ts'

const digests = { 'sha-256': sha256, 'sha-384': sha384, 'sha-512': sha512 } as const

/** Digest of an ASCII text or of bytes, base64url without padding. Fits the port `Hash`. */
export function hash(alg: HashAlgorithm, data: string | Uint8Array): string {
  return writeBase64url(digests[alg](bytesOf(data)))
}

/**
 * HMAC-SHA-256 under the key (RFC 2104): base64url without padding.
 *
 * @param key at least 32 bytes; copied
 * @throws {CryptoError} `key_unusable`
 */
export function macOf(key: Uint8Array): Mac {
  ensureMacKey(key)
  const secret = Uint8Array.from(key)
  return (ascii) => writeBase64url(hmac(sha256, secret, utf8(ascii)))
}

/**
 * Whether two texts are equal, in a time that does not tell where they differ: their digests are compared,
 * all bytes of them. How long the texts are may show.
 */
export function sameText(a: string, b: string): boolean {
  const [left, right] = [sha256(utf8(a)), sha256(utf8(b))]
  return left.reduce((differing, byte, at) => differing | (byte ^ (right[at] ?? 0)), 0) === 0
}

/**
 * The key for a purpose (HKDF-SHA-256, RFC 5869): the same as every other implementation derives.
 *
 * @param master 32 random bytes or more
 * @throws {CryptoError} `key_unusable`
 */
export function deriveKey(master: Uint8Array, purpose: string): Uint8Array {
  ensureMaster(master)
  return hkdf(sha256, master, undefined, utf8(infoOf(purpose)), DERIVED_BYTES)
}

function bytesOf(data: string | Uint8Array): Uint8Array {
  return typeof data === 'string' ? utf8(data) : data
}
