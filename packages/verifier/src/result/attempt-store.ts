/**
 * Answers that changed nothing, beside the request that they were for and gone with it. Never in its record: who writes
 * them must not get in the way of an answer that counts.
 */
import { type Op, recordForm, type Store } from '@facet-id/store'
import type { Attempt } from '../judging/attempt.ts'

const NS = 'verifier/attempt'

/** The first ones: whoever saw a link has no more than that written. */
const KEPT = 4

const form = recordForm<Attempt>(1)

interface Of {
  readonly requestId: string
  /** Seconds since the epoch. */
  readonly expiresAt: number
}

/** In the order in which they came; empty when there are none. */
export async function attemptsAt(store: Store, requestId: string): Promise<readonly Attempt[]> {
  const attempts: Attempt[] = []
  const from = `${requestId}.`
  for await (const { value } of store.range(NS, { gte: from, lt: `${from}~`, limit: KEPT })) {
    attempts.push(form.read(value))
  }
  return attempts
}

/** Keeps it unless as many are there as are kept. Of those that come at once one may be lost. */
export async function keepAttempt(
  store: Store,
  attempt: Attempt,
  { requestId, expiresAt }: Of,
): Promise<void> {
  const place = (await attemptsAt(store, requestId)).length
  if (place >= KEPT) return
  const op: Op = {
    op: 'put',
    ns: NS,
    key: `${requestId}.${place}`,
    value: form.write(attempt),
    if: 'absent',
    expiresAt: expiresAt * 1000,
  }
  await store.commit([op])
}
