/** Opens what was encrypted to a key that is a JWK. Sealing is the same wherever there is WebCrypto. */
import type { OpenJwe } from '@facet-id/credential/jwe'
import { CryptoError } from '../error.ts'
import { openerWith } from '../jwe-jose.ts'
import { fitsAgreement } from '../key-form.ts'
import type { EncryptionPrivateJwk } from '../key-pair.ts'
import { importPrivateKey } from './key.ts'

/**
 * Opens with a private key; the key is imported once and held as a native object. Fits the port `OpenJwe`,
 * and rejects with {@link CryptoError} `jwe_broken`.
 *
 * @throws {CryptoError} `key_unusable`: malformed, or its halves do not belong together
 */
export function jweOpenerOf(privateJwk: EncryptionPrivateJwk): OpenJwe {
  if (!fitsAgreement(privateJwk)) {
    throw new CryptoError('key_unusable', 'The private key cannot be used: it is no ECDH-ES key on P-256')
  }
  const { kty, crv, x, y, d } = privateJwk
  return openerWith(importPrivateKey({ kty, crv, x, y, d }))
}
