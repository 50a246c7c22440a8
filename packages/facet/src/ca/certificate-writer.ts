/** Writes certificates and revocation lists by the engine of others; what it wrote is read back by ours. */
import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import type { PublicJwk } from '@facet-id/credential/jose'
import { type PrivateJwk, random } from '@facet-id/crypto/node'
import { type Certificate, purposes, readCertificate, readRevocationList } from '@facet-id/trust/x509'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  Name as WrittenName,
  X509CertificateGenerator,
  X509CrlGenerator,
  X509CrlReason,
} from '@peculiar/x509'

/** `wallet`: of a provider of wallets, who attests them. */
export type CertificatePurpose = 'issuer' | 'verifier' | 'status' | 'wallet'

/** No text names a purpose for providers of wallets; "any" is none for an issuer or a verifier (X509-13). */
const ANY_PURPOSE = '2.5.29.37.0'

/** Times are seconds since the epoch. */
export interface Validity {
  readonly notBefore: number
  readonly notAfter: number
}

export interface Subject extends Validity {
  /** Attributes of the name, most general first: `[['C', 'UTO'], ['O', 'Bar']]`. */
  readonly name: Name
  readonly key: PublicJwk
  readonly purpose: CertificatePurpose
  readonly dns: readonly string[]
}

export type Name = readonly (readonly [type: 'C' | 'O' | 'CN', text: string])[]

/** Who signs: its name, and its key on P-256. */
export interface SigningAuthority {
  readonly name: Name
  readonly key: PrivateJwk
}

export interface Revoked {
  readonly serialNumber: string
  readonly at: number
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256' } as const
const signing = { name: 'ECDSA', hash: 'SHA-256' } as const

/** The certificate of the authority itself: it issues to parties only, and its key signs certificates and lists. */
export async function writeRoot({ name, key }: SigningAuthority, validity: Validity): Promise<Certificate> {
  const publicKey = await importPublic(key)
  const made = await X509CertificateGenerator.create({
    ...namesOf(name, name),
    ...timesOf(validity),
    publicKey,
    signingKey: await importPrivate(key),
    signingAlgorithm: signing,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(publicKey),
    ],
  })
  return readCertificate(new Uint8Array(made.rawData))
}

/** A certificate for one purpose, issued by the authority. Nothing of it says that it is one itself. */
export async function writeCertificate(by: SigningAuthority, subject: Subject): Promise<Certificate> {
  const publicKey = await importPublic(subject.key)
  const names = subject.dns.map((value) => ({ type: 'dns' as const, value }))
  const made = await X509CertificateGenerator.create({
    ...namesOf(by.name, subject.name),
    ...timesOf(subject),
    publicKey,
    signingKey: await importPrivate(by.key),
    signingAlgorithm: signing,
    extensions: [
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension(
        subject.purpose === 'wallet' ? [ANY_PURPOSE] : [...purposes[subject.purpose]],
      ),
      ...(names.length === 0 ? [] : [new SubjectAlternativeNameExtension(names)]),
      await SubjectKeyIdentifierExtension.create(publicKey),
      await AuthorityKeyIdentifierExtension.create(await importPublic(by.key)),
    ],
  })
  return readCertificate(new Uint8Array(made.rawData))
}

/** The complete list of what the authority revoked, as DER. */
export async function writeRevocationList(
  by: SigningAuthority,
  {
    thisUpdate,
    nextUpdate,
    number,
    revoked,
  }: {
    readonly thisUpdate: number
    readonly nextUpdate: number
    readonly number: number
    readonly revoked: readonly Revoked[]
  },
): Promise<Uint8Array> {
  const made = await X509CrlGenerator.create({
    issuer: written(by.name),
    thisUpdate: dateOf(thisUpdate),
    nextUpdate: dateOf(nextUpdate),
    entries: revoked.map(({ serialNumber, at }) => ({
      serialNumber,
      revocationDate: dateOf(at),
      // Without a reason the engine writes an empty list of extensions, which RFC 5280 §5.3 does not have.
      reason: X509CrlReason.cessationOfOperation,
    })),
    extensions: [new Extension('2.5.29.20', false, derCount(number))],
    signingKey: await importPrivate(by.key),
    signingAlgorithm: signing,
  })
  const der = new Uint8Array(made.rawData)
  readRevocationList(der)
  return der
}

function namesOf(
  issuer: Name,
  subject: Name,
): { serialNumber: string; issuer: WrittenName; subject: WrittenName } {
  // 128 random bits, positive and never with a zero in front: the first bit off, the second on.
  const serial = Buffer.from(random(16))
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40
  return { serialNumber: serial.toString('hex'), issuer: written(issuer), subject: written(subject) }
}

/** Not as text: what a name holds cannot pass for another part of it. */
function written(name: Name): WrittenName {
  return new WrittenName(
    name.map(([type, text]) => ({
      [type]: [type === 'C' ? { printableString: text } : { utf8String: text }],
    })),
  )
}

function timesOf({ notBefore, notAfter }: Validity): { notBefore: Date; notAfter: Date } {
  return { notBefore: dateOf(notBefore), notAfter: dateOf(notAfter) }
}

function dateOf(seconds: number): Date {
  return new Date(seconds * 1000)
}

/** DER of a number below 2³¹. */
function derCount(number: number): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.alloc(5)
  bytes.writeUInt32BE(number, 1)
  let start = 0
  while (start < 4 && bytes[start] === 0 && (bytes[start + 1] ?? 0) < 0x80) start++
  return Uint8Array.of(2, bytes.length - start, ...bytes.subarray(start))
}

function importPublic(key: PublicJwk): Promise<webcrypto.CryptoKey> {
  const { kty, crv, x } = key
  const jwk = key.kty === 'EC' ? { kty, crv, x, y: key.y } : { kty, crv, x }
  const how = key.kty === 'EC' ? { name: 'ECDSA', namedCurve: crv } : { name: 'Ed25519' }
  return webcrypto.subtle.importKey('jwk', jwk, how, true, ['verify'])
}

function importPrivate(key: PrivateJwk): Promise<webcrypto.CryptoKey> {
  return webcrypto.subtle.importKey('jwk', { ...key, key_ops: ['sign'] }, algorithm, true, ['sign'])
}
