import { sealJwe } from '../jwe-jose.ts'
import { expandPoint } from '../noble/expand.ts'
import { deriveKey, hash, macOf, sameText } from '../noble/hash.ts'
import { passphraseKey } from '../noble/passphrase.ts'
import type { CryptoSuite } from '../suite.ts'
import { jweOpenerOf } from './jwe.ts'
import { random } from './random.ts'
import { sealerOf } from './seal.ts'
import { signerOf } from './sign.ts'
import { checkSignatures } from './verify.ts'
import { generateEncryptionKey, generateKey, type WebKey } from './web-key.ts'
import { deflate, inflate } from './zlib.ts'

/**
 * The primitives of a browser. Private keys are handles of WebCrypto that cannot be exported; digests are plain
 * JavaScript, since a role asks for them at once and WebCrypto answers later.
 */
export const suite: CryptoSuite<WebKey, WebKey> = {
  hash,
  expandPoint,
  random,
  inflate,
  deflate,
  checkSignatures,
  generateKey,
  signerOf,
  macOf,
  sameText,
  sealerOf,
  deriveKey,
  passphraseKey,
  generateEncryptionKey,
  sealJwe,
  openerOf: jweOpenerOf,
}
