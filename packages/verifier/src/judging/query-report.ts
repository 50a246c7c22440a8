/**
 * The report on the answer to one query: the judgement of the credential, and whether what was shown
 * is what was asked for. A wallet is not relied on for that (OpenID4VP 1.0 §14.11).
 */
import type { JsonObject } from '@facet-id/credential/json'
import type { Check, CheckCode, Report } from '@facet-id/credential/sd-jwt-vc'
import {
  type AuthorityFacts,
  type CredentialQuery,
  checkAnswer,
  type Mismatch,
} from '@facet-id/protocol/openid4vp/dcql'
import { shownOf } from './shown.ts'
import { type OwnCheckCode, type Verdicts, verdictsOf } from './verdicts.ts'

/** As in a {@link Report}, and `query`; `transaction_data` where a transaction names the query. */
export interface QueryCheck extends Omit<Check, 'code' | 'reason'> {
  readonly code: CheckCode | OwnCheckCode
  readonly reason?: Check['reason'] | Mismatch | 'transaction_unauthorized'
}

export interface QueryReport {
  /** Whether this presentation passed every check; the outcome of the whole answer is what counts. */
  readonly verified: boolean
  /** Is it genuine, is its issuer believed, is it what was asked for and does it still stand. */
  readonly verdicts: Verdicts
  /** One for each check, always all of them and in the same order. */
  readonly checks: readonly QueryCheck[]
  /** Who issued it, and as what; only when the whole answer is verified. */
  readonly issuer?: string
  readonly vct?: string
  /**
   * The claims that the query asks for, as they were shown; only when the whole answer is verified.
   * Empty when the query asks for none. What a wallet shows besides is not in it, and kept nowhere.
   */
  readonly shown?: JsonObject
  /** Those on further presentations, where the query asks for several (`multiple`); absent where there is one. */
  readonly others?: readonly QueryReport[]
}

/** What is known besides the report. */
export interface Beside {
  readonly authorities?: AuthorityFacts
}

/** A report counts by what it says itself, whatever comes with it. */
export function queryReport(
  { verified, checks, credential }: Report,
  query: CredentialQuery,
  { authorities = {} }: Beside = {},
): QueryReport {
  if (!verified || credential === undefined) return refusedReport([...checks, notReached])
  const { issuer, vct, claims, holderKey, type } = credential
  const extended = type?.extends ?? []
  const hasHolderKey = holderKey !== undefined
  const answer = checkAnswer(query, { vct, extended, claims, hasHolderKey, authorities })
  if (!answer.matches) {
    const check: QueryCheck = {
      code: 'query',
      outcome: 'fail',
      reason: answer.code,
      text: `${answer.why}.`,
    }
    return refusedReport([...checks, check])
  }
  const shown = shownOf(credential, answer.paths)
  const check = shown.more ? passedWithMore : passed
  const all = [...checks, check]
  return {
    verified: true,
    verdicts: verdictsOf(all, waivedIn(checks)),
    checks: all,
    issuer,
    vct,
    shown: shown.claims,
  }
}

function refusedReport(checks: readonly QueryCheck[]): QueryReport {
  return { verified: false, verdicts: verdictsOf(checks, new Set()), checks }
}

/** Of a credential that is verified whatever was skipped was not asked for. */
function waivedIn(checks: readonly Check[]): ReadonlySet<string> {
  return new Set(checks.filter(({ outcome }) => outcome === 'skipped').map(({ code }) => code))
}

/** What may be told of a presentation in an answer that was refused. */
export function withoutClaims({ verified, verdicts, checks }: QueryReport): QueryReport {
  return { verified, verdicts, checks }
}

const passed: QueryCheck = {
  code: 'query',
  outcome: 'pass',
  text: 'What was shown is what was asked for.',
}

const passedWithMore: QueryCheck = {
  code: 'query',
  outcome: 'pass',
  text: 'What was asked for was shown. The wallet showed more, which was not kept.',
}

const notReached: QueryCheck = {
  code: 'query',
  outcome: 'skipped',
  text: 'Not looked at, because an earlier check did not pass.',
}
