/** ECDH-ES on P-256 with AES-GCM (RFC 7516, RFC 7518 §4.6), at once, for parties of tests that encrypt. */
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

type Point = KeyPair['publicJwk']
type Enc = 'A128GCM' | 'A256GCM'

export interface TestRecipient {
  readonly key: { readonly x: string; readonly y: string; readonly kid?: string }
  readonly enc: Enc
  /** What goes into the derivation of the key besides, base64url. */
  readonly parties?: { readonly apu?: string; readonly apv?: string }
}

/** A message as its reader parsed it. */
export interface TestJwe {
  readonly header: {
    readonly enc: Enc
    readonly epk: { readonly x: string; readonly y: string }
    readonly apu?: string
    readonly apv?: string
  }
  readonly protectedText: string
  readonly iv: Uint8Array
  readonly ciphertext: Uint8Array
  readonly tag: Uint8Array
}

const algorithms = { A128GCM: 'aes-128-gcm', A256GCM: 'aes-256-gcm' } as const
const keyBytes = { A128GCM: 16, A256GCM: 32 } as const

type EncryptionUse = { readonly use: 'enc'; readonly alg: 'ECDH-ES' }

export interface EncryptionPair<Named = unknown> {
  readonly publicJwk: KeyPair['publicJwk'] & EncryptionUse & Named
  readonly privateJwk: KeyPair['privateJwk'] & EncryptionUse
}

/** A fresh key pair that others encrypt to; by that name, where it has one. */
export function encryptionKeyPair(): EncryptionPair
export function encryptionKeyPair(kid: string): EncryptionPair<{ readonly kid: string }>
export function encryptionKeyPair(kid?: string): EncryptionPair {
  const { publicJwk, privateJwk } = keyPair()
  const use = { use: 'enc', alg: 'ECDH-ES' } as const
  const named = kid === undefined ? {} : { kid }
  return { publicJwk: { ...publicJwk, ...named, ...use }, privateJwk: { ...privateJwk, ...use } }
}

export function sealJwe(plain: Uint8Array, { key, enc, parties = {} }: TestRecipient): string {
  const own = keyPair()
  const { kty, crv, x, y } = own.publicJwk
  const header = {
    alg: 'ECDH-ES',
    enc,
    epk: { kty, crv, x, y },
    ...(key.kid === undefined ? {} : { kid: key.kid }),
    ...parties,
  }
  const protectedText = Buffer.from(JSON.stringify(header)).toString('base64url')
  const iv = randomBytes(12)
  const cipher = createCipheriv(
    algorithms[enc],
    agreed(own.privateJwk, pointOf(key), { enc, ...parties }),
    iv,
  )
  cipher.setAAD(Buffer.from(protectedText))
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()])
  const parts = [iv, ciphertext, cipher.getAuthTag()].map((part) => part.toString('base64url'))
  return [protectedText, '', ...parts].join('.')
}

/** Throws whatever is wrong with the message. */
export function jweOpenerOf(privateJwk: KeyPair['privateJwk']): (jwe: TestJwe) => Uint8Array {
  return ({ header, protectedText, iv, ciphertext, tag }) => {
    const { enc, epk } = header
    const decipher = createDecipheriv(algorithms[enc], agreed(privateJwk, pointOf(epk), header), iv)
    decipher.setAAD(Buffer.from(protectedText)).setAuthTag(tag)
    return new Uint8Array(Buffer.concat([decipher.update(ciphertext), decipher.final()]))
  }
}

function pointOf({ x, y }: { readonly x: string; readonly y: string }): Point {
  return { kty: 'EC', crv: 'P-256', x, y }
}

/** Concat KDF of one round (RFC 7518 §4.6.2). */
function agreed(
  own: KeyPair['privateJwk'],
  other: Point,
  { enc, apu = '', apv = '' }: { readonly enc: Enc; readonly apu?: string; readonly apv?: string },
): Uint8Array {
  const secret = diffieHellman({
    privateKey: createPrivateKey({ key: { ...own }, format: 'jwk' }),
    publicKey: createPublicKey({ key: { ...other }, format: 'jwk' }),
  })
  const hash = createHash('sha256').update(number(1)).update(secret)
  for (const part of [Buffer.from(enc), Buffer.from(apu, 'base64url'), Buffer.from(apv, 'base64url')]) {
    hash.update(number(part.length)).update(part)
  }
  return hash
    .update(number(keyBytes[enc] * 8))
    .digest()
    .subarray(0, keyBytes[enc])
}

function number(value: number): Uint8Array {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
