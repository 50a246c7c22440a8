/**
 * The browser that asked comes back from the wallet: its code is good once, and only in the session that asked.
 * OpenID4VP 1.0 §14.3, HAIP 1.0 §5.1. Without this nothing of an answer on the same device is told: whoever
 * starts a request and has somebody else finish it has the session, and never sees the code.
 */
import type { Op } from '@facet-id/store'
import { deliveryOf } from '../delivery/delivery.ts'
import { keepDelivery } from '../delivery/delivery-store.ts'
import { VerifierError } from '../error.ts'
import {
  type PresentationRecord,
  type PresentationResult,
  refusedForSession,
  resultOf,
} from '../result/presentation.ts'
import {
  changePresentation,
  findPresentation,
  findResponseCode,
  type StandingPresentation,
  takeResponseCode,
} from '../result/presentation-store.ts'
import type { Verifying } from '../verifying.ts'

export interface Return {
  /** As it stands in the address that the browser came to. */
  readonly responseCode: string
  /** What the request was bound to, from the browser's own cookie. */
  readonly session: string
}

export interface Returned {
  readonly requestId: string
  readonly result: PresentationResult
  readonly isHome: boolean
}

/** @throws {VerifierError} `response_code_unknown` */
export async function comeBack({ responseCode, session }: Return, verifying: Verifying): Promise<Returned> {
  const { store, hash } = verifying.ports
  const requestId = await findResponseCode(store, responseCode, hash)
  const standing = requestId === undefined ? undefined : await findPresentation(store, requestId)
  const before = standing?.record.settled
  if (standing === undefined || before === undefined) throw unknown()
  const { record } = standing
  const isHome = record.home?.session === hash('sha-256', session)
  const settled = isHome ? before : refusedForSession(before)
  const changed: PresentationRecord = { ...record, settled, returned: true }
  const kept = await store.commit([
    takeResponseCode(responseCode, hash),
    ...tell(standing, changed, verifying),
  ])
  // Whoever came with it at the same time was first.
  if (!kept.ok) throw unknown()
  return { requestId: record.requestId, result: resultOf(changed), isHome }
}

/** Keeps the presentation, and a delivery of its result where one is wanted. */
export function tell(
  standing: StandingPresentation,
  record: PresentationRecord,
  { ports, settings }: Verifying,
): readonly Op[] {
  const now = ports.now()
  const until = now + settings.deliveryLifetime
  const delivery = deliveryOf(record, resultOf(record), { random: ports.random, until })
  return [
    changePresentation(standing, record, now + settings.resultLifetime),
    ...(delivery === undefined ? [] : [keepDelivery(delivery, now)]),
  ]
}

function unknown(): VerifierError {
  return new VerifierError(
    'response_code_unknown',
    'No answer waits for this response code: it was used before, it is over, or it never was one',
  )
}
