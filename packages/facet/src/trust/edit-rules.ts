/** Rules of a list in the making, changed one at a time: there is one rule about a party, and the last one counts. */
import type { JsonValue } from '@facet-id/credential/json'
import { type PartyRules, readPartyRules } from '@facet-id/trust'
import { FacetError } from '../error.ts'

/**
 * The rules with one more; one about the same party is replaced.
 *
 * @throws {TrustError} `rule_malformed`, `rule_wildcard`, `rule_repeated`
 */
export function withRule(rules: PartyRules, role: keyof PartyRules, rule: JsonValue): PartyRules {
  const added = readPartyRules({ [role]: [rule] })[role]
  const parties = added.map(keyOf)
  return { ...rules, [role]: [...rules[role].filter((other) => !parties.includes(keyOf(other))), ...added] }
}

/**
 * The rules without the one about that party.
 *
 * @throws {FacetError} `usage` where there is none
 */
export function withoutRule(rules: PartyRules, role: keyof PartyRules, party: JsonValue): PartyRules {
  const [gone] = readPartyRules({ blocked: [party] }).blocked
  const left = rules[role].filter((rule) => gone === undefined || keyOf(rule) !== JSON.stringify(gone))
  if (left.length === rules[role].length) throw new FacetError('usage', 'There is no rule about that party')
  return { ...rules, [role]: left }
}

/** Parties that were read have their members in one order. */
function keyOf(rule: PartyRules[keyof PartyRules][number]): string {
  return JSON.stringify('party' in rule ? rule.party : rule)
}
