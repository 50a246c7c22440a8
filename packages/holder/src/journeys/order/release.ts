/** A grant goes with the last thing that it is for: it holds tokens, which nobody keeps longer than needed. */
import type { Op } from '@facet-id/store'
import { dropGrant, findGrant } from '../../issuance/grant-store.ts'
import { listNotifications } from '../../issuance/notification-store.ts'
import { listOrders } from '../../issuance/order-store.ts'
import type { HolderPorts } from '../../ports.ts'
import { listCredentials } from '../../shelf/shelf-store.ts'

/** What is about to go, by its name. */
export interface Going {
  readonly order?: string
  readonly credential?: string
  readonly notification?: string
}

/**
 * The operation that goes into the same commit, or none while something else needs the grant. Its key is destroyed
 * before: should the commit fail, what is left is a grant that nobody can use.
 */
export async function releasing(
  grantId: string,
  going: Going,
  { store, keys }: Pick<HolderPorts, 'store' | 'keys'>,
): Promise<readonly Op[]> {
  for await (const { id, order } of listOrders(store)) {
    if (order.grantId === grantId && id !== going.order) return []
  }
  for await (const { id, owed } of listNotifications(store)) {
    if (owed.grantId === grantId && id !== going.notification) return []
  }
  for await (const record of listCredentials(store)) {
    if (record.grantId === grantId && record.credentialId !== going.credential) return []
  }
  const dpopKey = (await findGrant(store, grantId))?.sender.dpopKey
  if (dpopKey !== undefined) await keys.forget([dpopKey])
  return [dropGrant(grantId)]
}
