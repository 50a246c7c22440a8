/** The keys of a Credo agent, on `node:crypto`: P-256 and Ed25519 to sign with, P-256 to agree on keys. */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPair,
  type JsonWebKey,
  type KeyObject,
  randomBytes,
  randomUUID,
  sign,
  verify,
} from 'node:crypto'
import { promisify } from 'node:util'
import type { Kms } from '@credo-ts/core'

const generate = promisify(generateKeyPair)
const SIGNED: readonly string[] = ['ES256', 'EdDSA', 'Ed25519']

export function nodeKeys(): Kms.KeyManagementService {
  const held = new Map<string, KeyObject>()
  const keyOf = (keyId: string): KeyObject => {
    const key = held.get(keyId)
    if (key === undefined) throw new Error(`no key ${keyId}`)
    return key
  }
  const publicJwk = (keyId: string, key: KeyObject): Kms.KmsJwkPublic =>
    ({ ...createPublicKey(key).export({ format: 'jwk' }), kid: keyId }) as Kms.KmsJwkPublic

  return {
    backend: 'node',
    isOperationSupported(_context, operation) {
      switch (operation.operation) {
        case 'sign':
        case 'verify':
          return SIGNED.includes(operation.algorithm)
        case 'createKey':
          return operation.type.kty === 'EC' || operation.type.kty === 'OKP'
        default:
          return true
      }
    },
    async getPublicKey(_context, keyId) {
      const key = held.get(keyId)
      return key === undefined ? null : publicJwk(keyId, key)
    },
    async createKey(_context, { keyId = randomUUID(), type }) {
      const { privateKey } = await (type.kty === 'OKP'
        ? generate('ed25519')
        : generate('ec', { namedCurve: 'P-256' }))
      held.set(keyId, privateKey)
      return { keyId, publicJwk: publicJwk(keyId, privateKey) } as never
    },
    async importKey(_context, { privateJwk }) {
      const keyId = privateJwk.kid ?? randomUUID()
      const key = createPrivateKey({ format: 'jwk', key: privateJwk as JsonWebKey })
      held.set(keyId, key)
      return { keyId, publicJwk: publicJwk(keyId, key) } as never
    },
    async deleteKey(_context, { keyId }) {
      return held.delete(keyId)
    },
    async sign(_context, { keyId, algorithm, data }) {
      const key = keyOf(keyId)
      const signature =
        algorithm === 'ES256'
          ? sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' })
          : sign(null, data, key)
      return { signature: new Uint8Array(signature) }
    },
    async verify(_context, { key, algorithm, data, signature }) {
      const jwk = key.publicJwk ?? publicJwk(key.keyId, keyOf(key.keyId))
      const publicKey = createPublicKey({ format: 'jwk', key: jwk as JsonWebKey })
      const verified =
        algorithm === 'ES256'
          ? verify('sha256', data, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature)
          : verify(null, data, publicKey, signature)
      return verified ? { verified, publicJwk: jwk as Kms.KmsJwkPublicAsymmetric } : { verified }
    },
    async encrypt(_context, { key, data, encryption }) {
      const { algorithm, aad } = gcm(encryption)
      const iv = randomBytes(12)
      const cipher = createCipheriv(cipherOf(algorithm), agreed(key, algorithm, keyOf), iv)
      if (aad !== undefined) cipher.setAAD(aad)
      const encrypted = Buffer.concat([cipher.update(data), cipher.final()])
      return { encrypted: bytes(encrypted), iv: bytes(iv), tag: bytes(cipher.getAuthTag()) }
    },
    async decrypt(_context, { key, encrypted, decryption }) {
      const { algorithm, aad, iv, tag } = gcm(decryption)
      if (iv === undefined || tag === undefined) throw new Error('iv and tag are needed')
      const decipher = createDecipheriv(cipherOf(algorithm), agreed(key, algorithm, keyOf), iv)
      if (aad !== undefined) decipher.setAAD(aad)
      decipher.setAuthTag(tag)
      return { data: bytes(Buffer.concat([decipher.update(encrypted), decipher.final()])) }
    },
    randomBytes: (_context, { length }) => bytes(randomBytes(length)),
  }
}

interface Gcm {
  readonly algorithm: string
  readonly aad?: Uint8Array
  readonly iv?: Uint8Array
  readonly tag?: Uint8Array
}

function gcm(given: object): Gcm {
  return given as Gcm
}

function cipherOf(algorithm: string): 'aes-128-gcm' | 'aes-256-gcm' {
  if (algorithm === 'A128GCM') return 'aes-128-gcm'
  if (algorithm === 'A256GCM') return 'aes-256-gcm'
  throw new Error(`no ${algorithm} here`)
}

interface Agreement {
  readonly keyId: string
  readonly externalPublicJwk: JsonWebKey
  readonly apu?: Uint8Array
  readonly apv?: Uint8Array
}

/** ECDH-ES, direct agreement: one round of the Concat KDF. RFC 7518 §4.6.2. */
function agreed(key: object, algorithm: string, keyOf: (keyId: string) => KeyObject): Buffer {
  const { keyAgreement } = key as { readonly keyAgreement?: Agreement }
  if (keyAgreement === undefined) throw new Error('keys are agreed on, or not used')
  const { keyId, externalPublicJwk, apu, apv } = keyAgreement
  const secret = diffieHellman({
    privateKey: keyOf(keyId),
    publicKey: createPublicKey({ format: 'jwk', key: externalPublicJwk }),
  })
  const bits = algorithm === 'A128GCM' ? 128 : 256
  const digest = createHash('sha256')
    .update(number(1))
    .update(secret)
    .update(sized(Buffer.from(algorithm)))
    .update(sized(apu ?? new Uint8Array()))
    .update(sized(apv ?? new Uint8Array()))
    .update(number(bits))
    .digest()
  return digest.subarray(0, bits / 8)
}

function sized(data: Uint8Array): Buffer {
  return Buffer.concat([number(data.length), data])
}

function number(value: number): Buffer {
  const four = Buffer.alloc(4)
  four.writeUInt32BE(value)
  return four
}

function bytes(buffer: Buffer): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer)
}
