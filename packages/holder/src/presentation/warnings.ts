/** What a person should know before they decide, in plain words. An application may say it in its own. */
import { chosenItems, isMet } from './choice.ts'
import type { PresentationConsent } from './consent.ts'
import { areAuthorized } from './transactions.ts'

export interface ConsentWarning {
  readonly code: ConsentWarningCode
  /** A sentence; nothing in it was written by a stranger. */
  readonly text: string
  /** The query that it is about; absent: the whole. */
  readonly queryId?: string
}

export type ConsentWarningCode =
  /** Nothing proves who asks. */
  | 'verifier_unproven'
  /** No list says whether the verifier may ask. */
  | 'verifier_unknown'
  /** It asks for more than it is registered for. */
  | 'over_asking'
  /** What is shown by default does not authorize all that is to be authorized. */
  | 'transaction_not_authorized'
  /** Every copy was shown before: who saw one would know it again. */
  | 'no_copy_left'
  /** This is the last copy that was never shown. */
  | 'last_copy'
  /** More leaves than was asked for, because it cannot be withheld. */
  | 'goes_along'
  /** Nobody proves to be the holder: whoever gets it could show it on. */
  | 'not_bound'

const texts: Readonly<Record<ConsentWarningCode, string>> = {
  verifier_unproven: 'Nothing proves who asks. The answer goes to whoever owns the address.',
  verifier_unknown: 'No list says whether this verifier may ask for this.',
  over_asking: 'The verifier asks for more than it is registered for.',
  transaction_not_authorized:
    'What would be shown does not authorize all that the verifier wants authorized. Choose otherwise, or decline.',
  no_copy_left:
    'Every copy of this credential was shown before. Whoever saw one would know that it is you again; ask its issuer for new copies.',
  last_copy: 'This takes the last copy of this credential that was never shown.',
  goes_along: 'This credential shows more than was asked for, because that part of it cannot be withheld.',
  not_bound: 'This credential is shown without a proof that you hold it: whoever gets it could show it on.',
}

export function warningsOf(asked: Omit<PresentationConsent, 'warnings'>): readonly ConsentWarning[] {
  const { provenBy, trust, overAsked, items, sets, transactions } = asked
  const chosen = chosenItems(asked)
  const isAuthorized = areAuthorized(
    transactions,
    chosen.map(({ queryId }) => queryId),
  )
  const warn = (code: ConsentWarningCode, holds: boolean, queryId?: string): readonly ConsentWarning[] =>
    holds ? [{ code, text: texts[code], ...(queryId === undefined ? {} : { queryId }) }] : []
  return [
    ...warn('verifier_unproven', provenBy === 'nothing'),
    ...warn('over_asking', overAsked.length > 0),
    ...warn('verifier_unknown', trust.decision === 'undetermined'),
    ...warn('transaction_not_authorized', isMet(sets) && !isAuthorized),
    // Then there are no items, for that is not for us to decide.
    ...chosen.flatMap(({ queryId, again }) => warn('no_copy_left', again === true, queryId)),
    ...items.flatMap(({ queryId, goesAlong }) => warn('goes_along', goesAlong.length > 0, queryId)),
    ...items.flatMap(({ queryId, isBound }) => warn('not_bound', !isBound, queryId)),
    ...items.flatMap(({ queryId, copiesLeft }) => warn('last_copy', copiesLeft === 0, queryId)),
  ]
}
