/**
 * Whom a rule is about. A name is one party; where a rule means many (a DID method, a domain, all
 * whom an anchor vouches for), it says so by the kind of its member, never by a sign inside a text.
 */
import type { JsonValue } from '@facet-id/credential/json'
import type { Evidence } from './decide.ts'
import { malformed, readMembers, readName } from './rule-reader.ts'

export type Party =
  /** One name: the issuer's DID or URL, or the full client id of a verifier; compared as text. */
  | { readonly id: string }
  /** All DIDs of a method: `jwk`. */
  | { readonly didMethod: string }
  /** All did:web and did:webvh whose host is this domain or lies below it. */
  | { readonly didDomain: string }
  /** All whom an anchor vouches for; with `dnsDomain`, only those with a DNS name at or below that domain. */
  | { readonly anchor: string; readonly dnsDomain?: string }
  /** One certificate: its SHA-256, base64url. */
  | { readonly certificate: string }
  /** All for whom the anchor of a federation vouches; with `trustMark`, only those that bear one of that type. */
  | { readonly federation: string; readonly trustMark?: string }

/** The name of a party, and what was proven besides. */
export interface Proven extends Evidence {
  /** Without the prefix of a client id where that is `decentralized_identifier:`. */
  readonly name: string
  /** The name of an issuer, or the full client id of a verifier; empty when no name was proven. */
  readonly full: string
}

const forms: Readonly<Record<string, readonly string[]>> = {
  id: [],
  didMethod: [],
  didDomain: [],
  anchor: ['dnsDomain'],
  certificate: [],
  federation: ['trustMark'],
}

/**
 * Reads a party.
 *
 * @throws {TrustError} `rule_malformed`, `rule_wildcard`
 */
export function readParty(value: JsonValue | undefined, place: string): Party {
  const all = [
    'id',
    'didMethod',
    'didDomain',
    'anchor',
    'dnsDomain',
    'certificate',
    'federation',
    'trustMark',
  ] as const
  const read = readMembers(value ?? null, all, place)
  const kind = Object.keys(forms).find((name) => Object.hasOwn(read, name))
  const allowed = kind === undefined ? [] : [kind, ...(forms[kind] ?? [])]
  if (kind === undefined || Object.keys(read).some((name) => !allowed.includes(name)))
    throw malformed(place, `names one of ${Object.keys(forms).join(', ')}`)
  const text = (name: (typeof all)[number]): string => readName(read[name], `${place}.${name}`)
  const optional = <N extends 'dnsDomain' | 'trustMark'>(name: N): { readonly [name in N]?: string } =>
    read[name] === undefined ? {} : ({ [name]: text(name) } as { readonly [name in N]: string })
  switch (kind) {
    case 'didMethod':
      return { didMethod: matching(text('didMethod'), /^[a-z0-9]+$/, `${place}.didMethod`) }
    case 'didDomain':
      return { didDomain: domain(text('didDomain'), `${place}.didDomain`) }
    case 'anchor': {
      const { dnsDomain } = optional('dnsDomain')
      return {
        anchor: text('anchor'),
        ...(dnsDomain === undefined ? {} : { dnsDomain: domain(dnsDomain, `${place}.dnsDomain`) }),
      }
    }
    case 'certificate':
      return { certificate: matching(text('certificate'), /^[A-Za-z0-9_-]{43}$/, `${place}.certificate`) }
    case 'federation':
      return { federation: text('federation'), ...optional('trustMark') }
    default:
      return { id: text('id') }
  }
}

/** Whether a rule is about this party. What was not proven matches nothing. */
export function isParty(party: Party, { name, full, certificate, federation }: Proven): boolean {
  if ('id' in party) return party.id === full
  if ('didMethod' in party) return name.startsWith(`did:${party.didMethod}:`)
  if ('didDomain' in party) return isBelow(hostOf(name), party.didDomain)
  if ('certificate' in party) return certificate?.sha256 === party.certificate
  if ('anchor' in party) {
    const { anchor, dnsDomain } = party
    if (certificate?.anchor !== anchor) return false
    return dnsDomain === undefined || certificate.sanDns.some((host) => isBelow(host, dnsDomain))
  }
  if (federation?.anchor !== party.federation) return false
  return party.trustMark === undefined || federation.trustMarks.includes(party.trustMark)
}

/** Two rules about the same party have the same text. */
export function textOfParty(party: Party): string {
  return JSON.stringify(Object.entries(party).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Host of a did:web or did:webvh, without its port, in lower case; absent for other names. */
export function hostOf(name: string): string | undefined {
  const [, host] = /^did:(?:web|webvh:[^:]+):([^:]+)/.exec(name) ?? []
  const [bare] = host?.split(/%3a/i) ?? []
  // Another escape could spell a dot or a slash: no host has one.
  return bare === undefined || bare.includes('%') ? undefined : bare.toLowerCase()
}

export function isBelow(host: string | undefined, base: string): boolean {
  return host !== undefined && !host.includes('*') && (host === base || host.endsWith(`.${base}`))
}

function domain(text: string, place: string): string {
  return matching(text, /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/, place)
}

function matching(text: string, form: RegExp, place: string): string {
  if (form.test(text)) return text
  throw malformed(place, 'is not written as such a name is: lower case, no signs around it')
}
