/** Addresses of others in a configuration file: https, and in development mode http on this machine too. */
import { readHttpUrl, readIdentifierUrl, type Scheme } from '@facet-id/protocol/url'
import type { Members } from './members.ts'

interface Mode {
  readonly development: boolean
}

/** Something that is asked there. @throws {FacetError} `file_unusable` */
export function addressIn(members: Members, name: string, mode: Mode): string {
  return readIn(members, { name, read: readHttpUrl, why: 'must be an https URL' }, mode)
}

/** Somebody who is called so: it has neither a query nor a fragment. @throws {FacetError} `file_unusable` */
export function identifierIn(members: Members, name: string, mode: Mode): string {
  const why = 'must be an https URL without a query and a fragment'
  return readIn(members, { name, read: readIdentifierUrl, why }, mode)
}

interface Reading {
  readonly name: string
  readonly read: (text: string, scheme: Scheme) => unknown
  readonly why: string
}

/** As it is written. */
function readIn(members: Members, { name, read, why }: Reading, { development }: Mode): string {
  const text = members.text(name)
  try {
    read(text, development ? 'https_or_loopback_http' : 'https')
    return text
  } catch (cause) {
    throw members.refuse(name, why, cause)
  }
}
