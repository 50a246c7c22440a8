/** General names (RFC 5280 §4.2.1.6): the other names of a subject, and the names that a constraint is about. */
import type { GeneralName as Read } from '@peculiar/asn1-x509'
import { malformed, readAscii } from './asn1.ts'
import { type DistinguishedName, readName } from './name.ts'

export type GeneralName =
  | { readonly kind: 'dns'; readonly name: string }
  | { readonly kind: 'uri'; readonly name: string }
  | { readonly kind: 'directory'; readonly name: DistinguishedName }
  /** A kind that is not read: mailboxes, addresses, registered ids. Constraints on these cannot be followed. */
  | { readonly kind: 'other'; readonly form: number }

const label = '(?!-)[a-z0-9_-]{1,63}(?<!-)'
/** As it is compared: lower case; the one wildcard is a whole label in front, and only in a certificate. */
const dnsName = new RegExp(`^(?:\\*\\.)?${label}(?:\\.${label})*$`)

const dnsBase = new RegExp(`^$|^\\.?${label}(?:\\.${label})*$`)

/** The kinds that are not read, by the number of their tag. */
const otherForms = {
  otherName: 0,
  rfc822Name: 1,
  x400Address: 3,
  ediPartyName: 5,
  iPAddress: 7,
  registeredID: 8,
} as const satisfies Partial<Record<keyof Read, number>>

/** @throws {TrustError} `der_malformed` */
export function readGeneralName(name: Read): GeneralName {
  return read(name, dnsName)
}

/**
 * A name that constrains others: a DNS name may be empty, which is all of them, or begin with a dot.
 *
 * @throws {TrustError} `der_malformed`
 */
export function readBaseName(name: Read): GeneralName {
  return read(name, dnsBase)
}

function read(name: Read, dnsForm: RegExp): GeneralName {
  const { dNSName, uniformResourceIdentifier, directoryName } = name
  if (dNSName !== undefined) return { kind: 'dns', name: readDnsName(dNSName, dnsForm) }
  if (uniformResourceIdentifier !== undefined)
    return { kind: 'uri', name: readAscii(uniformResourceIdentifier) }
  if (directoryName !== undefined) return { kind: 'directory', name: readName(directoryName) }
  for (const [kind, form] of Object.entries(otherForms)) {
    if (name[kind as keyof typeof otherForms] !== undefined) return { kind: 'other', form }
  }
  throw malformed('a general name is of no kind that there is')
}

function readDnsName(text: string, form: RegExp): string {
  const name = readAscii(text).toLowerCase()
  if (name.length > 253 || !form.test(name)) throw malformed('a DNS name is none')
  return name
}
