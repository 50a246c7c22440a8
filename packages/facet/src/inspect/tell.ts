/** An inspection in words. Every line goes through the output, which lets no text of a stranger command the terminal. */
import { findMember, isJsonArray, type JsonObject, type JsonValue } from '@facet-id/credential/json'
import type { ClaimPlace } from '@facet-id/credential/sd-jwt'
import type { Output } from '../terminal/output.ts'
import type { Finding } from './finding.ts'
import type { Inspection } from './inspection.ts'
import type { TokenRead } from './read-token.ts'
import type { SecondEngine } from './second-engine.ts'
import type { ListSummary } from './status-list.ts'

/** @param now seconds since the epoch */
export function tell(inspection: Inspection, now: number, output: Output): void {
  const { token, list, chain, signatures, checks, secondEngine } = inspection
  if (token !== undefined) {
    output.line(`This is ${/^[SEe]/.test(token.kind) ? 'an' : 'a'} ${token.kind}.`)
    if (signatures !== undefined) {
      output.line(`It is in JSON form, with ${signatures} signature(s): this is the first.`)
    }
    members('Header', chain === undefined ? token.header : withoutX5c(token.header), output)
    if (chain !== undefined) tellChain(chain, now, output)
    if (token.kind !== 'encrypted message') {
      tellContents(token, list, output)
      times(token.claims, now, output)
    }
  } else output.line('This is a token that we refuse to read.')
  output.heading('Checks that need nobody else')
  for (const check of checks) tellCheck(check, output)
  if (secondEngine !== undefined) tellSecond(secondEngine, token === undefined, output)
}

function tellChain(chain: NonNullable<Inspection['chain']>, now: number, output: Output): void {
  output.heading('Certificates that it brings along, that of the signing key first')
  if ('unreadable' in chain) {
    output.bad(`They cannot be read [${chain.unreadable}].`)
    return
  }
  for (const { subject, issuer, notBefore, notAfter } of chain) {
    const running = notBefore > now ? ', not yet valid' : notAfter < now ? ', expired' : ''
    const span = `${momentOf(notBefore)} to ${momentOf(notAfter)}${running}`
    output.line(`  ${JSON.stringify(subject)}, by ${JSON.stringify(issuer)}, ${span}`)
  }
  output.line('  These are their own words: whether anybody believes them was not looked at.')
}

function tellContents(token: TokenRead, list: ListSummary | undefined, output: Output): void {
  const { claims, disclosures, concealed = 0, keyBinding } = token
  members('Claims', withoutLst(claims), output)
  if (list !== undefined) {
    output.heading('Status list')
    output.line(`  ${list.entries} entries of ${list.bits} bit(s)`)
    for (const [meaning, count] of Object.entries(list.counts)) output.line(`  ${meaning}: ${count}`)
  }
  if (disclosures !== undefined) {
    output.heading(`Disclosed: ${disclosures.length}; concealed: ${concealed}`)
    for (const { at, value, salt, digest } of disclosures) {
      output.line(`  ${placeOf(at)} = ${short(value)}`)
      output.detail(`salt ${JSON.stringify(salt)}, digest ${digest}`)
    }
    if (concealed > 0)
      output.line(`  ${concealed} digest(s) stand for what is withheld, or for nothing (decoys).`)
  }
  if (keyBinding !== undefined) members('Key binding', keyBinding.payload, output)
}

function members(title: string, object: JsonObject, output: Output): void {
  output.heading(title)
  for (const [name, value] of Object.entries(object)) output.line(`  ${nameOf(name)}: ${short(value)}`)
}

/** Names are a stranger's: one that could pass for words of ours is quoted. */
function nameOf(name: string): string {
  return /^[A-Za-z0-9_.#-]+$/.test(name) ? name : JSON.stringify(name)
}

/** Their DER tells nobody anything. */
function withoutX5c(header: JsonObject): JsonObject {
  const x5c = findMember(header, 'x5c')
  return isJsonArray(x5c) ? { ...header, x5c: `${x5c.length} certificate(s)` } : header
}

/** The compressed bits tell nobody anything. */
function withoutLst(claims: JsonObject): JsonObject {
  const list = findMember(claims, 'status_list')
  if (typeof list !== 'object' || list === null || !('lst' in list)) return claims
  return { ...claims, status_list: { ...list, lst: `${String(list.lst).length} characters` } }
}

const LONGEST = 2000

function short(value: JsonValue): string {
  const text = JSON.stringify(value)
  return text.length <= LONGEST
    ? text
    : `${text.slice(0, LONGEST)}… (${text.length} characters; --json has all)`
}

function placeOf(at: ClaimPlace): string {
  return at.map((part) => (typeof part === 'number' ? `[${part}]` : nameOf(part))).join(' → ')
}

const moments = { iat: 'issued', nbf: 'valid from', exp: 'expires' } as const

function times(claims: JsonObject, now: number, output: Output): void {
  output.heading('Times')
  for (const [name, word] of Object.entries(moments)) {
    const at = findMember(claims, name)
    if (typeof at === 'number') output.line(`  ${word}: ${momentOf(at)} (${distance(at - now)})`)
  }
  const ttl = findMember(claims, 'ttl')
  if (typeof ttl === 'number') output.line(`  to be fetched again after ${ttl} s`)
}

/** A stranger's number need not be a moment that a calendar has. */
function momentOf(seconds: number): string {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? `${seconds} s, beyond any calendar` : date.toISOString()
}

function distance(seconds: number): string {
  const size = Math.abs(seconds)
  const [unit, length] =
    size >= 172_800
      ? (['days', 86_400] as const)
      : size >= 7200
        ? (['hours', 3600] as const)
        : (['s', 1] as const)
  const count = `${Math.round(size / length)} ${unit}`
  return seconds < 0 ? `${count} ago` : `in ${count}`
}

function tellCheck({ code, outcome, text, reason }: Finding, output: Output): void {
  const line = `${code}: ${text}${reason === undefined ? '' : ` [${reason}]`}`
  if (outcome === 'pass') output.good(line)
  else if (outcome === 'fail') output.bad(line)
  else output.detail(`– ${line}`)
}

function tellSecond(
  { reads, verifies, claims, differences }: SecondEngine,
  alone: boolean,
  output: Output,
): void {
  output.heading('The second engine (@sd-jwt/core)')
  if (!reads) output.bad('It cannot read the token.')
  else if (verifies === undefined)
    output.line('    It reads the token; it was not asked about the signature.')
  else if (verifies)
    output.good('It reads the token, and finds that the issuer signed it and that it is valid now.')
  else output.bad('It reads the token, and refuses it: the signature or a time does not hold.')
  for (const difference of differences) output.bad(difference)
  if (reads && differences.length === 0) output.good('It reads what we read.')
  if (alone && claims !== undefined) members('Claims, as the second engine reads them', claims, output)
}
