/**
 * Encrypted private keys in the standard form that other programs read: PKCS #8 (RFC 5958 §3) under PBES2
 * (RFC 8018 §6.2) with scrypt (RFC 7914 §7) and AES-256-CBC. OpenSSL reads it; what it writes by itself takes
 * 2,048 rounds of PBKDF2, which guesses too cheaply.
 */
import { createCipheriv, type KeyObject, randomBytes } from 'node:crypto'
import type { KdfCost } from '@facet-id/store'
import { passphraseKey } from '../node/passphrase.ts'

/** 16 MiB and not 128: OpenSSL takes no more than 32 by itself, and others read this. */
const COST: KdfCost = { N: 2 ** 14, r: 8, p: 1 }

/** DER of object identifiers, without tag and length. */
const oid = {
  pbes2: '2a864886f70d01050d',
  scrypt: '2b06010401da47040b',
  aes256Cbc: '60864801650304012a',
} as const

/** `-----BEGIN ENCRYPTED PRIVATE KEY-----` @throws {CryptoError} `passphrase_empty` */
export async function writeEncryptedPem(key: KeyObject, passphrase: string): Promise<string> {
  const plain = key.export({ format: 'der', type: 'pkcs8' })
  const salt = randomBytes(16)
  const iv = randomBytes(16)
  const cipher = createCipheriv('aes-256-cbc', await passphraseKey(passphrase, { ...COST, salt }), iv)
  const encrypted = Buffer.concat([cipher.update(plain), cipher.final()])
  const { N, r, p } = COST
  const derivation = sequence(
    objectId(oid.scrypt),
    sequence(octets(salt), integer(N), integer(r), integer(p)),
  )
  const encryption = sequence(objectId(oid.aes256Cbc), octets(iv))
  const algorithm = sequence(objectId(oid.pbes2), sequence(derivation, encryption))
  return pemOf('ENCRYPTED PRIVATE KEY', sequence(algorithm, octets(encrypted)))
}

function pemOf(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts))
}

function objectId(hex: string): Buffer {
  return tagged(0x06, Buffer.from(hex, 'hex'))
}

function octets(bytes: Buffer): Buffer {
  return tagged(0x04, bytes)
}

function integer(value: number): Buffer {
  const hex = value.toString(16)
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex')
  return tagged(0x02, (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes)
}

function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), content])
  const size = length < 0x100 ? Buffer.of(0x81, length) : Buffer.of(0x82, length >> 8, length & 0xff)
  return Buffer.concat([Buffer.of(tag), size, content])
}
