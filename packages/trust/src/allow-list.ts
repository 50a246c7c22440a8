/**
 * Trust by a list that an operator wrote: who is on it is believed for what stands beside the name,
 * and nobody else for anything. An empty list trusts nobody.
 */
import type { ClaimsPath } from '@facet-id/credential/sd-jwt'
import type { AskedClaims, Trust, TrustDecision } from './decide.ts'
import { type AllowListRules, type ClaimsRule, readAllowListRules } from './rules.ts'

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
    mayIssue({ issuer, vct }) {
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
      return claims.every((asked) => isAllowed(asked, allowed))
        ? trusted('The verifier is on the list, for these claims.')
        : not('The verifier is on the list, but not for all of these claims.')
    },
  }
}

/** Each of the types might be the one that is shown, so each must be allowed. */
function isAllowed({ vcts, paths }: AskedClaims, rules: readonly ClaimsRule[]): boolean {
  return (
    vcts.length > 0 &&
    vcts.every((vct) => {
      const allowed = rules.find((rule) => rule.vct === vct)?.paths
      if (allowed === undefined) return false
      return allowed === 'any' || paths.every((path) => allowed.some((rule) => reaches(rule, path)))
    })
  )
}

/** Whether a path lies at or below the one of a rule; `null` there stands for every element. */
function reaches(rule: ClaimsPath, path: ClaimsPath): boolean {
  return (
    rule.length <= path.length &&
    rule.every(
      (component, at) => component === path[at] || (component === null && typeof path[at] === 'number'),
    )
  )
}

function trusted(why: string): TrustDecision {
  return { decision: 'trusted', why }
}

function not(why: string): TrustDecision {
  return { decision: 'not_trusted', why }
}
