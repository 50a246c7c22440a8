/**
 * A certificate (RFC 5280 §4.1), read strictly and as plain data. Reading verifies nothing: what must
 * hold for it to be its issuer's is a `SignatureCheck`.
 */
import type { JwsAlgorithm, PublicJwk, SignatureCheck } from '@facet-id/credential/jose'
import { contextNumberOf, type DerValue, partsOf, readDer } from '../der/der.ts'
import { readCount, readSequence, readTime, readUnsigned } from '../der/values.ts'
import { TrustError } from '../error.ts'
import { type Extensions, findExtensions, readExtensions } from './extensions.ts'
import { type DistinguishedName, readName, sameBytes, sameName } from './name.ts'
import { readSignature, readSignatureAlgorithm, readSubjectPublicKey } from './public-key.ts'

export interface Certificate {
  /** As it was received. */
  readonly der: Uint8Array
  /** Hexadecimal, lower case, without the sign byte. */
  readonly serialNumber: string
  readonly issuer: DistinguishedName
  readonly subject: DistinguishedName
  /** Seconds since the epoch; both moments belong to the validity (RFC 5280 §4.1.2.5). */
  readonly notBefore: number
  readonly notAfter: number
  readonly key: PublicJwk
  readonly extensions: Extensions
  /** What was signed, with which algorithm, and the signature. */
  readonly signed: Uint8Array
  readonly alg: JwsAlgorithm
  readonly signature: Uint8Array
}

/** One certificate is about a kilobyte; sixteen are read. */
export const maxCertificateBytes = 16_384
const maxSerialBytes = 20

/**
 * Reads a certificate of version 3.
 *
 * @throws {TrustError} `der_malformed`, `certificate_malformed`, `certificate_unsupported`, `certificates_too_large`
 */
export function readCertificate(der: Uint8Array): Certificate {
  if (der.length > maxCertificateBytes) {
    throw new TrustError('certificates_too_large', 'The certificate is larger than is read here')
  }
  const [signed, algorithm, signature, ...more] = readSequence(readDer(der))
  if (signed === undefined || algorithm === undefined || more.length > 0) throw malformed('is of no form')
  const alg = readSignatureAlgorithm(algorithm)
  return {
    der,
    ...readSigned(signed, algorithm),
    signed: signed.whole,
    alg,
    signature: readSignature(signature, alg),
  }
}

/** What must hold for the certificate to be made by the owner of that key. */
export function checkOfCertificate({ alg, signed, signature }: Certificate, key: PublicJwk): SignatureCheck {
  return { alg, key, data: signed, signature }
}

/** Whether a certificate says that it made itself: issuer and subject are one name. */
export function isSelfIssued({ issuer, subject }: Certificate): boolean {
  return sameName(issuer, subject)
}

type Signed = Omit<Certificate, 'der' | 'signed' | 'alg' | 'signature'>

function readSigned(value: DerValue, algorithm: DerValue): Signed {
  const parts = [...readSequence(value)]
  const version = parts.shift()
  // Extensions are what says what a certificate is good for, and only version 3 has them.
  if (version === undefined || contextNumberOf(version) !== 0 || readVersion(version) !== 2)
    throw malformed('is not of version 3')
  const [serial, inner, issuer, validity, subject, key, ...rest] = parts
  // RFC 5280 §4.1.1.2: the algorithm inside, which is signed, is the one outside, which is not.
  if (inner === undefined || !sameBytes(inner.whole, algorithm.whole)) throw malformed('names two algorithms')
  if (rest.some((part) => !lastMembers.includes(contextNumberOf(part) ?? 0))) throw malformed('is of no form')
  const [notBefore, notAfter, ...later] = readSequence(validity)
  if (later.length > 0) throw malformed('has a validity of no form')
  return {
    serialNumber: readSerial(serial),
    issuer: readName(issuer),
    subject: readName(subject),
    notBefore: readTime(notBefore),
    notAfter: readTime(notAfter),
    key: readSubjectPublicKey(key),
    extensions: readExtensions(findExtensions(rest, 3)),
  }
}

/** Unique identifiers (§4.1.2.8) are read over; extensions come last. */
const lastMembers: readonly number[] = [1, 2, 3]

function readVersion(value: DerValue): number {
  const [number, ...more] = partsOf(value)
  if (more.length > 0) throw malformed('has a version of no form')
  return readCount(number)
}

/** RFC 5280 §4.1.2.2: positive, at most twenty bytes. */
export function readSerial(value: DerValue | undefined): string {
  const bytes = readUnsigned(value)
  if (bytes.length > maxSerialBytes) throw malformed('has a serial number that is too long')
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function malformed(what: string): TrustError {
  return new TrustError('certificate_malformed', `The certificate ${what}`)
}
