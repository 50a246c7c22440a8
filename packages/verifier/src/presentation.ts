/**
 * The verifier's journey: requested → answered (judged) → result. Pure; `verifier.ts` and the
 * endpoints await.
 *
 * A presentation is known by two random ids: wallets see one, and only who asked has the other, so
 * nobody who sees the link can fetch the result (OpenID4VP §14.4.3).
 */
import type { AuthorizationErrorCode, DcqlQuery, RequestObject } from '@facet-id/protocol/openid4vp'
import type { QueryReport } from './query-report.ts'
import type { VerifierSettings } from './settings.ts'

/** What is kept of a presentation. */
export interface PresentationRecord {
  readonly requestId: string
  readonly nonce: string
  readonly dcql_query: DcqlQuery
  /** Seconds since the epoch, both. */
  readonly requestedAt: number
  readonly expiresAt: number
  /** Absent until a wallet answered. */
  readonly settled?: Settled
}

/** What came of it. */
export type Settled =
  | {
      readonly outcome: 'verified' | 'refused'
      readonly answeredAt: number
      readonly reports: Readonly<Record<string, QueryReport>>
    }
  | { readonly outcome: 'declined'; readonly answeredAt: number; readonly error: AuthorizationErrorCode }

/** The result as who asked sees it. */
export type PresentationResult = { readonly outcome: 'pending' | 'expired' } | Settled

/** The request object for a presentation. OpenID4VP §5. */
export function requestObject(
  record: PresentationRecord,
  settings: VerifierSettings,
  walletNonce?: string,
): RequestObject {
  const { requestId, nonce, dcql_query, requestedAt, expiresAt } = record
  return {
    client_id: settings.client_id,
    response_type: 'vp_token',
    response_mode: 'direct_post',
    response_uri: `${settings.baseUrl}/responses/${requestId}`,
    aud: 'https://self-issued.me/v2',
    nonce,
    state: requestId,
    dcql_query,
    client_metadata: {
      vp_formats_supported: {
        'dc+sd-jwt': { 'sd-jwt_alg_values': ['ES256'], 'kb-jwt_alg_values': ['ES256'] },
      },
    },
    iat: requestedAt,
    exp: expiresAt,
    ...(walletNonce === undefined ? {} : { wallet_nonce: walletNonce }),
  }
}

/** All must hold: one refused presentation refuses the answer (OpenID4VP §8.6). */
export function settle(reports: Readonly<Record<string, QueryReport>>, answeredAt: number): Settled {
  const verified = Object.values(reports).every((report) => report.verified)
  return { outcome: verified ? 'verified' : 'refused', answeredAt, reports }
}

/** Why an answer was refused, in words that are safe to show to anyone. */
export function reasonOf(settled: Settled): string | undefined {
  if (settled.outcome !== 'refused') return undefined
  const checks = Object.values(settled.reports).flatMap((report) => report.checks)
  return checks.find(({ outcome }) => outcome === 'fail' || outcome === 'undetermined')?.text
}
