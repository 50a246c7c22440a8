/** Certificate revocation lists (RFC 5280 §5): complete ones of the authority that issued the certificates. */
import type { JwsAlgorithm, PublicJwk, SignatureCheck } from '@facet-id/credential/jose'
import { type DerValue, derTags, readDer } from '../der/der.ts'
import { readCount, readSequence, readTime } from '../der/values.ts'
import { TrustError } from '../error.ts'
import { readSerial } from './certificate.ts'
import { type ExtensionEntry, findExtensions, readExtensionList } from './extensions.ts'
import { type DistinguishedName, readName, sameBytes } from './name.ts'
import { readSignature, readSignatureAlgorithm } from './public-key.ts'

export interface RevocationList {
  readonly issuer: DistinguishedName
  /** Seconds since the epoch. */
  readonly thisUpdate: number
  readonly nextUpdate: number
  /** Grows with each list of an authority (§5.2.3); what came before is older. */
  readonly number: number
  /** Serial numbers as certificates have them. */
  readonly revoked: ReadonlySet<string>
  readonly signed: Uint8Array
  readonly alg: JwsAlgorithm
  readonly signature: Uint8Array
}

/** Some 25,000 entries. */
export const maxRevocationListBytes = 1_048_576

const crlNumber = '2.5.29.20'
/** Understood by whoever reads complete lists: which key, and number; the reason of an entry, and since when. */
const understood: readonly string[] = [crlNumber, '2.5.29.35', '2.5.29.21', '2.5.29.24']

/**
 * Reads a list of version 2. Partial lists, lists of another authority's certificates and lists without
 * an end are refused: they would make "not on it" mean less than it says.
 *
 * @throws {TrustError} `der_malformed`, `certificate_malformed`, `certificate_unsupported`,
 * `certificates_too_large`, `crl_malformed`
 */
export function readRevocationList(der: Uint8Array): RevocationList {
  if (der.length > maxRevocationListBytes) {
    throw new TrustError('certificates_too_large', 'The revocation list is larger than is read here')
  }
  const [signed, algorithm, signature, ...more] = readSequence(readDer(der))
  if (signed === undefined || algorithm === undefined || more.length > 0) throw malformed('is of no form')
  const alg = readSignatureAlgorithm(algorithm)
  return {
    ...readSigned(signed, algorithm),
    signed: signed.whole,
    alg,
    signature: readSignature(signature, alg),
  }
}

/** What must hold for the list to be made by the owner of that key. */
export function checkOfRevocationList(
  { alg, signed, signature }: RevocationList,
  key: PublicJwk,
): SignatureCheck {
  return { alg, key, data: signed, signature }
}

function readSigned(
  value: DerValue,
  algorithm: DerValue,
): Omit<RevocationList, 'signed' | 'alg' | 'signature'> {
  const parts = [...readSequence(value)]
  if (readCount(parts.shift()) !== 1) throw malformed('is not of version 2')
  const [inner, issuer, thisUpdate, nextUpdate, ...rest] = parts
  if (inner === undefined || !sameBytes(inner.whole, algorithm.whole)) throw malformed('names two algorithms')
  const entries = rest[0]?.tag === derTags.sequence ? readSequence(rest.shift()) : []
  if (rest.length > 1) throw malformed('is of no form')
  return {
    issuer: readName(issuer),
    thisUpdate: readTime(thisUpdate),
    nextUpdate: readTime(nextUpdate),
    number: numberOf(checked(findExtensions(rest, 0))),
    revoked: new Set(entries.map(readEntry)),
  }
}

function readEntry(value: DerValue): string {
  const [serial, revokedAt, extensions, ...more] = readSequence(value)
  if (more.length > 0) throw malformed('has an entry of no form')
  readTime(revokedAt)
  checked(extensions)
  return readSerial(serial)
}

/** §5.2, §5.3: what is critical and unknown makes the list unusable, in an entry too. */
function checked(value: DerValue | undefined): readonly ExtensionEntry[] {
  const entries = value === undefined ? [] : readExtensionList(value)
  if (entries.some(({ id, critical }) => critical && !understood.includes(id)))
    throw malformed('demands extensions that are not known')
  return entries
}

function numberOf(entries: readonly ExtensionEntry[]): number {
  const number = entries.find(({ id }) => id === crlNumber)
  if (number === undefined) throw malformed('has no number')
  return readCount(readDer(number.octets))
}

function malformed(what: string): TrustError {
  return new TrustError('crl_malformed', `The revocation list ${what}`)
}
