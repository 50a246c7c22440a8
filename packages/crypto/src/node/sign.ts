/** Signs (RFC 7518 §3.4, RFC 8037 §3.1) at native speed, on the calling thread. */
import { sign } from 'node:crypto'
import { algorithmOf, algorithmRules, type Signer } from '@facet-id/credential/jose'
import type { PrivateJwk } from '../key-pair.ts'
import { p1363Of } from '../p1363.ts'
import { nodeHashNames } from './hash.ts'
import { importPrivateKey } from './key.ts'

/** A `Signer` that answers at once. */
export interface NodeSigner extends Signer {
  /** ECDSA: `r‖s`, of the width of the curve. */
  sign(data: Uint8Array): Uint8Array
}

/**
 * Signs with a private key; the key is imported once and held as a native object. Its curve decides
 * the algorithm.
 *
 * @param kid what stands in the `kid` header; absent when the header names the key in another way
 * @throws {CryptoError} `key_unusable`: malformed, or its halves do not belong together
 */
export function signerOf(privateJwk: PrivateJwk, kid?: string): NodeSigner {
  const key = importPrivateKey(privateJwk)
  const alg = algorithmOf(privateJwk)
  const { hash, signatureBytes } = algorithmRules[alg]
  return {
    alg,
    ...(kid === undefined ? {} : { kid }),
    sign: (data) =>
      hash === undefined
        ? new Uint8Array(sign(null, data, key))
        : p1363Of(sign(nodeHashNames[hash], data, key), signatureBytes),
  }
}
