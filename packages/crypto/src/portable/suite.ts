import type { Random } from '@facet-id/credential/jose'
import type { EncryptionPrivateJwk, PrivateJwk } from '../key-pair.ts'
import { expandPoint } from '../noble/expand.ts'
import { deriveKey, hash, macOf, sameText } from '../noble/hash.ts'
import { passphraseKey } from '../noble/passphrase.ts'
import type { CryptoSuite } from '../suite.ts'
import { jweOpenerOf, sealJwe } from './jwe.ts'
import { generateEncryptionKey, generateKey } from './key.ts'
import { sealerOf } from './seal.ts'
import { signerOf } from './sign.ts'
import { checkSignatures } from './verify.ts'
import { deflate, inflate } from './zlib.ts'

/**
 * The primitives without any platform: no module of Node, no WebCrypto. Private keys are JWKs, for the caller
 * to seal and keep.
 *
 * @param random the system's cryptographic randomness, which no language has by itself: React Native's
 *   `getRandomValues`, by whatever package brings it
 */
export function portableSuite(random: Random): CryptoSuite<PrivateJwk, EncryptionPrivateJwk> {
  return {
    hash,
    expandPoint,
    random,
    inflate,
    deflate,
    checkSignatures,
    generateKey(alg) {
      const { publicJwk, privateJwk } = generateKey(alg, random)
      return { publicJwk, privateKey: privateJwk }
    },
    signerOf,
    macOf,
    sameText,
    sealerOf: (key) => sealerOf(key, random),
    deriveKey,
    passphraseKey,
    generateEncryptionKey() {
      const { publicJwk, privateJwk } = generateEncryptionKey(random)
      return { publicJwk, privateKey: privateJwk }
    },
    sealJwe: (plain, to) => sealJwe(plain, to, random),
    openerOf: jweOpenerOf,
  }
}
