/** Certificate revocation lists (RFC 5280 §5): complete ones of the authority that issued the certificates. */
import type { JwsAlgorithm, PublicJwk, SignatureCheck } from '@facet-id/credential/jose'
import {
  CertificateList,
  CRLNumber,
  type Extension,
  type RevokedCertificate,
  type TBSCertList,
} from '@peculiar/asn1-x509'
import { TrustError } from '../error.ts'
import { malformed as malformedDer, maxValues, readAsn1, readCount, readTime } from './asn1.ts'
import { readSerial } from './certificate.ts'
import { type ExtensionEntry, readExtensionList } from './extensions.ts'
import { type DistinguishedName, readName } from './name.ts'
import { isSameAlgorithm, readSignature, readSignatureAlgorithm } from './public-key.ts'

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
const VERSION_2 = 1

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
  const { tbsCertList, tbsCertListRaw, signatureAlgorithm, signature } = readAsn1(
    der,
    CertificateList,
    maxValues.revocationList,
  )
  if (tbsCertListRaw === undefined) throw malformedDer('what was signed is missing')
  const alg = readSignatureAlgorithm(signatureAlgorithm)
  if (tbsCertList.version !== VERSION_2) throw malformed('is not of version 2')
  if (!isSameAlgorithm(tbsCertList.signature, signatureAlgorithm)) throw malformed('names two algorithms')
  return {
    ...readSigned(tbsCertList),
    signed: new Uint8Array(tbsCertListRaw),
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

function readSigned(signed: TBSCertList): Omit<RevocationList, 'signed' | 'alg' | 'signature'> {
  return {
    issuer: readName(signed.issuer),
    thisUpdate: readTime(signed.thisUpdate),
    nextUpdate: readTime(signed.nextUpdate),
    number: numberOf(checked(signed.crlExtensions)),
    revoked: new Set(signed.revokedCertificates?.map(readEntry)),
  }
}

function readEntry({ userCertificate, revocationDate, crlEntryExtensions }: RevokedCertificate): string {
  readTime(revocationDate)
  checked(crlEntryExtensions)
  return readSerial(userCertificate)
}

/** §5.2, §5.3: what is critical and unknown makes the list unusable, in an entry too. */
function checked(read: readonly Extension[] | undefined): readonly ExtensionEntry[] {
  const entries = read === undefined ? [] : readExtensionList(read)
  if (entries.some(({ id, critical }) => critical && !understood.includes(id)))
    throw malformed('demands extensions that are not known')
  return entries
}

function numberOf(entries: readonly ExtensionEntry[]): number {
  const number = entries.find(({ id }) => id === crlNumber)
  if (number === undefined) throw malformed('has no number')
  return readCount(readAsn1(number.der, CRLNumber).value)
}

function malformed(what: string): TrustError {
  return new TrustError('crl_malformed', `The revocation list ${what}`)
}
