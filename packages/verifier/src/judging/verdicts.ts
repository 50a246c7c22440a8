/**
 * Three answers in one report. Whether the presentation is genuine (*proof*), whether its issuer is believed
 * for the type (*trust*), and whether it is what was asked for and still stands (*policy*): a platform that
 * is refused needs to know which of them it was, because it can change only the last two.
 */
import type { CheckCode, CheckOutcome } from '@facet-id/credential/sd-jwt-vc'
import type { QueryCheck } from './query-report.ts'

export type VerdictName = 'proof' | 'trust' | 'policy'

/** `fail` before `undetermined` before `skipped`: the worst of the checks that belong to it. */
export type Verdicts = Readonly<Record<VerdictName, CheckOutcome>>

const verdictOf: Readonly<Record<CheckCode | OwnCheckCode, VerdictName>> = {
  format: 'proof',
  issuer_key: 'proof',
  issuer_signature: 'proof',
  disclosures: 'proof',
  claims: 'proof',
  holder_signature: 'proof',
  nonce: 'proof',
  audience: 'proof',
  key_binding_time: 'proof',
  presentation_hash: 'proof',
  trust: 'trust',
  type: 'policy',
  validity: 'policy',
  type_metadata: 'policy',
  status: 'policy',
  query: 'policy',
  transaction_data: 'proof',
}

/** Checks of the verifier's own, after those of the credential. */
export type OwnCheckCode = 'query' | 'transaction_data'

const worst: readonly CheckOutcome[] = ['fail', 'undetermined', 'skipped', 'pass']

/**
 * @param waived checks that may be skipped: a skipped one of the others leaves its verdict `skipped`
 */
export function verdictsOf(checks: readonly QueryCheck[], waived: ReadonlySet<string>): Verdicts {
  const outcomeOf = (name: VerdictName): CheckOutcome => {
    const outcomes = checks
      .filter(({ code, outcome }) => verdictOf[code] === name && !(outcome === 'skipped' && waived.has(code)))
      .map(({ outcome }) => outcome)
    return worst.find((outcome) => outcomes.includes(outcome)) ?? 'skipped'
  }
  return { proof: outcomeOf('proof'), trust: outcomeOf('trust'), policy: outcomeOf('policy') }
}
