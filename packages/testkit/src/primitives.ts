/**
 * The primitives that pure packages and roles take as arguments, on plain node:crypto and
 * node:zlib: a second implementation, so that no test of a role leans on an adapter.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPublicKey,
  type KeyObject,
  randomBytes,
  verify,
} from 'node:crypto'
import { deflateSync, inflateSync } from 'node:zlib'
import { digests } from './keys.ts'

const nodeNames = { 'sha-256': 'sha256', 'sha-384': 'sha384', 'sha-512': 'sha512' } as const

export function hash(alg: keyof typeof nodeNames, data: string | Uint8Array): string {
  return createHash(nodeNames[alg]).update(data).digest('base64url')
}

export function random(bytes: number): Uint8Array {
  return new Uint8Array(randomBytes(bytes))
}

/** The same bytes for the same seed, in every run: for tests that must be repeatable. */
export function seededRandom(seed: string): (bytes: number) => Uint8Array {
  let counter = 0
  return (bytes) => {
    const out = new Uint8Array(bytes)
    for (let filled = 0; filled < bytes; filled += 32) {
      const block = createHash('sha256').update(`${seed}:${counter++}`).digest()
      out.set(block.subarray(0, bytes - filled), filled)
    }
    return out
  }
}

export function inflate(zlib: Uint8Array, maxBytes: number): Uint8Array {
  return new Uint8Array(inflateSync(zlib, { maxOutputLength: maxBytes }))
}

export function deflate(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(deflateSync(bytes, { level: 9 }))
}

export function macOf(key: Uint8Array): (ascii: string) => string {
  return (ascii) => createHmac('sha256', key).update(ascii, 'ascii').digest('base64url')
}

interface Check {
  readonly alg: keyof typeof digests
  readonly key: object
  readonly data: string | Uint8Array
  readonly signature: Uint8Array
}

export function checkSignatures(checks: readonly Check[]): ('valid' | 'invalid' | 'key_unusable')[] {
  return checks.map(({ alg, key, data, signature }) => {
    let publicKey: KeyObject
    try {
      publicKey = createPublicKey({ key: { ...key }, format: 'jwk' })
    } catch {
      return 'key_unusable'
    }
    const holds = verify(
      digests[alg],
      typeof data === 'string' ? Buffer.from(data, 'utf8') : data,
      { key: publicKey, dsaEncoding: 'ieee-p1363' },
      signature,
    )
    return holds ? 'valid' : 'invalid'
  })
}

export interface TestSealer {
  seal(plain: Uint8Array, associated: string): Uint8Array
  open(sealed: Uint8Array, associated: string): Uint8Array
}

/** AES-256-GCM with the nonce in front and the tag behind. */
export function sealerOf(key: Uint8Array): TestSealer {
  return {
    seal(plain, associated) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(associated))
      return new Uint8Array(Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]))
    },
    open(sealed, associated) {
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12)).setAAD(
        Buffer.from(associated),
      )
      decipher.setAuthTag(sealed.subarray(-16))
      return new Uint8Array(Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]))
    },
  }
}
