/** Rules about parties of every kind, as a configuration or a signed list has them. */
import type { JsonValue } from '@facet-id/credential/json'
import { type Party, readParty, textOfParty } from './party.ts'
import { type Purpose, readPurposes } from './registration/registration.ts'
import { distinct, malformed, readList, readMembers } from './rule-reader.ts'
import { type ClaimsRule, readClaims, readVcts } from './rules.ts'

/** Members that are absent are empty lists. */
export type PartyRules = {
  readonly issuers: readonly PartyIssuerRule[]
  readonly verifiers: readonly PartyVerifierRule[]
  /** Nobody trusts these, whoever else vouches for them. */
  readonly blocked: readonly Party[]
}

export type PartyIssuerRule = { readonly party: Party; readonly vcts: readonly string[] | 'any' }

/** What a verifier may ask for: claims, or purposes with their claims. */
export type PartyVerifierRule =
  | { readonly party: Party; readonly claims: readonly ClaimsRule[] | 'any' }
  | { readonly party: Party; readonly purposes: readonly Purpose[] }

/**
 * Reads rules; one that is broken refuses them whole.
 *
 * @throws {TrustError} `rule_malformed`, `rule_wildcard`, `rule_repeated`
 */
export function readPartyRules(value: JsonValue): PartyRules {
  const { issuers, verifiers, blocked } = readMembers(value, ['issuers', 'verifiers', 'blocked'], 'the rules')
  const partyOf = ({ party }: { readonly party: Party }): string => textOfParty(party)
  return {
    issuers: distinct(readList(issuers ?? [], 'issuers', readIssuer), partyOf, 'issuers'),
    verifiers: distinct(readList(verifiers ?? [], 'verifiers', readVerifier), partyOf, 'verifiers'),
    blocked: distinct(readList(blocked ?? [], 'blocked', readParty), textOfParty, 'blocked'),
  }
}

function readIssuer(value: JsonValue, place: string): PartyIssuerRule {
  const { party, vcts } = readMembers(value, ['party', 'vcts'], place)
  return { party: readParty(party, `${place}.party`), vcts: readVcts(vcts, `${place}.vcts`) }
}

function readVerifier(value: JsonValue, place: string): PartyVerifierRule {
  const read = readMembers(value, ['party', 'claims', 'purposes'], place)
  const party = readParty(read.party, `${place}.party`)
  // A bare DID is no client id: the rule would be kept, and never apply.
  if ('id' in party && party.id.startsWith('did:'))
    throw malformed(`${place}.party.id`, 'must be the full client id: decentralized_identifier:did:…')
  if ((read.claims === undefined) === (read.purposes === undefined))
    throw malformed(place, 'has either claims or purposes')
  return read.purposes === undefined
    ? { party, claims: readClaims(read.claims, `${place}.claims`) }
    : { party, purposes: readPurposes(read.purposes, `${place}.purposes`) }
}
