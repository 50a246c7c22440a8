/**
 * Tells the issuer what became of its credentials. OpenID4VCI 1.0 §11. Whatever goes wrong here is tried again
 * later, and changes nothing else.
 */
import { notificationRequest } from '@facet-id/protocol/openid4vci/afterwards'
import type { Op } from '@facet-id/store'
import type { Holding } from '../../holding.ts'
import { findGrant, lives } from '../../issuance/grant-store.ts'
import {
  dropNotification,
  findNotification,
  type NotificationEvent,
  oweNotification,
} from '../../issuance/notification-store.ts'
import type { KeptOrder } from '../../issuance/order-store.ts'
import { releasing } from './release.ts'
import { sendProtected } from './send-protected.ts'

const TRIES = 6
/** Seconds before the second try; each further one waits twice as long. */
const WAIT = 60

export interface Told {
  readonly grantId: string
  readonly endpoint: string
  readonly notificationId: string
  readonly event: NotificationEvent
}

/** The operation that puts it into the same commit as what is told. */
export function owing(id: string, told: Told, now: number): Op {
  return oweNotification({ id, owed: { ...told, tries: 0, notBefore: now } })
}

/** §11.1: what the person did not want was deleted; anything else that went wrong is a failure. */
export function failing({ id, order }: KeptOrder, error: unknown, { ports }: Holding): readonly Op[] {
  const { notification_endpoint: endpoint } = order.metadata
  if (order.has !== 'credentials' || order.notificationId === undefined || endpoint === undefined) return []
  const { grantId, notificationId } = order
  const declined = error instanceof Error && Reflect.get(error, 'code') === 'declined_by_person'
  const event = declined ? 'credential_deleted' : 'credential_failure'
  return [owing(id, { grantId, endpoint, notificationId, event }, ports.now())]
}

/** Sends what is owed under that name, if anything is. Never rejects. */
export async function tell(id: string, holding: Holding): Promise<void> {
  const { store, now } = holding.ports
  try {
    const owed = await findNotification(store, id)
    if (owed === undefined || owed.notBefore > now()) return
    if (await isDone(id, holding)) {
      const released = await releasing(owed.grantId, { notification: id }, holding.ports)
      await store.commit([dropNotification(id), ...released])
      return
    }
    const tries = owed.tries + 1
    const notBefore = now() + WAIT * 2 ** owed.tries
    await store.commit([oweNotification({ id, owed: { ...owed, tries, notBefore } })])
  } catch {
    // The store fails: it is still owed.
  }
}

/** Told, or no use to tell again. */
async function isDone(id: string, holding: Holding): Promise<boolean> {
  const { store, now } = holding.ports
  const owed = await findNotification(store, id)
  if (owed === undefined) return true
  const grant = await findGrant(store, owed.grantId)
  if (grant === undefined || !lives(grant, now())) return true
  const { endpoint, notificationId: notification_id, event } = owed
  try {
    const { status } = await sendProtected(
      (accessToken) => notificationRequest(endpoint, accessToken, { notification_id, event }),
      owed,
      holding,
    )
    // A server that is broken or busy has heard nothing; any other refusal will not change.
    return (status < 500 && status !== 429) || owed.tries + 1 >= TRIES
  } catch {
    return owed.tries + 1 >= TRIES
  }
}
