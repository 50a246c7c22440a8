/** Certificates for tests, made by an engine of others: whatever is wrong with them was put there. */
import 'reflect-metadata'
import type { webcrypto } from 'node:crypto'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
  X509CrlGenerator,
  X509CrlReason,
} from '@peculiar/x509'
import type { Certificate } from '../certificate/certificate.ts'
import { readCertificate } from '../certificate/certificate.ts'

export const now = 1_800_000_000
const day = 86_400

type Curve = 'P-256' | 'P-384' | 'P-521'
const hashes = { 'P-256': 'SHA-256', 'P-384': 'SHA-384', 'P-521': 'SHA-512' } as const

export interface Wishes {
  readonly name?: string
  readonly curve?: Curve | 'Ed25519'
  readonly keys?: webcrypto.CryptoKeyPair
  /** Present: an authority; `null` an authority without a limit. */
  readonly pathLength?: number | null
  readonly usage?: number | null
  readonly purposes?: readonly string[]
  readonly dns?: readonly string[]
  readonly from?: number
  readonly until?: number
  /** Added as they are: id, critical, DER. */
  readonly more?: readonly (readonly [string, boolean, string])[]
  readonly hash?: string
}

/** An authority, or a party, that can issue. */
export interface Made {
  readonly name: string
  readonly keys: webcrypto.CryptoKeyPair
  readonly der: Uint8Array<ArrayBuffer>
  readonly certificate: Certificate
  issue(wishes: Wishes): Promise<Made>
  revoke(serials: readonly string[], times?: { from?: number; until?: number }): Promise<Uint8Array>
}

/** A root that signs itself. */
export async function root(wishes: Wishes = {}): Promise<Made> {
  return make({ name: 'C=UTO, O=Root', pathLength: null, ...wishes }, undefined)
}

export async function keysOf(curve: Curve | 'Ed25519' = 'P-256'): Promise<webcrypto.CryptoKeyPair> {
  const made = await crypto.subtle.generateKey(algorithmOf(curve), true, ['sign', 'verify'])
  if (!('privateKey' in made)) throw new Error('a pair was asked for')
  return made
}

function algorithmOf(curve: Curve | 'Ed25519'): webcrypto.EcKeyGenParams | { readonly name: 'Ed25519' } {
  return curve === 'Ed25519' ? { name: 'Ed25519' } : { name: 'ECDSA', namedCurve: curve }
}

function signingOf(keys: webcrypto.CryptoKeyPair, hash?: string): { name: string; hash?: string } {
  const { name, namedCurve } = keys.privateKey.algorithm as { name: string; namedCurve?: Curve }
  return name === 'ECDSA' ? { name, hash: hash ?? hashes[namedCurve ?? 'P-256'] } : { name }
}

async function make(wishes: Wishes, by: Made | undefined): Promise<Made> {
  const { name = 'C=UTO, O=Party', pathLength, purposes, dns, more = [] } = wishes
  const keys = wishes.keys ?? (await keysOf(wishes.curve))
  const isAuthority = pathLength !== undefined
  const usage =
    wishes.usage ??
    (isAuthority ? KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign : KeyUsageFlags.digitalSignature)
  const signer = by ?? { name, keys }
  const made = await X509CertificateGenerator.create({
    serialNumber: Buffer.from(crypto.getRandomValues(new Uint8Array(8)))
      .toString('hex')
      .replace(/^./, '1'),
    subject: name,
    issuer: signer.name,
    notBefore: new Date((wishes.from ?? now - day) * 1000),
    notAfter: new Date((wishes.until ?? now + 365 * day) * 1000),
    publicKey: keys.publicKey,
    signingKey: signer.keys.privateKey,
    signingAlgorithm: signingOf(signer.keys, wishes.hash),
    extensions: [
      ...(isAuthority ? [new BasicConstraintsExtension(true, pathLength ?? undefined, true)] : []),
      ...(wishes.usage === null ? [] : [new KeyUsagesExtension(usage, true)]),
      ...(purposes === undefined ? [] : [new ExtendedKeyUsageExtension([...purposes])]),
      ...(dns === undefined
        ? []
        : [new SubjectAlternativeNameExtension(dns.map((value) => ({ type: 'dns', value })))]),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(signer.keys.publicKey),
      ...more.map(([id, critical, hex]) => new Extension(id, critical, Buffer.from(hex, 'hex'))),
    ],
  })
  const der = new Uint8Array(made.rawData)
  const self: Made = {
    name,
    keys,
    der,
    get certificate() {
      return readCertificate(der)
    },
    issue: (next) => make(next, self),
    async revoke(serials, { from = now - day, until = now + day } = {}) {
      const list = await X509CrlGenerator.create({
        issuer: name,
        thisUpdate: new Date(from * 1000),
        nextUpdate: new Date(until * 1000),
        entries: serials.map((serialNumber) => ({
          serialNumber,
          revocationDate: new Date(from * 1000),
          reason: X509CrlReason.keyCompromise,
        })),
        extensions: [new Extension('2.5.29.20', false, Buffer.from('020101', 'hex'))],
        signingKey: keys.privateKey,
        signingAlgorithm: signingOf(keys),
      })
      return new Uint8Array(list.rawData)
    },
  }
  return self
}
