/** Signs (RFC 7518 §3.4, RFC 8037 §3.1) in plain JavaScript. ECDSA's nonces come from key and text (RFC 6979). */

import { algorithmOf, type Signer } from '@facet-id/credential/jose'
import { ed25519 } from '@noble/curves/ed25519.js'
import type { PrivateJwk } from '../key-pair.ts'
import { curves, JOSE_ECDSA } from './curve.ts'
import { secretOf } from './key.ts'

/** A `Signer` that answers at once. */
export interface PortableSigner extends Signer {
  /** ECDSA: `r‖s`, of the width of the curve. */
  sign(data: Uint8Array): Uint8Array
}

/**
 * Signs with a private key. Its curve decides the algorithm.
 *
 * @param kid what stands in the `kid` header; absent when the header names the key in another way
 * @throws {CryptoError} `key_unusable`: malformed, or its halves do not belong together
 */
export function signerOf(privateJwk: PrivateJwk, kid?: string): PortableSigner {
  const secret = secretOf(privateJwk)
  const { crv } = privateJwk
  return {
    alg: algorithmOf(privateJwk),
    ...(kid === undefined ? {} : { kid }),
    sign: (data) =>
      crv === 'Ed25519' ? ed25519.sign(data, secret) : curves[crv].sign(data, secret, JOSE_ECDSA),
  }
}
