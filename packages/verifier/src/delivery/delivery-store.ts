/** Results that wait to be sent, in the order of when they are due. */
import { type Op, recordForm, type Store } from '@facet-id/store'
import type { Delivery } from './delivery.ts'

const NS = 'verifier/delivery'

const form = recordForm<Delivery>(1)

export interface DueDelivery {
  readonly key: string
  readonly delivery: Delivery
}

/** @param dueAt seconds since the epoch */
export function keepDelivery(delivery: Delivery, dueAt: number): Op {
  return {
    op: 'put',
    ns: NS,
    key: keyOf(delivery, dueAt),
    value: form.write(delivery),
    expiresAt: delivery.until * 1000,
  }
}

/** Refused when another process has it already. */
export function takeDelivery(key: string): Op {
  return { op: 'take', ns: NS, key }
}

export function dropDelivery(delivery: Delivery, dueAt: number): Op {
  return { op: 'del', ns: NS, key: keyOf(delivery, dueAt) }
}

export async function dueDeliveries(
  store: Store,
  now: number,
  limit: number,
): Promise<readonly DueDelivery[]> {
  const due: DueDelivery[] = []
  for await (const { key, value } of store.range(NS, { lt: timeOf(now + 1), limit })) {
    due.push({ key, delivery: form.read(value) })
  }
  return due
}

function keyOf({ id }: Delivery, dueAt: number): string {
  return `${timeOf(dueAt)}.${id}`
}

/** Texts that sort as the times do, until the year 5138. */
function timeOf(seconds: number): string {
  return String(seconds).padStart(11, '0')
}
