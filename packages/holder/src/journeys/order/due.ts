/** What an application's scheduler is to see to, by now. */
import type { Holding } from '../../holding.ts'
import { findGrant, lives } from '../../issuance/grant-store.ts'
import { listNotifications } from '../../issuance/notification-store.ts'
import { listOrders } from '../../issuance/order-store.ts'
import { type CredentialRecord, copiesOf, isFresh, listCredentials } from '../../shelf/shelf-store.ts'

export type Due =
  /** An issuance that was interrupted, or deferred and may be asked for again: `resume`. */
  | { readonly due: 'resume'; readonly id: string }
  /** A credential that runs out of copies, or ends soon: `topUp`. */
  | { readonly due: 'topUp'; readonly credentialId: string }
  /** Something that an issuer wants to hear: `notify`. */
  | { readonly due: 'notify'; readonly id: string }

export async function dueNow(holding: Holding): Promise<readonly Due[]> {
  const { store, now } = holding.ports
  const all: Due[] = []
  const joined = new Set<string>()
  for await (const { id, order } of listOrders(store)) {
    if (order.joins !== undefined) joined.add(order.joins)
    if (order.has !== 'deferral' || order.notBefore <= now()) all.push({ due: 'resume', id })
  }
  for await (const record of listCredentials(store)) {
    const { credentialId } = record
    if (!joined.has(credentialId) && (await runsOut(record, holding)))
      all.push({ due: 'topUp', credentialId })
  }
  for await (const { id, owed } of listNotifications(store)) {
    if (owed.notBefore <= now()) all.push({ due: 'notify', id })
  }
  return all
}

async function runsOut(
  { grantId, credentialId, expiresAt }: CredentialRecord,
  holding: Holding,
): Promise<boolean> {
  const { ports, settings } = holding
  const now = ports.now()
  const grant = grantId === undefined ? undefined : await findGrant(ports.store, grantId)
  if (grant === undefined || !lives(grant, now)) return false
  if (settings.renewBefore > 0 && expiresAt !== undefined && expiresAt - settings.renewBefore <= now)
    return true
  const copies = await copiesOf(ports.store, credentialId)
  return (
    copies.filter(({ record }) => isFresh(record, now)).length <
    Math.min(settings.topUpBelow, settings.copies)
  )
}
