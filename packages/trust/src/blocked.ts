/**
 * Whom a block is about. A rule that trusts is held against what was proven; a block against whatever a party is
 * called and calls itself, since what it cannot read, or was not shown, must not let anybody pass.
 */
import type { AskQuestion, Evidence, IssueQuestion } from './decide.ts'
import { hostOf, isBelow, type Party } from './party.ts'

/** Whoever asks or issues, by all of its names. */
export interface Claimed extends Evidence {
  readonly names: readonly string[]
}

/** `iss` counts beside a certificate too: it proves nothing there, but it says who this claims to be. */
export function claimedByIssuer({ issuer, claimed: other, ...evidence }: IssueQuestion): Claimed {
  return claimed(other === undefined ? [issuer] : [issuer, other], evidence)
}

export function claimedByVerifier({ clientId, ...evidence }: AskQuestion): Claimed {
  return claimed([clientId], evidence)
}

/** Whether a block is about this party. Who cannot be told from a blocked one is blocked. */
export function isBlocked(party: Party, { names, certificate, federation }: Claimed): boolean {
  if ('id' in party) {
    const blocked = spelled(bare(party.id))
    return names.some((name) => spelled(name) === blocked)
  }
  if ('didMethod' in party) return names.some((name) => name.startsWith(`did:${party.didMethod}:`))
  if ('didDomain' in party) return names.some((name) => mayBeBelow(name, party.didDomain))
  if ('certificate' in party) return certificate?.sha256 === party.certificate
  if ('anchor' in party) {
    const { anchor, dnsDomain } = party
    if (certificate?.anchor !== anchor) return false
    return dnsDomain === undefined || certificate.sanDns.some((host) => covers(host, dnsDomain))
  }
  if (federation?.anchor !== party.federation) return false
  return party.trustMark === undefined || federation.trustMarks.includes(party.trustMark)
}

function claimed(said: readonly string[], { certificate, federation }: Evidence): Claimed {
  return {
    names: [
      ...said,
      ...(certificate?.sanUris ?? []),
      ...(federation === undefined ? [] : [federation.entityId]),
    ].map(bare),
    ...(certificate === undefined ? {} : { certificate }),
    ...(federation === undefined ? {} : { federation }),
  }
}

/** The same party has a bare name where it issues and a client id where it asks: one block is about both. */
function bare(name: string): string {
  return name.replace(/^(?:decentralized_identifier|openid_federation):/, '')
}

/**
 * Names of one place on the web in one spelling: without case, escapes, the usual port and the last slash. Two places
 * that differ in the case of a path only are blocked together.
 */
function spelled(name: string): string {
  if (!/^(?:did:web(?:vh)?|https?):/i.test(name)) return name
  const decoded = name.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes)
    } catch {
      return escapes
    }
  })
  return decoded
    .toLowerCase()
    .replace(/:443(?=[:/]|$)/, '')
    .replace(/\/$/, '')
}

/** A DID on the web whose host cannot be read might lie below any domain. */
function mayBeBelow(name: string, domain: string): boolean {
  if (!/^did:web(?:vh)?:/.test(name)) return false
  const host = hostOf(name)
  return host === undefined || !readable.test(host) || isBelow(host, domain)
}

/** As a rule writes domains: a name beyond ASCII has an A-label that could be the one that is blocked. */
const readable = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/

/** A wildcard stands for hosts below it, and for the blocked one where that is among them. */
function covers(host: string, domain: string): boolean {
  if (!host.startsWith('*.')) return isBelow(host, domain)
  const base = host.slice(2)
  return isBelow(base, domain) || isBelow(domain, base)
}
