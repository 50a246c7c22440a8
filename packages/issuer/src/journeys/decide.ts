/** The operator says yes or no to what waits for it. */
import { IssuerError } from '../error.ts'
import {
  changeDeferred,
  type DeferredState,
  deferredKey,
  findDeferred,
  transactionId,
} from '../issuance/deferred-store.ts'
import type { Issuing } from '../issuing.ts'

const TRIES = 5

/**
 * Deciding the same again changes nothing, and neither does deciding about what was collected meanwhile.
 *
 * @throws {IssuerError} `issuance_unknown`, `state_contended`
 */
export async function decide(
  issuanceId: string,
  state: Extract<DeferredState, 'approved' | 'denied'>,
  { ports }: Issuing,
): Promise<void> {
  const key = deferredKey(transactionId(issuanceId, ports.mac), ports.hash)
  for (let tries = 0; tries < TRIES; tries++) {
    const standing = await findDeferred(ports.store, key)
    if (standing === undefined) {
      throw new IssuerError('issuance_unknown', 'Nothing of that id waits for a decision')
    }
    const { claims, ...record } = standing.record
    if (record.state === state || record.state === 'collected' || record.state === 'denied') return
    const decided = {
      ...record,
      state,
      ...(state === 'approved' && claims !== undefined ? { claims } : {}),
    }
    if ((await ports.store.commit([changeDeferred(standing, decided)])).ok) return
  }
  throw new IssuerError('state_contended', 'The decision could not be kept; decide again')
}
