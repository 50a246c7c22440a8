/** General names (RFC 5280 §4.2.1.6): the other names of a subject, and the names that a constraint is about. */
import { contextNumberOf, type DerValue, malformed, readDer } from '../der/der.ts'
import { readAscii } from '../der/values.ts'
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

/** @throws {TrustError} `der_malformed` */
export function readGeneralName(value: DerValue): GeneralName {
  const form = contextNumberOf(value)
  if (form === undefined || form > 8) throw malformed('a general name is of no kind that there is')
  if (form === 2) return { kind: 'dns', name: readDnsName(value) }
  if (form === 6) return { kind: 'uri', name: readAscii(value) }
  // A choice is tagged explicitly: the name lies inside.
  if (form === 4) return { kind: 'directory', name: readName(readDer(value.content)) }
  return { kind: 'other', form }
}

function readDnsName(value: DerValue): string {
  const name = readAscii(value).toLowerCase()
  if (name.length > 253 || !dnsName.test(name)) throw malformed('a DNS name is none')
  return name
}
