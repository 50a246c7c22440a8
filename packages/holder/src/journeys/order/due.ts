/** What an application's scheduler is to see to, by now. */
import type { Holding } from '../../holding.ts'
import { findGrant, lives } from '../../issuance/grant-store.ts'
import { listNotifications } from '../../issuance/notification-store.ts'
import { isDue } from '../../issuance/order.ts'
import { listOrders } from '../../issuance/order-store.ts'
import { destroyGone } from '../../shelf/gone-keys-store.ts'
import {
  type CopyRecord,
  type CredentialRecord,
  copiesOf,
  isFresh,
  listCredentials,
} from '../../shelf/shelf-store.ts'
import { findFailedTopUp } from '../../shelf/top-up-store.ts'

export type Due =
  /** An issuance that was interrupted, or deferred and may be asked for again: `resume`. */
  | { readonly due: 'resume'; readonly id: string }
  /** A credential that runs out of copies, or ends soon: `topUp`. */
  | { readonly due: 'topUp'; readonly credentialId: string }
  /** Something that an issuer wants to hear: `notify`. */
  | { readonly due: 'notify'; readonly id: string }

export async function dueNow(holding: Holding): Promise<readonly Due[]> {
  const { store, now } = holding.ports
  await destroyGone(holding.ports)
  const all: Due[] = []
  const joined = new Set<string>()
  for await (const { id, order } of listOrders(store)) {
    if (order.joins !== undefined) joined.add(order.joins)
    if (order.has !== 'deferral' || isDue(order, now())) all.push({ due: 'resume', id })
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

async function runsOut({ grantId, credentialId }: CredentialRecord, holding: Holding): Promise<boolean> {
  const { ports, settings } = holding
  const now = ports.now()
  const grant = grantId === undefined ? undefined : await findGrant(ports.store, grantId)
  if (grant === undefined || !lives(grant, now)) return false
  const failed = await findFailedTopUp(ports.store, credentialId)
  if (failed !== undefined && (failed.refusedBy !== undefined || failed.notBefore > now)) return false
  const wanted = Math.min(settings.topUpBelow, settings.copies)
  const copies = await copiesOf(ports.store, credentialId)
  const fresh = copies.filter(({ record }) => isFresh(record, now))
  if (fresh.length < wanted) return true
  const lasting = fresh.filter(({ record }) => !endsSoon(record, now, settings.renewBefore))
  return lasting.length < fresh.length && lasting.length < Math.max(wanted, 1)
}

/** Never before half of its time: what lives for less than the notice would be issued anew without end. */
function endsSoon({ receivedAt, expiresAt }: CopyRecord, now: number, renewBefore: number): boolean {
  if (expiresAt === undefined) return false
  const half = receivedAt === undefined ? renewBefore : (expiresAt - receivedAt) / 2
  return renewBefore > 0 && expiresAt - now <= Math.min(renewBefore, half)
}
