/** Does the `vp_token` hold presentations for the queries that need some, and nothing else? OpenID4VP 1.0 §8.1. */
import type { VpToken } from '@facet-id/protocol/openid4vp'
import {
  type CredentialQuery,
  countedFor,
  type DcqlQuery,
  findVpTokenFault,
} from '@facet-id/protocol/openid4vp/dcql'
import { VerifierError } from '../error.ts'

export interface Presented {
  readonly query: CredentialQuery
  readonly presentation: string
}

/**
 * What was presented, in the order of the queries. Nothing is judged here, so that what cannot be an answer
 * costs nothing.
 *
 * @throws {VerifierError} `vp_token_unfit`
 */
export function presentationsFor(dcql: DcqlQuery, token: VpToken): readonly Presented[] {
  const counts = Object.entries(token).map(([id, presentations]) => [id, presentations.length] as const)
  const fault = findVpTokenFault(dcql, counts)
  if (fault === 'query_unknown') throw unfit('The vp_token answers a query that was not asked')
  if (fault === 'several') throw unfit('The vp_token has several presentations for a query that asks for one')
  if (counts.some(([, count]) => count === 0)) throw unfit('The vp_token has a query that nothing answers')
  if (!countedFor(dcql, new Set(Object.keys(token))).isMet)
    throw unfit('The vp_token lacks a presentation that the request needs')
  if (Object.values(token).some((presentations) => !areDistinct(presentations.map(credentialIn))))
    throw unfit('The vp_token has one credential twice for the same query')
  return dcql.credentials.flatMap((query) => {
    const presentations = Object.hasOwn(token, query.id) ? (token[query.id] ?? []) : []
    return presentations.map((presentation) => ({ query, presentation }))
  })
}

/** What its issuer signed: shown twice, by whatever signatures, it is one credential. */
function credentialIn(presentation: string): string {
  const [jwt = ''] = presentation.split('~', 1)
  return jwt.slice(0, Math.max(0, jwt.lastIndexOf('.')))
}

function areDistinct(texts: readonly string[]): boolean {
  return new Set(texts).size === texts.length
}

function unfit(text: string): VerifierError {
  return new VerifierError('vp_token_unfit', text)
}
