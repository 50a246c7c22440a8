/** Goes through an order to its end: a credential on the shelf, or a time before which it is no use to ask. */
import { credentialRequest } from '@facet-id/protocol/openid4vci'
import { deferredCredentialRequest } from '@facet-id/protocol/openid4vci/afterwards'
import type { WireResponse } from '@facet-id/protocol/wire'
import { HolderError } from '../../error.ts'
import type { Holding } from '../../holding.ts'
import { endsAll, endsOrder, failedAsking } from '../../issuance/after-failure.ts'
import { findGrant } from '../../issuance/grant-store.ts'
import { advanceOrder, nextOf } from '../../issuance/order.ts'
import type { Order, OrderAnswer, OrderNeed } from '../../issuance/order-state.ts'
import { endOrder, findOrder, type KeptOrder, keepOrder } from '../../issuance/order-store.ts'
import { postponed } from '../../issuance/postponing.ts'
import type { CredentialRecord } from '../../shelf/shelf-store.ts'
import { ensureMayIssue } from '../may-issue.ts'
import { shelve } from '../shelve.ts'
import { exchange } from './exchange.ts'
import { failing, tell } from './notify.ts'
import { keyIdsOf, proveKeys } from './prove-keys.ts'
import { releasing } from './release.ts'
import { noteFailedTopUp } from './top-up.ts'

export type Fulfilled =
  | { readonly outcome: 'received'; readonly record: CredentialRecord }
  /** Seconds since the epoch. */
  | { readonly outcome: 'waiting'; readonly notBefore: number }

/**
 * Only what cannot be had again is kept: a deferral, and credentials.
 *
 * @throws {HolderError} `issuance_unknown`, `issuance_given_up`, and what `advanceOrder`, `exchange`, `proveKeys` and `shelve` throw
 */
export async function fulfil(id: string, holding: Holding): Promise<Fulfilled> {
  const { ports } = holding
  const kept = await findOrder(ports.store, id)
  if (kept === undefined) throw new HolderError('issuance_unknown', 'No issuance of that id is under way')
  await ensureTrusted({ id, order: kept }, holding)
  let order = kept
  try {
    for (let need = nextIn(order, holding); need !== undefined; need = nextIn(order, holding)) {
      if (need.need === 'patience') return { outcome: 'waiting', notBefore: need.until }
      order = advanceOrder(order, await meet(need, { id, order }, holding), ports.now())
      if (order.has === 'deferral' || order.has === 'credentials') {
        await ports.store.commit(keepOrder({ id, order }))
      }
    }
    const record = await shelve({ id, order }, holding)
    await tell(id, holding)
    return { outcome: 'received', record }
  } catch (thrown) {
    const error = await postponing({ id, order }, thrown, holding)
    if (endsOrder(order, error)) {
      await giveUp({ id, order }, error, holding)
      await noteIfJoining({ id, order }, error, holding)
    }
    throw error
  }
}

/** Leaves a deferral alone for a while. @returns the error, or that this was once too often */
async function postponing({ id, order }: KeptOrder, error: unknown, { ports }: Holding): Promise<unknown> {
  const asking = failedAsking(error)
  if (order.has !== 'deferral' || asking === undefined || endsOrder(order, error)) return error
  let later: Order
  try {
    later = postponed(order, { error, asking, now: ports.now() })
  } catch (end) {
    return end
  }
  try {
    await ports.store.commit(keepOrder({ id, order: later }))
  } catch {
    // The store fails as well: then it is due again.
  }
  return error
}

export type FulfilOne = (id: string) => Promise<Fulfilled>

export interface Outcomes {
  readonly records: readonly CredentialRecord[]
  readonly waiting: readonly { readonly id: string; readonly notBefore: number }[]
  readonly failed: readonly { readonly id: string; readonly error: unknown }[]
}

