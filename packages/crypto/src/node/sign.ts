/** Signs ES256 (RFC 7518 §3.4) at native speed, on the calling thread. */
import { sign } from 'node:crypto'
import type { Signer } from '@facet-id/credential/jose'
import { importPrivateKey, type PrivateJwk } from './key.ts'
import { p1363Of } from './p1363.ts'

/** A `Signer` that answers at once. */
export interface NodeSigner extends Signer {
  /** `r‖s`, 64 bytes. */
  sign(data: Uint8Array): Uint8Array
}

/**
 * Signs with a private key; the key is imported once and held as a native object.
 *
 * @param kid what stands in the `kid` header; absent when the header names the key in another way
 * @throws {CryptoError} `key_unusable`: malformed, or its halves do not belong together
 */
export function signerOf(privateJwk: PrivateJwk, kid?: string): NodeSigner {
  const key = importPrivateKey(privateJwk)
  return {
    alg: 'ES256',
    ...(kid === undefined ? {} : { kid }),
    sign: (data) => p1363Of(sign('sha256', data, key)),
  }
}
