/**
 * A certificate (RFC 5280 §4.1), read strictly and as plain data. Reading verifies nothing: what must
 * hold for it to be its issuer's is a `SignatureCheck`.
 */
import type { JwsAlgorithm, PublicJwk, SignatureCheck } from '@facet-id/credential/jose'
import { Certificate as Read, type TBSCertificate } from '@peculiar/asn1-x509'
import { TrustError } from '../error.ts'
import { malformed as malformedDer, readAsn1, readTime, readUnsigned } from './asn1.ts'
import { type Extensions, readExtensions } from './extensions.ts'
import { type DistinguishedName, readName, sameName } from './name.ts'
import {
  isSameAlgorithm,
  readSignature,
  readSignatureAlgorithm,
  readSubjectPublicKey,
  writeHex,
} from './public-key.ts'

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
const VERSION_3 = 2

/**
 * Reads a certificate of version 3.
 *
 * @throws {TrustError} `der_malformed`, `certificate_malformed`, `certificate_unsupported`, `certificates_too_large`
 */
export function readCertificate(der: Uint8Array): Certificate {
  if (der.length > maxCertificateBytes) {
    throw new TrustError('certificates_too_large', 'The certificate is larger than is read here')
  }
  const { tbsCertificate, tbsCertificateRaw, signatureAlgorithm, signatureValue } = readAsn1(der, Read)
  if (tbsCertificateRaw === undefined) throw malformedDer('what was signed is missing')
  const alg = readSignatureAlgorithm(signatureAlgorithm)
  // Extensions are what says what a certificate is good for, and only version 3 has them.
  if (tbsCertificate.version !== VERSION_3) throw malformed('is not of version 3')
  if (!isSameAlgorithm(tbsCertificate.signature, signatureAlgorithm)) throw malformed('names two algorithms')
  return {
    der,
    ...readSigned(tbsCertificate),
    signed: new Uint8Array(tbsCertificateRaw),
    alg,
    signature: readSignature(signatureValue, alg),
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

/** Unique identifiers (§4.1.2.8) are read over. */
function readSigned(signed: TBSCertificate): Omit<Certificate, 'der' | 'signed' | 'alg' | 'signature'> {
  return {
    serialNumber: readSerial(signed.serialNumber),
    issuer: readName(signed.issuer),
    subject: readName(signed.subject),
    notBefore: readTime(signed.validity.notBefore),
    notAfter: readTime(signed.validity.notAfter),
    key: readSubjectPublicKey(signed.subjectPublicKeyInfo),
    extensions: readExtensions(signed.extensions),
  }
}

/** RFC 5280 §4.1.2.2: positive, at most twenty bytes. */
export function readSerial(content: ArrayBuffer): string {
  const bytes = readUnsigned(content)
  if (bytes.length > maxSerialBytes) throw malformed('has a serial number that is too long')
  return writeHex(bytes)
}

function malformed(what: string): TrustError {
  return new TrustError('certificate_malformed', `The certificate ${what}`)
}
