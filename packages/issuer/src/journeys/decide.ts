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

/** What a decision leads to, or what stands against it. */
export type Decided = Exclude<DeferredState, 'waiting'>

/**
 * Deciding the same again changes nothing, and neither does deciding about what was denied, or collected meanwhile.
 *
 * @returns what it is then
 * @throws {IssuerError} `issuance_unknown`, `state_contended`
 */
export async function decide(
  issuanceId: string,
  state: Exclude<Decided, 'collected'>,
  { ports }: Issuing,
): Promise<Decided> {
  const key = deferredKey(transactionId(issuanceId, ports.mac), ports.hash)
  for (let tries = 0; tries < TRIES; tries++) {
    const standing = await findDeferred(ports.store, key)
    if (standing === undefined) {
      throw new IssuerError('issuance_unknown', 'Nothing of that id waits for a decision')
    }
    const { claims, ...record } = standing.record
    if (record.state === state || record.state === 'collected' || record.state === 'denied')
      return record.state
    const decided = {
      ...record,
      state,
      ...(state === 'approved' && claims !== undefined ? { claims } : {}),
    }
    if ((await ports.store.commit([changeDeferred(standing, decided)])).ok) return state
  }
  throw new IssuerError('state_contended', 'The decision could not be kept; decide again')
}
