/** What lists that were given say of a credential. Token Status List (draft 20) §8.3. */
import type { Question, StatusAnswer } from '@facet-id/credential/sd-jwt-vc'
import { statusAt } from '@facet-id/credential/status-list'
import { CLOCK_SKEW, freshest, staleness, usedOf } from './freshness.ts'
import type { KnownStatusList, MaterialAtHand, Used } from './material.ts'

const newerSaysMore =
  'A newer status list, which has ended, says more than valid: fetch the list as it is now and judge again.'

export interface StatusFound {
  readonly answer: StatusAnswer
  /** The list that was gone by; absent: none was. */
  readonly used?: Used
}

/**
 * Of several lists the freshest that has not ended is gone by. Where two were made in the same second, the
 * one that says more than "valid": nobody knows which came later. What a later one said that has ended is not
 * unsaid by an older one that has not: then nothing is known.
 *
 * @param now seconds since the epoch
 */
export function statusFrom(
  { statusLists, maxAge = {} }: Pick<MaterialAtHand, 'statusLists' | 'maxAge'>,
  { issuer, reference }: Omit<Extract<Question, { readonly ask: 'status' }>, 'ask' | 'by'>,
  now: number,
): StatusFound {
  const its = statusLists.filter((one) => one.uri === reference.uri && one.issuer === issuer)
  const latest = freshest(its, now)
  const list = latest.find((one) => entryOf(one, reference.idx) !== 0) ?? latest[0]
  if (list === undefined)
    return { answer: { undetermined: 'The status was not checked: no status list of the issuer was given.' } }
  const why = staleness('status', list, { maxAge, now })
  if (why !== undefined) return { answer: { undetermined: why } }
  const saidSince = its.some(
    (one) => one.asOf > list.asOf && one.asOf <= now + CLOCK_SKEW && entryOf(one, reference.idx) !== 0,
  )
  if (saidSince && entryOf(list, reference.idx) === 0) return { answer: { undetermined: newerSaysMore } }
  const used = usedOf({ kind: 'status', of: list.uri, asOf: list.asOf }, now)
  const status = entryOf(list, reference.idx)
  if (status === undefined) return { answer: { refused: 'The status list has no such entry.' }, used }
  const { expiresAt } = list
  return { answer: { status, ...(expiresAt === undefined ? {} : { listExpiresAt: expiresAt }) }, used }
}

/** Absent where the list is too short for it. */
function entryOf({ bytes, bits }: KnownStatusList, index: number): number | undefined {
  try {
    return statusAt(bytes, bits, index)
  } catch {
    return undefined
  }
}
