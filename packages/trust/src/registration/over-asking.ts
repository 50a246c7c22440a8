/**
 * What a verifier asks for beyond what it is registered for. Data that is not asked for cannot be
 * lost: so this is looked at before a person is asked, and shown to them where they decide.
 */
import type { ClaimsPath } from '@facet-id/credential/sd-jwt'
import type { AskedClaims } from '../decide.ts'
import type { ClaimsRule } from '../rules.ts'

/** One thing too many: a claim, or a whole type of credential where `path` is absent. */
export interface OverAsked {
  /** Absent: the query names no type, so it would take any. */
  readonly vct?: string
  readonly path?: ClaimsPath
}

/**
 * What is not covered; empty when all is. Each of the types that a query would take might be the one
 * that is shown, so each must be allowed.
 */
export function findOverAsking(
  asked: readonly AskedClaims[],
  allowed: readonly ClaimsRule[] | 'any',
): readonly OverAsked[] {
  if (allowed === 'any') return []
  return asked.flatMap(({ vcts, paths }) =>
    vcts.length === 0 ? [{}] : vcts.flatMap((vct) => beyond(vct, paths, allowed)),
  )
}

function beyond(
  vct: string,
  paths: readonly ClaimsPath[],
  allowed: readonly ClaimsRule[],
): readonly OverAsked[] {
  const rule = allowed.find((candidate) => candidate.vct === vct)?.paths
  if (rule === undefined) return [{ vct }]
  if (rule === 'any') return []
  return paths.filter((path) => !rule.some((base) => reaches(base, path))).map((path) => ({ vct, path }))
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