/** One after the other: the person may have to confirm each key. @throws the first failure, if nothing came of any */
export async function fulfilAll(ids: readonly string[], fulfilOne: FulfilOne): Promise<Outcomes> {
  const records: CredentialRecord[] = []
  const waiting: Outcomes['waiting'][number][] = []
  const failed: Outcomes['failed'][number][] = []
  for (const id of ids) {
    try {
      const fulfilled = await fulfilOne(id)
      if (fulfilled.outcome === 'received') records.push(fulfilled.record)
      else waiting.push({ id, notBefore: fulfilled.notBefore })
    } catch (error) {
      failed.push({ id, error })
    }
  }
  const [first] = failed
  if (first !== undefined && records.length === 0 && waiting.length === 0) throw first.error
  return { records, waiting, failed }
}

/**
 * Ends an order, and destroys the keys that were made for it first: should that fail, it still stands and can be
 * abandoned again.
 */
export async function abandonOrder({ id, order }: KeptOrder, { ports }: Holding): Promise<void> {
  await ports.keys.forget(keyIdsOf(id, order))
  await ports.store.commit([
    ...endOrder({ id, order }),
    ...(await releasing(order.grantId, { order: id }, ports)),
  ])
}

/** Whoever must not issue this any more hears nothing, not even that it is over. */
async function ensureTrusted(kept: KeptOrder, holding: Holding): Promise<void> {
  try {
    await ensureMayIssue(kept.order, holding)
  } catch (error) {
    if (endsAll(error)) {
      await abandonOrder(kept, holding)
      await noteIfJoining(kept, error, holding)
    }
    throw error
  }
}

async function noteIfJoining({ order }: KeptOrder, error: unknown, holding: Holding): Promise<void> {
  if (order.joins !== undefined) await noteFailedTopUp(order.joins, error, holding)
}

async function giveUp({ id, order }: KeptOrder, error: unknown, holding: Holding): Promise<void> {
  const { keys, store } = holding.ports
  try {
    await keys.forget(keyIdsOf(id, order))
    const owed = failing({ id, order }, error, holding)
    await store.commit([
      ...endOrder({ id, order }),
      ...(owed.length > 0 ? owed : await releasing(order.grantId, { order: id }, holding.ports)),
    ])
    await tell(id, holding)
  } catch {
    // The store fails as well. What was kept last stands, and resuming goes on from there.
  }
}

function nextIn(order: Order, { ports }: Holding): OrderNeed | undefined {
  return nextOf(order, { now: ports.now(), attests: ports.keyAttestation !== undefined })
}

async function meet(
  need: Exclude<OrderNeed, { readonly need: 'patience' }>,
  { id, order }: KeptOrder,
  holding: Holding,
): Promise<OrderAnswer> {
  switch (need.need) {
    case 'nonce': {
      const response = await holding.ports.transport.send(need.to)
      // §7.2: a nonce for the DPoP proof of the request that follows may come along. A sender is called as its grant.
      holding.nonces.take(order.grantId, need.to, response)
      return { answer: 'response', response }
    }
    case 'proofs': {
      const grant = await findGrant(holding.ports.store, order.grantId)
      const client = grant?.sender.clientId
      return { answer: 'proofs', ...(await proveKeys(need.of, { id, client }, holding)) }
    }
    case 'answer':
      return { answer: 'response', response: await ask(need, order, holding) }
  }
}

function ask(
  need: Extract<OrderNeed, { readonly need: 'answer' }>,
  { grantId, metadata }: Order,
  holding: Holding,
): Promise<WireResponse> {
  return exchange(
    (accessToken, answer) => {
      const encryption = answer === undefined ? {} : { credential_response_encryption: answer }
      return need.of === 'credential'
        ? credentialRequest(need.to, accessToken, { ...need.body, ...encryption })
        : deferredCredentialRequest(need.to, accessToken, { ...need.body, ...encryption })
    },
    { grantId, metadata },
    holding,
  )
}
