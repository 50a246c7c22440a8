export type { DeferredCredentialError, NotificationError } from '../credential-error.ts'
export type { DeferredResponse, IssuedResponse } from '../credential-response.ts'
export {
  type DeferredCredentialRequest,
  deferredCredentialRequest,
  readDeferredCredentialRequest,
} from './deferred-credential-request.ts'
export {
  type NotificationEvent,
  type NotificationRequest,
  notificationRequest,
  readNotificationRequest,
  readNotificationResponse,
  writeNotificationResponse,
} from './notification.ts'
