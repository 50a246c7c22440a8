/** The presentation that an answer is for, as long as it can be answered. */
import { VerifierError } from '../error.ts'
import { findPresentation, type StandingPresentation } from '../result/presentation-store.ts'
import type { Verifying } from '../verifying.ts'

/** As all of them are made. What a stranger wrote in any other form stands for nothing, and is looked for nowhere. */
const REQUEST_ID = /^[A-Za-z0-9_-]{22}$/

/** @throws {VerifierError} `presentation_unknown`, `presentation_answered` */
export async function standingPresentation(
  requestId: string,
  { ports }: Verifying,
): Promise<StandingPresentation> {
  const standing = REQUEST_ID.test(requestId) ? await findPresentation(ports.store, requestId) : undefined
  if (standing === undefined)
    throw new VerifierError('presentation_unknown', 'This request is unknown or over; ask for a new one')
  if (standing.record.settled === undefined) return standing
  throw new VerifierError(
    'presentation_answered',
    'This request was answered before, or is over by now; an answer counts once',
  )
}
