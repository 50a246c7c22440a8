/** The extensions of a certificate that are understood (RFC 5280 §4.2), and the names of those that are not. */

import { contextNumberOf, type DerValue, derTags, partsOf, readDer } from '../der/der.ts'
import {
  findContext,
  readBoolean,
  readCount,
  readNamedBits,
  readObjectIdentifier,
  readOctets,
  readSequence,
} from '../der/values.ts'
import { TrustError } from '../error.ts'
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

const readers: Readonly<Record<string, (value: DerValue, into: Draft) => void>> = {
  '2.5.29.14': (value, into) => {
    into.subjectKeyIdentifier = readOctets(value)
  },
  '2.5.29.15': (value, into) => {
    into.keyUsage = readNamedBits(value)
  },
  '2.5.29.17': (value, into) => {
    into.subjectAltNames = readNames(value)
  },
  '2.5.29.19': (value, into) => {
    into.basicConstraints = readBasicConstraints(value)
  },
  '2.5.29.30': (value, into) => {
    into.nameConstraints = readNameConstraints(value)
  },
  '2.5.29.35': (value, into) => {
    const identifier = findContext(readSequence(value), 0)
    if (identifier !== undefined) into.authorityKeyIdentifier = identifier.content
  },
  '2.5.29.37': (value, into) => {
    into.extendedKeyUsage = readSequence(value).map(readObjectIdentifier)
  },
}

/**
 * Reads the extensions of a certificate or of a revocation list.
 *
 * @param value `SEQUENCE OF Extension`; absent: there are none
 * @throws {TrustError} `der_malformed`; `certificate_malformed` for an extension that stands there twice
 */
export function readExtensions(value: DerValue | undefined): Extensions {
  const entries = value === undefined ? [] : readExtensionList(value)
  const draft: Draft = { subjectAltNames: [], unknownCritical: [] }
  for (const { id, octets } of entries) {
    if (Object.hasOwn(readers, id)) readers[id]?.(readDer(octets), draft)
  }
  const unknown = entries.filter(({ id, critical }) => critical && !Object.hasOwn(readers, id))
  return { ...draft, unknownCritical: unknown.map(({ id }) => id) }
}

export interface ExtensionEntry {
  readonly id: string
  readonly critical: boolean
  readonly octets: Uint8Array
}

/** @throws {TrustError} `der_malformed`, `certificate_malformed` */
export function readExtensionList(value: DerValue): readonly ExtensionEntry[] {
  const entries = readSequence(value).map(readEntry)
  if (entries.length === 0 || entries.length > maxExtensions) throw malformed('has no or too many extensions')
  // RFC 5280 §4.2: "MUST NOT include more than one instance of a particular extension".
  if (new Set(entries.map(({ id }) => id)).size < entries.length) throw malformed('has one extension twice')
  return entries
}

function readEntry(value: DerValue): ExtensionEntry {
  const parts = readSequence(value)
  const [id, flag] = parts
  const hasFlag = flag?.tag === derTags.boolean
  // DER leaves out what is the default: false is never written.
  if (parts.length !== (hasFlag ? 3 : 2) || (hasFlag && !readBoolean(flag)))
    throw malformed('has an extension of no form')
  return {
    id: readObjectIdentifier(id),
    critical: hasFlag,
    octets: readOctets(parts.at(-1)),
  }
}

function readNames(value: DerValue): readonly GeneralName[] {
  const names = readSequence(value)
  if (names.length === 0 || names.length > maxNames) throw malformed('has no or too many other names')
  return names.map(readGeneralName)
}

function readBasicConstraints(value: DerValue): NonNullable<Extensions['basicConstraints']> {
  const parts = [...readSequence(value)]
  const ca = parts[0]?.tag === derTags.boolean && readBoolean(parts.shift())
  const length = parts.shift()
  if (parts.length > 0 || (length !== undefined && !ca)) throw malformed('has basic constraints of no form')
  return length === undefined ? { ca } : { ca, pathLength: readCount(length) }
}

/** The extensions of a structure whose last member is `[number] EXPLICIT Extensions`. */
export function findExtensions(parts: readonly DerValue[], number: number): DerValue | undefined {
  const wrapped = parts.find((part) => contextNumberOf(part) === number)
  if (wrapped === undefined) return undefined
  const [inner, ...more] = partsOf(wrapped)
  if (inner === undefined || more.length > 0) throw malformed('has extensions of no form')
  return inner
}

function malformed(what: string): TrustError {
  return new TrustError('certificate_malformed', `The certificate, or the list, ${what}`)
}
