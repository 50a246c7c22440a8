/** Takes a credential off the shelf for good. */
import type { Store } from '@facet-id/store'
import { HolderError } from '../error.ts'
import type { Holding } from '../holding.ts'
import { findGrant, lives } from '../issuance/grant-store.ts'
import { findOrder, listOrders } from '../issuance/order-store.ts'
import { logged } from '../presentation/log-store.ts'
import { dropIssuer } from '../shelf/issuer-store.ts'
import { copiesOf, dropCredential, findCredential, listCredentials } from '../shelf/shelf-store.ts'
import { dropFailedTopUp } from '../shelf/top-up-store.ts'
import { abandonOrder } from './order/fulfil.ts'
import { owing, tell } from './order/notify.ts'
import { releasing } from './order/release.ts'

/**
 * Whoever issued it is told, where it wants to hear and there is still access to it; that never holds this up.
 *
 * @throws {HolderError} `credential_unknown`
 */
export async function forget(credentialId: string, holding: Holding): Promise<void> {
  const { store, keys, hash, now } = holding.ports
  const credential = await findCredential(store, credentialId)
  if (credential === undefined)
    throw new HolderError('credential_unknown', 'No credential of that id is held')
  for await (const { id } of listOrders(store)) {
    const order = await findOrder(store, id)
    if (order?.joins === credentialId) await abandonOrder({ id, order }, holding)
  }
  const { credentialIssuer, grantId, notifications = [] } = credential
  const copies = await copiesOf(store, credentialId)
  // Keys first: an interruption leaves a credential that can be forgotten again, and no key without a name.
  await keys.forget(copies.map(({ record }) => record.keyId))
  const isLast = (await countOf(credentialIssuer, store)) === 1
  const grant = grantId === undefined ? undefined : await findGrant(store, grantId)
  const told = grant === undefined || !lives(grant, now()) ? [] : notifications
  const event = 'credential_deleted'
  await store.commit([
    ...dropCredential(credentialId, copies),
    dropFailedTopUp(credentialId),
    ...(isLast ? dropIssuer(hash('sha-256', credentialIssuer)) : []),
    logged({ at: now(), event: 'deleted', credentialId }),
    ...told.map((handle, place) =>
      owing(`${credentialId}.${place}`, { ...handle, grantId: grantId ?? '', event }, now()),
    ),
    ...(grantId === undefined || told.length > 0
      ? []
      : await releasing(grantId, { credential: credentialId }, holding.ports)),
  ])
  for (const place of told.keys()) await tell(`${credentialId}.${place}`, holding)
}

async function countOf(credentialIssuer: string, store: Store): Promise<number> {
  let count = 0
  for await (const held of listCredentials(store)) if (held.credentialIssuer === credentialIssuer) count++
  return count
}
