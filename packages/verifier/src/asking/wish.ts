/** What is decided when a request is made. */
import type { PresentationRecord } from '../result/presentation.ts'
import type { RequestWish } from './request-record.ts'

export interface Wish
  extends Omit<RequestWish, 'response_uri'>,
    Pick<PresentationRecord, 'flow' | 'home' | 'webhook'> {
  /** All answers go to one address, which the client is known by. */
  readonly oneAddress: boolean
  /** Whether the answer, where it is encrypted, is to a key that wallets know beforehand. */
  readonly toKnownKey: boolean
}
