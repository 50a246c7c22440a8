/**
 * What the issuer is to be told of its credentials, until it heard it. OpenID4VCI 1.0 §11: telling never holds
 * anything up.
 */
import { type Op, recordForm, type Store } from '@facet-id/store'

const NS = 'holder/notification'

export type NotificationEvent = 'credential_accepted' | 'credential_failure' | 'credential_deleted'

export interface OwedNotification {
  readonly grantId: string
  readonly endpoint: string
  readonly notificationId: string
  readonly event: NotificationEvent
  /** How often it was tried. */
  readonly tries: number
  /** Seconds since the epoch; it is not tried before. */
  readonly notBefore: number
}

export interface KeptNotification {
  readonly id: string
  readonly owed: OwedNotification
}

const form = recordForm<OwedNotification>(1)

export function oweNotification({ id, owed }: KeptNotification): Op {
  return { op: 'put', ns: NS, key: id, value: form.write(owed) }
}

export function dropNotification(id: string): Op {
  return { op: 'del', ns: NS, key: id }
}

export async function findNotification(store: Store, id: string): Promise<OwedNotification | undefined> {
  const entry = await store.get(NS, id)
  return entry && form.read(entry.value)
}

export async function* listNotifications(store: Store): AsyncIterable<KeptNotification> {
  for await (const { key, value } of store.range(NS)) yield { id: key, owed: form.read(value) }
}
