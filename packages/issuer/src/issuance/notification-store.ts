/** What wallets said became of their credentials: each event of an issuance once, however often it is told. */
import type { Mac } from '@facet-id/credential/jose'
import type { NotificationEvent } from '@facet-id/protocol/openid4vci/afterwards'
import { type Op, recordForm, type Store } from '@facet-id/store'

const NS = 'issuer/notification'

export interface NotificationRecord {
  readonly issuanceId: string
  readonly event: NotificationEvent
  /** The wallet's words; absent when it gave none. */
  readonly description?: string
  /** Seconds since the epoch. */
  readonly receivedAt: number
}

const form = recordForm<NotificationRecord>(1)

const ID = /^([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/

/** Names an issuance towards the wallets of one grant; nothing is kept for it. */
export function notificationId(issuanceId: string, grantId: string, mac: Mac): string {
  return `${issuanceId}.${mac(`notification.${issuanceId}.${grantId}`)}`
}

/** The issuance that it names; absent when we never gave it to a wallet of that grant. */
export function readNotificationId(id: string, grantId: string, mac: Mac): string | undefined {
  const [, issuanceId, digest] = ID.exec(id) ?? []
  if (issuanceId === undefined || digest === undefined) return undefined
  const ours = mac(`notification.${issuanceId}.${grantId}`)
  // Keyed digests are compared, so the time that it takes says nothing about ours.
  return mac(`compare.${digest}`) === mac(`compare.${ours}`) ? issuanceId : undefined
}

/** Refused where the same was told before. */
export function recordNotification(record: NotificationRecord): Op {
  const key = `${record.issuanceId}.${record.event}`
  return { op: 'put', ns: NS, key, value: form.write(record), if: 'absent' }
}

/** In the order of their issuances, which says nothing about the order in time. */
export async function* listNotifications(store: Store): AsyncIterable<NotificationRecord> {
  for await (const entry of store.range(NS)) yield form.read(entry.value)
}
