/**
 * The verifier's journey: requested → answered (judged) → result. Pure; `verifier.ts` and the
 * endpoints await.
 *
 * A presentation is known by two random ids: wallets see one, and only who asked has the other, so
 * nobody who sees the link can fetch the result (OpenID4VP §14.4.3).
 */
import { writeBase64url } from '@facet-id/credential/base64url'
import type { Random } from '@facet-id/credential/jose'
import type { AuthorizationErrorCode, DcqlQuery, RequestObject } from '@facet-id/protocol/openid4vp'
import { type QueryReport, withoutClaims } from './query-report.ts'
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

/** What came of it. `answeredAt`: seconds since the epoch. */
export type Settled =
  | {
      readonly outcome: 'verified' | 'refused'
      readonly answeredAt: number
      /** By the id of the query; claims are in them only when the outcome is `verified`. */
      readonly reports: Readonly<Record<string, QueryReport>>
    }
  | {
      readonly outcome: 'declined'
      readonly answeredAt: number
      /** As the wallet wrote it: printable ASCII, but a stranger's. */
      readonly error: AuthorizationErrorCode
    }

/** The result as who asked sees it. `expired`: not answered in time, or the result was deleted since. */
export type PresentationResult = { readonly outcome: 'pending' | 'expired' } | Settled

/** A new presentation: id and nonce of 128 random bits each (OpenID4VP §5.2, §13.3). */
export function askedFor(
  dcql_query: DcqlQuery,
  { requestLifetime }: VerifierSettings,
  { random, now }: { readonly random: Random; readonly now: () => number },
): PresentationRecord {
  const requestedAt = now()
  return {
    requestId: writeBase64url(random(16)),
    nonce: writeBase64url(random(16)),
    dcql_query,
    requestedAt,
    expiresAt: requestedAt + requestLifetime,
  }
}

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
        'dc+sd-jwt': { 'sd-jwt_alg_values': settings.algs, 'kb-jwt_alg_values': settings.algs },
      },
    },
    iat: requestedAt,
    exp: expiresAt,
    ...(walletNonce === undefined ? {} : { wallet_nonce: walletNonce }),
  }
}

/**
 * All must hold: one refused presentation refuses the answer (OpenID4VP §8.6), and then nothing of
 * what the others showed is kept.
 *
 * @param reports by the id of the query
 */
export function settle(
  reports: readonly (readonly [queryId: string, report: QueryReport])[],
  answeredAt: number,
): Settled {
  const verified = reports.length > 0 && reports.every(([, report]) => report.verified)
  const told = verified ? reports : reports.map(([id, report]) => [id, withoutClaims(report)] as const)
  return {
    outcome: verified ? 'verified' : 'refused',
    answeredAt,
    // A query may be called `__proto__`: an assignment would lose its report.
    reports: Object.fromEntries(told),
  }
}

/** Why an answer was refused, in words that are safe to show to anyone. */
export function reasonOf(settled: Settled): string | undefined {
  if (settled.outcome !== 'refused') return undefined
  const checks = Object.values(settled.reports).flatMap((report) => report.checks)
  return checks.find(({ outcome }) => outcome === 'fail' || outcome === 'undetermined')?.text
}
