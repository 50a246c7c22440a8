/** Pushed authorization requests: everything is checked here, before a person is bothered. RFC 9126. */
import { writeBase64url } from '@facet-id/credential/base64url'
import {
  REQUEST_URI_PREFIX,
  readPushedAuthorizationRequest,
  writePushedAuthorizationResponse,
} from '@facet-id/protocol/oauth/authorization'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import type { Issuing } from '../../issuing.ts'
import { redirectUriOf } from '../client.ts'
import { checkChallenged } from '../code-challenge.ts'
import { keepPushed } from '../flow/pushed-store.ts'
import { wantedOf } from '../wanted.ts'
import { checkSenderKey, commitOnce, requesterOf } from './client-authentication.ts'

/**
 * @throws {IssuerError} `client_unknown`, `redirect_uri_refused`, `code_challenge_missing`, `scope_unknown`,
 * `authorization_details_refused`, `sender_key_differs`
 */
export async function answerPushedAuthorization(
  request: WireRequest,
  issuing: Issuing,
): Promise<WireResponse> {
  const { ports, settings } = issuing
  const read = readPushedAuthorizationRequest(request)
  const requester = await requesterOf(request, read.client_id, issuing)
  const { registered: _, ...client } = requester.client
  const asked = { ...read, client_id: client.clientId }
  const redirectUri = redirectUriOf(asked, requester.client)
  checkChallenged(asked.code_challenge)
  wantedOf(asked, settings)
  const { jkt } = requester
  // RFC 9449 §10.1: a proof here says to which key the code belongs, as `dpop_jkt` does.
  if (jkt !== undefined) checkSenderKey(asked.dpop_jkt, jkt)
  const { pushedLifetime } = settings.authorization
  const name = writeBase64url(ports.random(32))
  const kept = keepPushed(ports.hash('sha-256', name), {
    request: jkt === undefined ? asked : { ...asked, dpop_jkt: jkt },
    client,
    redirectUri,
    expiresAt: ports.now() + pushedLifetime,
  })
  await commitOnce([kept], requester, issuing)
  return writePushedAuthorizationResponse({
    request_uri: `${REQUEST_URI_PREFIX}${name}`,
    expires_in: pushedLifetime,
  })
}
