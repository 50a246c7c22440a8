/**
 * Notification endpoint: what became of credentials, as the wallet says. OpenID4VCI 1.0 §11. Telling it again
 * changes nothing.
 */
import { readNotificationRequest, writeNotificationResponse } from '@facet-id/protocol/openid4vci/afterwards'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { IssuerError } from '../error.ts'
import { deferredKey, endDeferred, transactionId } from '../issuance/deferred-store.ts'
import { endHandOver } from '../issuance/hand-over-store.ts'
import { readNotificationId, recordNotification } from '../issuance/notification-store.ts'
import type { Issuing } from '../issuing.ts'
import { accessOf, presentedIn } from './access.ts'

export async function answerNotification(request: WireRequest, issuing: Issuing): Promise<WireResponse> {
  const { ports } = issuing
  const { grantId } = await accessOf(request, presentedIn(request, issuing), issuing)
  const { notification_id, event, event_description } = readNotificationRequest(request)
  const issuanceId = readNotificationId(notification_id, grantId, ports.mac)
  if (issuanceId === undefined) {
    throw new IssuerError(
      'notification_unknown',
      'The notification_id was not given out, or not to a wallet with this access token',
    )
  }
  // Refused when it was told before: then this commit has nothing to add.
  await ports.store.commit([
    recordNotification({
      issuanceId,
      event,
      receivedAt: ports.now(),
      ...(event_description === undefined ? {} : { description: event_description }),
    }),
    // The wallet has its answer: nothing need be kept for a second time of asking.
    endHandOver(issuanceId),
    endDeferred(deferredKey(transactionId(issuanceId, ports.mac), ports.hash)),
  ])
  return writeNotificationResponse()
}
