import type { EncryptionPrivateJwk, PrivateJwk } from '../key-pair.ts'
import type { CryptoSuite } from '../suite.ts'
import { deriveKey } from './derive.ts'
import { expandPoint } from './expand.ts'
import { hash, macOf, sameText } from './hash.ts'
import { jweOpenerOf, sealJwe } from './jwe.ts'
import { generateEncryptionKey, generateKey } from './key.ts'
import { passphraseKey } from './passphrase.ts'
import { random } from './random.ts'
import { sealerOf } from './seal.ts'
import { signerOf } from './sign.ts'
import { checkSignatures } from './verify.ts'
import { deflate, inflate } from './zlib.ts'

/** The primitives on node:crypto and node:zlib. Private keys are JWKs, for the caller to seal and keep. */
export const suite: CryptoSuite<PrivateJwk, EncryptionPrivateJwk> = {
  hash,
  expandPoint,
  random,
  inflate,
  deflate,
  checkSignatures,
  generateKey(alg) {
    const { publicJwk, privateJwk } = generateKey(alg)
    return { publicJwk, privateKey: privateJwk }
  },
  signerOf,
  macOf,
  sameText,
  sealerOf,
  deriveKey,
  passphraseKey,
  generateEncryptionKey() {
    const { publicJwk, privateJwk } = generateEncryptionKey()
    return { publicJwk, privateKey: privateJwk }
  },
  sealJwe,
  openerOf: jweOpenerOf,
}
