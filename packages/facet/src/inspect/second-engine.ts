/** What the second engine makes of the same token, and where the two of us differ. */
import type { PublicJwk } from '@facet-id/credential/jose'
import { type JsonObject, sameJson } from '@facet-id/credential/json'
import { type SecondReading, secondReading, secondVerdict } from '../second-opinion.ts'
import type { Finding } from './finding.ts'
import type { TokenRead } from './read-token.ts'

export interface SecondEngine {
  readonly reads: boolean
  /** Whether it finds the issuer's signature and the times to hold; absent where it was not asked. */
  readonly verifies?: boolean
  /** Absent where it cannot read the token. */
  readonly header?: JsonObject
  readonly claims?: JsonObject
  /** In words; empty when both read and judge the same. */
  readonly differences: readonly string[]
}

/** What we made of it. */
export interface Ours {
  /** Absent when we refuse to read it. */
  readonly token?: TokenRead
  readonly checks: readonly Finding[]
}

/** Those of our checks that the second engine makes too. */
const shared = ['format', 'issuer_signature', 'disclosures', 'validity']

/** @param key of the issuer; absent when it is not known */
export async function askSecondEngine(text: string, ours: Ours, key?: PublicJwk): Promise<SecondEngine> {
  const read = attempt(text)
  if (read === undefined) {
    const differences = ours.token === undefined ? [] : ['We read the token, and the second engine cannot.']
    return { reads: false, differences }
  }
  const { token, checks } = ours
  if (token === undefined) {
    return { reads: true, ...read, differences: ['We refuse the token, and the second engine reads it.'] }
  }
  const differences = [
    ...membersApart('header', token.header, read.header),
    ...membersApart('claim', token.claims, read.claims),
  ]
  if (token.disclosures === undefined || key === undefined) return { reads: true, ...read, differences }
  const verifies = await secondVerdict(text, key)
  const failed = checks.filter(({ code, outcome }) => outcome === 'fail' && shared.includes(code))
  if (verifies !== (failed.length === 0)) {
    const codes = failed.map(({ code }) => code).join(', ')
    differences.push(
      verifies
        ? `We refuse the token (${codes}), and the second engine takes it.`
        : 'The second engine refuses the token, and we find no fault in what both of us check.',
    )
  }
  return { reads: true, verifies, ...read, differences }
}

function attempt(text: string): SecondReading | undefined {
  try {
    return secondReading(text)
  } catch {
    return undefined
  }
}

function membersApart(what: string, ours: JsonObject, theirs: JsonObject): string[] {
  const names = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])]
  return names
    .filter((name) => !sameJson(memberOf(ours, name) ?? null, memberOf(theirs, name) ?? null))
    .map((name) => `The ${what} ${JSON.stringify(name)} is read differently.`)
}

function memberOf(object: JsonObject, name: string): JsonObject[string] | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined
}
