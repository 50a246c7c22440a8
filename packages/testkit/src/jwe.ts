/**
 * Encryption by ECDH-ES on P-256 with AES-GCM, on plain node:crypto (RFC 7516, RFC 7518 §4.6, §5.3): a second
 * implementation, for tests of those who encrypt and open.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  randomBytes,
} from 'node:crypto'
import { type KeyPair, keyPair } from './keys.ts'

const keyBits = { A128GCM: 128, A256GCM: 256 } as const
type Enc = keyof typeof keyBits

interface Recipient {
  readonly key: KeyPair['publicJwk'] & { readonly kid?: string }
  readonly enc: Enc
}

interface Parts {
  readonly header: { readonly enc: Enc; readonly epk: KeyPair['publicJwk'] }
  readonly protectedText: string
  readonly iv: Uint8Array
  readonly ciphertext: Uint8Array
  readonly tag: Uint8Array
}

/** A key that others encrypt to, as an issuer or a wallet publishes it. */
export function encryptionKeyPair(kid: string): {
  readonly publicJwk: KeyPair['publicJwk'] & {
    readonly kid: string
    readonly use: 'enc'
    readonly alg: 'ECDH-ES'
  }
  readonly privateJwk: KeyPair['privateJwk']
} {
  const { publicJwk, privateJwk } = keyPair()
  return { publicJwk: { ...publicJwk, kid, use: 'enc', alg: 'ECDH-ES' }, privateJwk }
}

export function sealJwe(plain: Uint8Array, { key: { kid, ...jwk }, enc }: Recipient): string {
  const own = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { kty, crv, x, y } = own.publicKey.export({ format: 'jwk' })
  const header = { alg: 'ECDH-ES', enc, ...(kid === undefined ? {} : { kid }), epk: { kty, crv, x, y } }
  const protectedText = Buffer.from(JSON.stringify(header)).toString('base64url')
  const publicKey = createPublicKey({ key: { ...jwk }, format: 'jwk' })
  const secret = diffieHellman({ privateKey: own.privateKey, publicKey })
  const iv = randomBytes(12)
  const cipher = createCipheriv(cipherOf(enc), derived(secret, enc), iv)
  cipher.setAAD(Buffer.from(protectedText))
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()])
  const rest = [iv, ciphertext, cipher.getAuthTag()].map((part) => part.toString('base64url'))
  return [protectedText, '', ...rest].join('.')
}

/** Throws when anything of it was changed, or it is for another key. */
export function jweOpenerOf(privateJwk: KeyPair['privateJwk']): (jwe: Parts) => Uint8Array {
  const privateKey = createPrivateKey({ key: { ...privateJwk }, format: 'jwk' })
  return ({ header: { enc, epk }, protectedText, iv, ciphertext, tag }) => {
    const publicKey = createPublicKey({ key: { ...epk }, format: 'jwk' })
    const secret = diffieHellman({ privateKey, publicKey })
    const decipher = createDecipheriv(cipherOf(enc), derived(secret, enc), iv)
    decipher.setAAD(Buffer.from(protectedText))
    decipher.setAuthTag(tag)
    return new Uint8Array(Buffer.concat([decipher.update(ciphertext), decipher.final()]))
  }
}

function cipherOf(enc: Enc): 'aes-128-gcm' | 'aes-256-gcm' {
  return enc === 'A128GCM' ? 'aes-128-gcm' : 'aes-256-gcm'
}

/** Concat KDF with one round, which is enough for both lengths (RFC 7518 §4.6.2). */
function derived(secret: Buffer, enc: Enc): Buffer {
  const input = [
    number(1),
    secret,
    number(enc.length),
    Buffer.from(enc),
    number(0),
    number(0),
    number(keyBits[enc]),
  ]
  return createHash('sha256')
    .update(Buffer.concat(input))
    .digest()
    .subarray(0, keyBits[enc] / 8)
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
