/** ECDH-ES on P-256 with AES-GCM (RFC 7518 §4.6, §5.3) on plain node:crypto, in the shapes of the ports for JWE. */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  randomBytes,
} from 'node:crypto'
import { type KeyPair, keyPair } from './keys.ts'

type Enc = 'A128GCM' | 'A256GCM'

export interface TestRecipient {
  readonly key: KeyPair['publicJwk'] & { readonly kid?: string }
  readonly enc: Enc
}

export interface TestJwe {
  readonly header: { readonly enc: Enc; readonly epk: object; readonly apu?: string; readonly apv?: string }
  readonly protectedText: string
  readonly iv: Uint8Array
  readonly ciphertext: Uint8Array
  readonly tag: Uint8Array
}

type EncryptionUse = { readonly use: 'enc'; readonly alg: 'ECDH-ES' }

/** A fresh key pair that others encrypt to. */
export function encryptionKeyPair(): {
  readonly publicJwk: KeyPair['publicJwk'] & EncryptionUse
  readonly privateJwk: KeyPair['privateJwk'] & EncryptionUse
} {
  const { publicJwk, privateJwk } = keyPair()
  const use = { use: 'enc', alg: 'ECDH-ES' } as const
  return { publicJwk: { ...publicJwk, ...use }, privateJwk: { ...privateJwk, ...use } }
}

/** Encrypts to a key; compact form out. */
export function sealJwe(plain: Uint8Array, { key, enc }: TestRecipient): string {
  const sender = keyPair()
  const header = {
    alg: 'ECDH-ES',
    enc,
    ...(key.kid === undefined ? {} : { kid: key.kid }),
    epk: sender.publicJwk,
  }
  const head = Buffer.from(JSON.stringify(header)).toString('base64url')
  const iv = randomBytes(12)
  const cipher = createCipheriv(cipherOf(enc), agreedKey(sender.privateJwk, key, { enc }), iv)
  cipher.setAAD(Buffer.from(head))
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()])
  return [head, '', ...[iv, ciphertext, cipher.getAuthTag()].map((part) => part.toString('base64url'))].join(
    '.',
  )
}

/** Opens what was encrypted to a key; throws where it was changed. */
export function jweOpenerOf(privateJwk: object): (jwe: TestJwe) => Uint8Array {
  return ({ header, protectedText, iv, ciphertext, tag }) => {
    const decipher = createDecipheriv(cipherOf(header.enc), agreedKey(privateJwk, header.epk, header), iv)
    decipher.setAAD(Buffer.from(protectedText))
    decipher.setAuthTag(tag)
    return Buffer.concat([decipher.update(ciphertext), decipher.final()])
  }
}

function agreedKey(
  own: object,
  theirs: object,
  { enc, apu = '', apv = '' }: { readonly enc: Enc; readonly apu?: string; readonly apv?: string },
): Buffer {
  const secret = diffieHellman({
    privateKey: createPrivateKey({ key: { ...own }, format: 'jwk' }),
    publicKey: createPublicKey({ key: { ...theirs }, format: 'jwk' }),
  })
  const bits = enc === 'A128GCM' ? 128 : 256
  const hash = createHash('sha256')
    .update(number(1))
    .update(secret)
    .update(counted(Buffer.from(enc)))
  for (const party of [apu, apv]) hash.update(counted(Buffer.from(party, 'base64url')))
  return hash
    .update(number(bits))
    .digest()
    .subarray(0, bits / 8)
}

function counted(bytes: Buffer): Buffer {
  return Buffer.concat([number(bytes.length), bytes])
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

function cipherOf(enc: Enc): 'aes-128-gcm' | 'aes-256-gcm' {
  return enc === 'A128GCM' ? 'aes-128-gcm' : 'aes-256-gcm'
}
