/**
 * The claim `status` of a credential: where its entry stands (Token Status List §6.1, §6.2).
 */
import { CredentialError } from '../error.ts'
import { findMember, isJsonObject, type JsonObject } from '../json.ts'

/** An entry of a status list. */
export interface StatusReference {
  /** Where the list is published, as the issuer spelled it: it must equal the list's `sub` exactly. */
  readonly uri: string
  /** Position in the list, from 0. */
  readonly idx: number
}

/**
 * Reads the reference to a status list out of a credential's claims. Other members of `status` are
 * other mechanisms, and are passed over; `undefined` when there is no `status_list` among them.
 *
 * @throws {CredentialError} `status_malformed`
 */
export function readStatusReference(claims: JsonObject): StatusReference | undefined {
  const status = findMember(claims, 'status')
  if (status === undefined) return undefined
  if (!isJsonObject(status)) throw malformed('"status" must be an object')
  const list = findMember(status, 'status_list')
  if (list === undefined) return undefined
  if (!isJsonObject(list)) throw malformed('"status_list" must be an object')
  const idx = findMember(list, 'idx')
  if (typeof idx !== 'number' || !Number.isSafeInteger(idx) || idx < 0) {
    throw malformed('"idx" must be a whole number, 0 or more')
  }
  const uri = findMember(list, 'uri')
  if (typeof uri !== 'string' || !absoluteUri.test(uri)) throw malformed('"uri" must be an absolute URI')
  return { uri, idx }
}

/** RFC 3986 §3 as far as characters go: a scheme, then no blanks, no control and no other characters. */
const absoluteUri = /^[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~:/?#[\]@!$&'()*+,;=%-]+$/

function malformed(why: string): CredentialError {
  return new CredentialError('status_malformed', `The credential's status cannot be read: ${why}`)
}
