/** Opens what was encrypted to a key of WebCrypto. Sealing is the same wherever there is WebCrypto. */
import type { OpenJwe } from '@facet-id/credential/jwe'
import { CryptoError } from '../error.ts'
import { openerWith } from '../jwe-jose.ts'
import type { WebKey } from './web-key.ts'

/**
 * Opens with a private key, which need not be exportable. Fits the port `OpenJwe`, and rejects with
 * {@link CryptoError} `jwe_broken`.
 *
 * @throws {CryptoError} `key_unusable`: no private key for ECDH on P-256
 */
export function jweOpenerOf(key: WebKey): OpenJwe {
  const { type, algorithm, usages } = key
  const isForAgreement =
    algorithm.name === 'ECDH' && 'namedCurve' in algorithm && algorithm.namedCurve === 'P-256'
  if (type !== 'private' || !isForAgreement || !usages.includes('deriveBits')) {
    throw new CryptoError('key_unusable', 'The key cannot be used: it is no private ECDH key on P-256')
  }
  return openerWith(key)
}
