/**
 * Notification: the wallet tells the issuer what became of its credentials.
 * OpenID4VCI 1.0 §11.
 */
import * as v from 'valibot'
import { JSON_MEDIA_TYPE, NO_STORE, readBody } from '../../body.ts'
import { ProtocolError } from '../../error.ts'
import { members, optional, type Plain, type Reads, readMessage, type Same, text } from '../../read.ts'
import type { WireRequest, WireResponse } from '../../wire.ts'
import { protectedJsonRequest } from '../credential-request.ts'
import { REFERENCE_LENGTH } from '../credential-response.ts'

export interface NotificationRequest {
  /** As the credential response gave it. */
  readonly notification_id: string
  readonly event: NotificationEvent
  /** For the issuer's developers. Printable ASCII but `"` and `\`. */
  readonly event_description?: string
}

/** `credential_deleted`: the person did not want it; any other trouble is `credential_failure` (§11.1). */
export type NotificationEvent = 'credential_accepted' | 'credential_failure' | 'credential_deleted'

const DESCRIPTION_LENGTH = 1000

const schema = members({
  notification_id: text(REFERENCE_LENGTH),
  event: v.picklist(
    ['credential_accepted', 'credential_failure', 'credential_deleted'],
    'must be credential_accepted, credential_failure or credential_deleted',
  ),
  // §11.1: "MUST NOT include characters outside the set %x20-21 / %x23-5B / %x5D-7E".
  event_description: optional(
    v.pipe(
      v.string(),
      v.maxLength(DESCRIPTION_LENGTH, 'is too long'),
      v.regex(/^[\x20\x21\x23-\x5B\x5D-\x7E]*$/, 'must be printable ASCII without quotes and backslashes'),
    ),
  ),
})

true satisfies Same<Plain<NotificationRequest>, Reads<typeof schema>>

export function notificationRequest(
  endpoint: string,
  accessToken: string,
  request: NotificationRequest,
): WireRequest {
  return protectedJsonRequest(endpoint, accessToken, request)
}

/**
 * Reads what came to the notification endpoint.
 *
 * @throws {ProtocolError} `message_malformed`, `message_too_large`, `content_type_unexpected`, all of them
 * `invalid_notification_request`
 */
export function readNotificationRequest(request: WireRequest): NotificationRequest {
  return readMessage(schema, readBody(request, JSON_MEDIA_TYPE), { name: 'notification request' })
}

/** §11.2: "It is RECOMMENDED to use the HTTP status code 204 (No Content)". */
export function writeNotificationResponse(): WireResponse {
  return { status: 204, headers: NO_STORE, body: '' }
}

/**
 * Reads whether the issuer took it; whatever else it says is of no meaning.
 *
 * @throws {ProtocolError} `message_malformed` for any status but 2xx, which `readErrorResponse` reads
 */
export function readNotificationResponse({ status }: WireResponse): void {
  if (status >= 200 && status <= 299) return
  throw new ProtocolError('message_malformed', 'The notification was not taken: the HTTP status is not 2xx')
}
