/**
 * Wallets in a browser may read the answers of these endpoints, as they may of any public one (Fetch
 * Standard, CORS protocol). No cookies are known here, so `*` gives nobody what they did not have.
 */
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'

export const corsHeaders: WireResponse['headers'] = {
  'access-control-allow-origin': '*',
  // Without these a page cannot read why its access token was refused (RFC 6750 §3), nor what its next proof has
  // to be made with (RFC 9449 §8.2, Attestation-Based Client Authentication §6.2).
  'access-control-expose-headers': 'www-authenticate, dpop-nonce, oauth-client-attestation-challenge',
}

/** The answer to a preflight; `undefined` for any other request. */
export function answerPreflight({ method, headers }: WireRequest): WireResponse | undefined {
  if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) return undefined
  return {
    status: 204,
    headers: {
      'access-control-allow-methods': 'GET, POST',
      // `*` would leave out Authorization.
      'access-control-allow-headers':
        'accept, authorization, content-type, dpop, oauth-client-attestation, oauth-client-attestation-pop',
      'access-control-max-age': '600',
    },
    body: '',
  }
}
