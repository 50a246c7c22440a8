/**
 * How a request without a usable token is told what to bring. RFC 6750 §3, RFC 9449 §7.1: whoever came with a
 * bound token hears of that scheme, and whoever came with none hears of all that are taken.
 */
import { jwsAlgorithms } from '@facet-id/credential/jose'
import { findBearerError, writeBearerChallenge } from '@facet-id/protocol/oauth'
import { writeDpopChallenge } from '@facet-id/protocol/oauth/dpop'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import type { AuthorizationSettings } from './authorization-settings.ts'

export function challengedFor(
  response: WireResponse,
  { headers }: Pick<WireRequest, 'headers'>,
  { dpop }: AuthorizationSettings,
): WireResponse {
  const challenge = response.headers['www-authenticate']
  if (challenge === undefined || !challenge.startsWith('Bearer')) return response
  const error = findBearerError(response.headers)
  if (error === undefined) {
    const bound = writeDpopChallenge(jwsAlgorithms)
    return withChallenge(response, dpop === 'required' ? bound : `${writeBearerChallenge()}, ${bound}`)
  }
  if (!/^dpop /i.test(headers.authorization ?? '')) return response
  return error === 'invalid_token' || error === 'insufficient_scope' || error === 'invalid_request'
    ? withChallenge(response, writeDpopChallenge(jwsAlgorithms, error))
    : response
}

function withChallenge(response: WireResponse, challenge: string): WireResponse {
  return { ...response, headers: { ...response.headers, 'www-authenticate': challenge } }
}
