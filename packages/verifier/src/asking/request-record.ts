/** What is kept of a request from its making on: enough to write it again, and to hold an answer against it. */

import { writeBase64url } from '@facet-id/credential/base64url'
import type { Random } from '@facet-id/credential/jose'
import type { RequestObject, ResponseMode } from '@facet-id/protocol/openid4vp'
import type { DcqlQuery } from '@facet-id/protocol/openid4vp/dcql'
import { platformAudience } from '@facet-id/protocol/openid4vp/platform'
import type { PrivateEncryptionKey } from '../ports.ts'
import type { VerifierSettings } from '../settings.ts'

export interface RequestRecord {
  readonly requestId: string
  /** As whom it is asked. */
  readonly client_id: string
  readonly nonce: string
  readonly dcql_query: DcqlQuery
  readonly response_mode: ResponseMode
  /** Where wallets post their answer; absent for other modes. */
  readonly response_uri?: string
  /** The page to which the answer comes; absent for other modes. */
  readonly redirect_uri?: string
  /** Of the page that asks through its platform; absent for other modes. */
  readonly origin?: string
  /** As sent: what is hashed (OpenID4VP §B.3.3.1). */
  readonly transaction_data?: readonly string[]
  /**
   * Of the answer; absent where it comes in the clear, or is encrypted to a key of the client that wallets know
   * beforehand. Its `kid` is the id of the request.
   */
  readonly decryption?: PrivateEncryptionKey
  /** Seconds since the epoch, both. */
  readonly requestedAt: number
  readonly expiresAt: number
}

export type RequestWish = Omit<
  RequestRecord,
  'requestId' | 'nonce' | 'requestedAt' | 'expiresAt' | 'decryption'
>

/** Id and nonce of 128 random bits each (OpenID4VP §5.2, §13.3). */
export function newRequest(
  { requestLifetime }: VerifierSettings,
  { random, now }: { readonly random: Random; readonly now: () => number },
): Pick<RequestRecord, 'requestId' | 'nonce' | 'requestedAt' | 'expiresAt'> {
  const requestedAt = now()
  return {
    requestId: writeBase64url(random(16)),
    nonce: writeBase64url(random(16)),
    requestedAt,
    expiresAt: requestedAt + requestLifetime,
  }
}

/** Both are offered wherever answers are encrypted (HAIP 1.0 §5). */
export const offeredEncryptions = ['A128GCM', 'A256GCM'] as const

/** What the request says. OpenID4VP §5, §A.2. */
export function requestObject(
  record: RequestRecord,
  settings: Pick<VerifierSettings, 'algs'>,
  walletNonce?: string,
): RequestObject & { readonly client_id: string } {
  const { requestId, client_id, nonce, dcql_query, requestedAt, expiresAt, origin } = record
  const { response_mode, response_uri, redirect_uri, transaction_data } = record
  return {
    client_id,
    response_type: 'vp_token',
    response_mode,
    ...(response_uri === undefined ? {} : { response_uri }),
    ...(redirect_uri === undefined ? {} : { redirect_uri }),
    aud: 'https://self-issued.me/v2',
    nonce,
    ...(origin === undefined ? { state: requestId } : { expected_origins: [origin] }),
    dcql_query,
    ...(transaction_data === undefined ? {} : { transaction_data }),
    client_metadata: {
      ...encryptionOf(record),
      vp_formats_supported: {
        'dc+sd-jwt': { 'sd-jwt_alg_values': settings.algs, 'kb-jwt_alg_values': settings.algs },
      },
    },
    iat: requestedAt,
    exp: expiresAt,
    ...(walletNonce === undefined ? {} : { wallet_nonce: walletNonce }),
  }
}

/** Whom a presentation must be for: the page where one asks, whoever signed the request (§A.4). */
export function audienceOf({ client_id, origin }: RequestRecord): string {
  return origin === undefined ? client_id : platformAudience(origin)
}

function encryptionOf({ decryption }: RequestRecord): object {
  if (decryption === undefined) return {}
  const { d: _, ...publicJwk } = decryption
  return {
    jwks: { keys: [publicJwk] },
    encrypted_response_enc_values_supported: offeredEncryptions,
  }
}
