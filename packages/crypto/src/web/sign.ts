/** Signs by WebCrypto, which gives ECDSA signatures as `r‖s` already. */
import { algorithmRules, type JwsAlgorithm, jwsAlgorithms, type Signer } from '@facet-id/credential/jose'
import { CryptoError } from '../error.ts'
import { signatureAlgorithmOf, type WebKey } from './web-key.ts'

/**
 * Signs with a private key of WebCrypto. Its curve decides the algorithm.
 *
 * @param kid what stands in the `kid` header; absent when the header names the key in another way
 * @throws {CryptoError} `key_unusable`: no private key that signs, or of a curve that is not taken
 */
export function signerOf(key: WebKey, kid?: string): Signer {
  const alg = findAlgorithm(key)
  if (alg === undefined || key.type !== 'private' || !key.usages.includes('sign')) {
    throw new CryptoError('key_unusable', 'The key cannot be used: it is no private key that signs')
  }
  return {
    alg,
    ...(kid === undefined ? {} : { kid }),
    sign: async (data) => new Uint8Array(await crypto.subtle.sign(signatureAlgorithmOf(alg), key, data)),
  }
}

function findAlgorithm({ algorithm }: WebKey): JwsAlgorithm | undefined {
  const curve =
    'namedCurve' in algorithm && algorithm.name === 'ECDSA' ? algorithm.namedCurve : algorithm.name
  return jwsAlgorithms.find((alg) => algorithmRules[alg].crv === curve)
}
