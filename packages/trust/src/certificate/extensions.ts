/** The extensions of a certificate that are understood (RFC 5280 §4.2), and the names of those that are not. */
import {
  AuthorityKeyIdentifier,
  BasicConstraints,
  ExtendedKeyUsage,
  type Extension,
  KeyUsage,
  NameConstraints as NameConstraintsRead,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
} from '@peculiar/asn1-x509'
import { TrustError } from '../error.ts'
import { readAsn1, readCount, readNamedBits } from './asn1.ts'
import { type GeneralName, readGeneralName } from './general-name.ts'
import { type NameConstraints, readNameConstraints } from './name-constraints.ts'

/** Bits of the key usage extension (RFC 5280 §4.2.1.3). */
export const keyUsageBits = { digitalSignature: 0, keyCertSign: 5, cRLSign: 6 } as const

export interface Extensions {
  /** Absent: not an authority. */
  readonly basicConstraints?: { readonly ca: boolean; readonly pathLength?: number }
  /** Absent: no use is excluded. */
  readonly keyUsage?: ReadonlySet<number>
  /** Object identifiers; absent: no purpose is excluded. */
  readonly extendedKeyUsage?: readonly string[]
  readonly subjectAltNames: readonly GeneralName[]
  readonly nameConstraints?: NameConstraints
  readonly subjectKeyIdentifier?: Uint8Array
  /** `keyIdentifier` of the authority key identifier; absent too when only issuer and serial stand there. */
  readonly authorityKeyIdentifier?: Uint8Array
  /** Critical, and not understood: whoever sees one refuses the path. */
  readonly unknownCritical: readonly string[]
}

type Draft = { -readonly [name in keyof Extensions]: Extensions[name] }

const maxExtensions = 32
const maxNames = 64

const readers: Readonly<Record<string, (der: Uint8Array, into: Draft) => void>> = {
  '2.5.29.14': (der, into) => {
    into.subjectKeyIdentifier = new Uint8Array(readAsn1(der, SubjectKeyIdentifier).buffer)
  },
  '2.5.29.15': (der, into) => {
    const { value, unusedBits } = readAsn1(der, KeyUsage)
    into.keyUsage = readNamedBits(value, unusedBits)
  },
  '2.5.29.17': (der, into) => {
    into.subjectAltNames = readNames(readAsn1(der, SubjectAlternativeName))
  },
  '2.5.29.19': (der, into) => {
    into.basicConstraints = readBasicConstraints(readAsn1(der, BasicConstraints))
  },
  '2.5.29.30': (der, into) => {
    into.nameConstraints = readNameConstraints(readAsn1(der, NameConstraintsRead))
  },
  '2.5.29.35': (der, into) => {
    const { keyIdentifier } = readAsn1(der, AuthorityKeyIdentifier)
    if (keyIdentifier !== undefined) into.authorityKeyIdentifier = new Uint8Array(keyIdentifier.buffer)
  },
  '2.5.29.37': (der, into) => {
    into.extendedKeyUsage = [...readAsn1(der, ExtendedKeyUsage)]
  },
}

/**
 * Reads the extensions of a certificate.
 *
 * @param read absent: there are none
 * @throws {TrustError} `der_malformed`; `certificate_malformed` for an extension that stands there twice
 */
export function readExtensions(read: readonly Extension[] | undefined): Extensions {
  const entries = read === undefined ? [] : readExtensionList(read)
  const draft: Draft = { subjectAltNames: [], unknownCritical: [] }
  for (const { id, der } of entries) {
    if (Object.hasOwn(readers, id)) readers[id]?.(der, draft)
  }
  const unknown = entries.filter(({ id, critical }) => critical && !Object.hasOwn(readers, id))
  return { ...draft, unknownCritical: unknown.map(({ id }) => id) }
}

export interface ExtensionEntry {
  readonly id: string
  readonly critical: boolean
  readonly der: Uint8Array
}

/** @throws {TrustError} `certificate_malformed` */
export function readExtensionList(read: readonly Extension[]): readonly ExtensionEntry[] {
  if (read.length === 0 || read.length > maxExtensions) throw malformed('has no or too many extensions')
  // RFC 5280 §4.2: "MUST NOT include more than one instance of a particular extension".
  if (new Set(read.map(({ extnID }) => extnID)).size < read.length) throw malformed('has one extension twice')
  return read.map(({ extnID: id, critical, extnValue }) => ({
    id,
    critical,
    der: new Uint8Array(extnValue.buffer),
  }))
}

function readNames(names: SubjectAlternativeName): readonly GeneralName[] {
  if (names.length === 0 || names.length > maxNames) throw malformed('has no or too many other names')
  return names.map(readGeneralName)
}

function readBasicConstraints({
  cA: ca,
  pathLenConstraint,
}: BasicConstraints): NonNullable<Extensions['basicConstraints']> {
  if (pathLenConstraint === undefined) return { ca }
  if (!ca) throw malformed('has basic constraints of no form')
  return { ca, pathLength: readCount(pathLenConstraint) }
}

function malformed(what: string): TrustError {
  return new TrustError('certificate_malformed', `The certificate, or the list, ${what}`)
}
