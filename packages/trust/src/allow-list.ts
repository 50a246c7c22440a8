/**
 * Trust by a list that an operator wrote: who is on it is believed for what stands beside the name,
 * and nobody else for anything. An empty list trusts nobody.
 */
import type { Trust, TrustDecision } from './decide.ts'
import { findOverAsking } from './registration/over-asking.ts'
import { type AllowListRules, readAllowListRules } from './rules.ts'

/**
 * Creates the list. What is changed in `rules` afterwards changes nothing.
 *
 * @throws {TrustError} `rule_malformed`, `rule_wildcard`, `rule_repeated`
 */
export function createAllowList(rules: AllowListRules): Trust {
  const { issuers, verifiers } = readAllowListRules(rules)
  const vctsOf = new Map(issuers.map(({ id, vcts }) => [id, vcts]))
  const claimsOf = new Map(verifiers.map(({ id, claims }) => [id, claims]))
  return {
    mayIssue({ issuer, vct, certificate }) {
      // Beside a certificate `iss` is what the issuer says of itself, and the list has names only.
      if (certificate !== undefined)
        return not('The issuer is proven by a certificate, and the list has none.')
      const vcts = vctsOf.get(issuer)
      if (vcts === undefined) return not('The issuer is not on the list of trusted issuers.')
      if (vcts === 'any') return trusted('The issuer is on the list, for credentials of any type.')
      return vcts.includes(vct)
        ? trusted('The issuer is on the list, for credentials of this type.')
        : not('The issuer is on the list, but not for credentials of this type.')
    },
    mayAsk({ clientId, claims }) {
      const allowed = claimsOf.get(clientId)
      if (allowed === undefined) return not('The verifier is not on the list of trusted verifiers.')
      if (allowed === 'any') return trusted('The verifier is on the list, for any claims.')
      return findOverAsking(claims, allowed).length === 0
        ? trusted('The verifier is on the list, for these claims.')
        : not('The verifier is on the list, but not for all of these claims.')
    },
  }
}

function trusted(why: string): TrustDecision {
  return { decision: 'trusted', why }
}

function not(why: string): TrustDecision {
  return { decision: 'not_trusted', why }
}
