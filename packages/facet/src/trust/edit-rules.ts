/** Rules of a list in the making, changed one at a time: there is one rule about a party, and it grows. */
import type { JsonValue } from '@facet-id/credential/json'
import {
  type PartyIssuerRule,
  type PartyRules,
  type PartyVerifierRule,
  readPartyRules,
} from '@facet-id/trust'
import { FacetError } from '../error.ts'

type Rule = PartyRules[keyof PartyRules][number]

export interface Edited {
  readonly rules: PartyRules
  /** The rule about that party, as it is now. */
  readonly rule: Rule
  /** Whether there was one already, which this was added to. */
  readonly merged: boolean
}

/**
 * The rules with one more. What a party is trusted for already it stays trusted for: to take something away the rule
 * is removed first.
 *
 * @throws {FacetError} `usage` where one has purposes, and the other has not; {TrustError} `rule_malformed`,
 * `rule_wildcard`, `rule_repeated`
 */
export function withRule(rules: PartyRules, role: keyof PartyRules, rule: JsonValue): Edited {
  const added = readPartyRules({ [role]: [rule] })
  const edited: PartyRules = {
    issuers: joined(rules.issuers, added.issuers, joinIssuers),
    verifiers: joined(rules.verifiers, added.verifiers, joinVerifiers),
    blocked: joined(rules.blocked, added.blocked, (_, blocked) => blocked),
  }
  const keys = added[role].map(keyOf)
  const now = edited[role].find((other) => keys.includes(keyOf(other)))
  if (now === undefined) throw new FacetError('usage', 'The rule is about nobody')
  return { rules: edited, rule: now, merged: rules[role].some((other) => keys.includes(keyOf(other))) }
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

function joined<R extends Rule>(
  known: readonly R[],
  added: readonly R[],
  join: (before: R, more: R) => R,
): readonly R[] {
  const same = (a: R, b: R): boolean => keyOf(a) === keyOf(b)
  return [
    ...known.filter((one) => !added.some((other) => same(one, other))),
    ...added.map((more) => {
      const before = known.find((one) => same(one, more))
      return before === undefined ? more : join(before, more)
    }),
  ]
}

function joinIssuers(before: PartyIssuerRule, { party, vcts }: PartyIssuerRule): PartyIssuerRule {
  return { party, vcts: union(before.vcts, vcts) }
}

function joinVerifiers(before: PartyVerifierRule, more: PartyVerifierRule): PartyVerifierRule {
  const { party } = more
  if ('claims' in before && 'claims' in more) return { party, claims: joinClaims(before.claims, more.claims) }
  if (!('purposes' in before && 'purposes' in more))
    throw new FacetError(
      'usage',
      'The rule about that party has purposes, and this one has none, or the other way',
    )
  const purposes = before.purposes.map((one) => {
    const same = more.purposes.find(({ purpose }) => purpose === one.purpose)
    return same === undefined ? one : { ...one, claims: joinClaims(one.claims, same.claims) }
  })
  const named = purposes.map(({ purpose }) => purpose)
  return {
    party,
    purposes: [...purposes, ...more.purposes.filter(({ purpose }) => !named.includes(purpose))],
  }
}

type Claims = Extract<PartyVerifierRule, { readonly claims: unknown }>['claims']

function joinClaims(before: Claims, more: Claims): Claims {
  if (before === 'any' || more === 'any') return 'any'
  const vcts = new Set([...before, ...more].map(({ vct }) => vct))
  return [...vcts].map((vct) => ({
    vct,
    paths: [...before, ...more]
      .filter((claims) => claims.vct === vct)
      .map(({ paths }) => paths)
      .reduce(union),
  }))
}

function union<T>(before: readonly T[] | 'any', more: readonly T[] | 'any'): readonly T[] | 'any' {
  if (before === 'any' || more === 'any') return 'any'
  const known = before.map((one) => JSON.stringify(one))
  return [...before, ...more.filter((one) => !known.includes(JSON.stringify(one)))]
}

/** Parties that were read have their members in one order. */
function keyOf(rule: Rule): string {
  return JSON.stringify('party' in rule ? rule.party : rule)
}
