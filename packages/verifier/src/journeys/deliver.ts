/**
 * Sends results that are due. Each is leased for an attempt, so that of several processes one sends it, and
 * what a process that died had in hand comes up again. A receiver may get a result twice, under one id.
 */
import { utf8 } from '@facet-id/credential/base64url'
import { writeJws } from '@facet-id/credential/jose'
import { deliveryInput, deliveryRequest, pauseAfter } from '../delivery/delivery.ts'
import {
  type DueDelivery,
  dropDelivery,
  dueDeliveries,
  keepDelivery,
  takeDelivery,
} from '../delivery/delivery-store.ts'
import type { WebhookPort } from '../ports.ts'
import type { Verifying } from '../verifying.ts'

export interface Delivered {
  readonly delivered: number
  /** Not taken, and to be sent again later. */
  readonly failed: number
  /** The receiver said that it is gone (410), or it is too late. */
  readonly dropped: number
}

/** How many are sent at a time, and for how long one attempt has them. */
const AT_ONCE = 16
const LEASE_SECONDS = 60

export async function deliverDue(webhooks: WebhookPort, verifying: Verifying): Promise<Delivered> {
  const { ports } = verifying
  const due = await dueDeliveries(ports.store, ports.now(), AT_ONCE)
  const outcomes = await Promise.all(due.map((one) => attempt(one, webhooks, verifying)))
  const count = (wanted: Attempted): number => outcomes.filter((outcome) => outcome === wanted).length
  return { delivered: count('delivered'), failed: count('failed'), dropped: count('dropped') }
}

type Attempted = 'delivered' | 'failed' | 'dropped' | 'not_ours'

async function attempt(
  { key, delivery }: DueDelivery,
  webhooks: WebhookPort,
  { ports, settings }: Verifying,
): Promise<Attempted> {
  const { store, now, random } = ports
  const leasedUntil = now() + LEASE_SECONDS
  const tried = { ...delivery, attempts: delivery.attempts + 1 }
  const leased = await store.commit([takeDelivery(key), keepDelivery(tried, leasedUntil)])
  if (!leased.ok) return 'not_ours'
  const input = deliveryInput(tried, { iss: settings.client_id, iat: now(), signer: webhooks.signer })
  const jwt = writeJws(input, await webhooks.signer.sign(utf8(input)))
  const status = await statusOf(webhooks, delivery.url, jwt)
  const dueAt = now() + pauseAfter(tried.attempts, (random(1)[0] ?? 0) / 255)
  const isOver = dueAt >= delivery.until || status === 410
  const isTaken = status >= 200 && status < 300
  const again = isTaken || isOver ? [] : [keepDelivery(tried, dueAt)]
  await store.commit([dropDelivery(tried, leasedUntil), ...again])
  if (isTaken) return 'delivered'
  return isOver ? 'dropped' : 'failed'
}

/** A receiver that is not reached answered nothing. */
async function statusOf({ transport }: WebhookPort, url: string, jwt: string): Promise<number> {
  try {
    const { status } = await transport.send(deliveryRequest(url, jwt))
    return status
  } catch {
    return 0
  }
}
