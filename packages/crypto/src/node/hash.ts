/**
 * Digests. Texts are hashed as UTF-8, which for the ASCII that the ports promise is the same bytes;
 * any other text still has a digest of its own, where an ASCII encoder would fold many into one.
 */
import { createHmac, createSecretKey, hash as digest, timingSafeEqual } from 'node:crypto'
import type { HashAlgorithm, Mac } from '@facet-id/credential/jose'
import { ensureMacKey } from '../key-bytes.ts'

/** OpenSSL's names of the digests. */
export const nodeHashNames: Readonly<Record<HashAlgorithm, string>> = {
  'sha-256': 'sha256',
  'sha-384': 'sha384',
  'sha-512': 'sha512',
}

/** Digest of an ASCII text or of bytes, base64url without padding. Fits the port `Hash`. */
export function hash(alg: HashAlgorithm, data: string | Uint8Array): string {
  return digest(nodeHashNames[alg], data, 'base64url')
}

/**
 * HMAC-SHA-256 under the key (RFC 2104): base64url without padding.
 *
 * @param key at least 32 bytes; copied
 * @throws {CryptoError} `key_unusable`
 */
export function macOf(key: Uint8Array): Mac {
  ensureMacKey(key)
  const secret = createSecretKey(key)
  return (ascii) => createHmac('sha256', secret).update(ascii).digest('base64url')
}

/**
 * Whether two texts are equal, in a time that does not tell where they differ. For secrets that a
 * stranger sends: codes, tokens, MACs. How long they are may show.
 */
export function sameText(a: string, b: string): boolean {
  return timingSafeEqual(digest('sha256', a, 'buffer'), digest('sha256', b, 'buffer'))
}
