/** Does the `vp_token` hold one presentation for each query, and nothing else? OpenID4VP 1.0 §8.1. */
import type { CredentialQuery, DcqlQuery, VpToken } from '@facet-id/protocol/openid4vp'
import { VerifierError } from './error.ts'

export interface Presented {
  readonly query: CredentialQuery
  readonly presentation: string
}

/** @throws {VerifierError} `vp_token_unfit` */
export function presentationsFor(dcql: DcqlQuery, token: VpToken): readonly Presented[] {
  const asked = new Set(dcql.credentials.map(({ id }) => id))
  if (Object.keys(token).some((id) => !asked.has(id)))
    throw unfit('The vp_token answers a query that was not asked')
  return dcql.credentials.map((query) => {
    const [presentation, ...more] = Object.hasOwn(token, query.id) ? (token[query.id] ?? []) : []
    if (presentation === undefined || more.length > 0)
      throw unfit('The vp_token needs exactly one presentation for each query')
    return { query, presentation }
  })
}

function unfit(text: string): VerifierError {
  return new VerifierError('vp_token_unfit', text)
}
