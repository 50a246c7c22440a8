/**
 * Orders that are under way, so that an interrupted one can go on. Credentials that were received and not judged
 * yet have a record each: together they may be larger than one record can be.
 */
import { type Op, recordForm, type Store } from '@facet-id/store'
import type { Order } from './order-state.ts'

const NS = 'holder/order'
const RECEIVED_NS = 'holder/received'

/** An order, and the name that it is kept by: that of the credential, if it becomes one of its own. */
export interface KeptOrder {
  readonly id: string
  readonly order: Order
}

const form = recordForm<Order>(1)
const receivedForm = recordForm<{ readonly credential: string }>(1)

export function keepOrder({ id, order }: KeptOrder): readonly Op[] {
  const value = form.write(order.has === 'credentials' ? { ...order, credentials: [] } : order)
  return [
    { op: 'put', ns: NS, key: id, value },
    ...receivedIn(order).map(
      (credential, place): Op => ({
        op: 'put',
        ns: RECEIVED_NS,
        key: receivedKey(id, place),
        value: receivedForm.write({ credential }),
      }),
    ),
  ]
}

export function endOrder({ id, order }: KeptOrder): readonly Op[] {
  return [
    { op: 'del', ns: NS, key: id },
    ...receivedIn(order).map((_, place): Op => ({ op: 'del', ns: RECEIVED_NS, key: receivedKey(id, place) })),
  ]
}

export async function findOrder(store: Store, id: string): Promise<Order | undefined> {
  const entry = await store.get(NS, id)
  if (entry === undefined) return undefined
  const order = form.read(entry.value)
  if (order.has !== 'credentials') return order
  const credentials: string[] = []
  for await (const { value } of store.range(RECEIVED_NS, { gte: `${id}.`, lt: `${id}/` })) {
    credentials.push(receivedForm.read(value).credential)
  }
  return { ...order, credentials }
}

/** Without what they received. */
export async function* listOrders(store: Store): AsyncIterable<KeptOrder> {
  for await (const entry of store.range(NS)) yield { id: entry.key, order: form.read(entry.value) }
}

function receivedIn(order: Order): readonly string[] {
  return order.has === 'credentials' ? order.credentials : []
}

function receivedKey(id: string, place: number): string {
  return `${id}.${String(place).padStart(4, '0')}`
}
