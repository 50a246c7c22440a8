/**
 * The report on the answer to one query: the judgement of the credential, and whether what was shown
 * is what was asked for. A wallet is not relied on for that (OpenID4VP 1.0 §14.11).
 */
import type { JsonObject, JsonValue } from '@facet-id/credential/json'
import type { Check, CheckCode, Report, VerifiedCredential } from '@facet-id/credential/sd-jwt-vc'
import { type CredentialQuery, checkAnswer } from '@facet-id/protocol/openid4vp'

/** As in a {@link Report}, and one more: `query`. */
export interface QueryCheck extends Omit<Check, 'code' | 'reason'> {
  readonly code: CheckCode | 'query'
  readonly reason?: string
}

export interface QueryReport {
  readonly verified: boolean
  readonly checks: readonly QueryCheck[]
  /** Who issued it, and as what; only when verified. */
  readonly issuer?: string
  readonly vct?: string
  /** What was shown of the person: the disclosed claims; only when verified. */
  readonly shown?: JsonObject
}

export function queryReport({ checks, credential }: Report, query: CredentialQuery): QueryReport {
  if (credential === undefined) {
    const skipped: QueryCheck = {
      code: 'query',
      outcome: 'skipped',
      text: 'Not looked at, because an earlier check did not pass.',
    }
    return { verified: false, checks: [...checks, skipped] }
  }
  const check = checkQuery(credential, query)
  if (check.outcome !== 'pass') return { verified: false, checks: [...checks, check] }
  const { issuer, vct } = credential
  return { verified: true, checks: [...checks, check], issuer, vct, shown: shownIn(credential) }
}

function checkQuery({ vct, claims, holderKey }: VerifiedCredential, query: CredentialQuery): QueryCheck {
  const answer = checkAnswer(query, { vct, claims, hasHolderKey: holderKey !== undefined })
  return answer.matches
    ? { code: 'query', outcome: 'pass', text: 'What was shown is what was asked for.' }
    : { code: 'query', outcome: 'fail', reason: answer.code, text: `${answer.why}.` }
}

/** Whole claims that hold something disclosed; what every copy shows (issuer, dates, key) is left out. */
function shownIn({ claims, disclosed }: VerifiedCredential): JsonObject {
  const names = new Set(disclosed.map(([name]) => String(name)))
  const shown = Object.entries(claims).filter(([name]) => names.has(name))
  return Object.fromEntries(shown) satisfies Record<string, JsonValue>
}
