/**
 * The way to access: server → sender → (pushed → browser → code →) access. RFC 6749, RFC 7636, RFC 9126, RFC 9207,
 * OpenID4VCI 1.0 §5, §6.
 *
 * Pure: it says what is needed next and takes the answer in. `journeys/authorize.ts` awaits.
 */

import { ProtocolError } from '@facet-id/protocol/error'
import { AUTHORIZATION_CODE_GRANT, PRE_AUTHORIZED_CODE_GRANT, tokenRequest } from '@facet-id/protocol/oauth'
import {
  type AuthorizationRequest,
  type AuthorizationResponse,
  authorizationUrl,
  CODE_CHALLENGE_METHOD,
  type ExpectedResponse,
  pushedAuthorizationRequest,
  readAuthorizationResponse,
  readPushedAuthorizationResponse,
} from '@facet-id/protocol/oauth/authorization'
import { HolderError } from '../error.ts'
import { answered } from '../peer-error.ts'
import { accessOf } from './access.ts'
import { authorizationEndpointOf } from './asking.ts'
import type {
  Authorization,
  AuthorizationAnswer,
  AuthorizationNeed,
  AuthorizationWishes,
  Plan,
} from './authorization-state.ts'
import type { Sender } from './sender.ts'

type Asking = Extract<Authorization, { readonly has: 'sender' | 'pushed' | 'code' }>

export function beginAuthorization(plan: Plan): Authorization {
  return { has: 'server', ...plan }
}

/**
 * What is needed next, or `undefined` when there is access.
 *
 * @throws {HolderError} `offer_unsupported`
 */
export function nextOfAuthorization(
  authorization: Authorization,
  wishes: AuthorizationWishes,
): AuthorizationNeed | undefined {
  switch (authorization.has) {
    case 'server':
      return { need: 'sender', of: planOf(authorization) }
    case 'sender':
      return authorization.wanted.by === 'authorization_code'
        ? asking(authorization, wishes)
        : redeeming(authorization)
    case 'pushed': {
      // Too late to open the browser; where it comes back from before is taken in all the same.
      if (wishes.now >= authorization.until) return asking({ ...authorization, has: 'sender' }, wishes)
      const { server, sender, requestUri } = authorization
      const parameters = { client_id: clientIdOf(sender), request_uri: requestUri }
      return browser(authorizationUrl(authorizationEndpointOf(server), parameters), wishes)
    }
    case 'code':
      return redeeming(authorization, wishes)
    case 'access':
      return undefined
  }
}

/**
 * The authorization with one more thing obtained.
 *
 * @throws {HolderError} `refused_by_peer`, `authorization_denied`, `token_not_bound`, `out_of_turn`;
 * `redirect_unusable`, after which it waits on
 * @throws {ProtocolError} `issuer_mismatch`: the code went nowhere; `message_malformed` and its like
 */
export function advanceAuthorization(
  authorization: Authorization,
  answer: AuthorizationAnswer,
  wishes: AuthorizationWishes,
): Authorization {
  if (answer.answer === 'sender' && authorization.has === 'server') {
    const { sender, secrets } = answer
    return { ...authorization, has: 'sender', sender, secrets }
  }
  if (answer.answer === 'redirect' && (authorization.has === 'sender' || authorization.has === 'pushed')) {
    return { ...askingOf(authorization), has: 'code', code: codeIn(answer.url, authorization, wishes) }
  }
  if (answer.answer !== 'response') throw outOfTurn()
  const { response } = answer
  const isCode = authorization.has === 'code'
  if (isCode || (authorization.has === 'sender' && authorization.wanted.by === 'pre-authorized_code')) {
    return { has: 'access', access: accessOf(response, authorization, wishes) }
  }
  if (authorization.has !== 'sender' && authorization.has !== 'pushed') throw outOfTurn()
  const { request_uri, expires_in } = readPushedAuthorizationResponse(answered(response))
  const until = wishes.now + expires_in
  return { ...askingOf(authorization), has: 'pushed', requestUri: request_uri, until }
}

/**
 * To begin with the browser again: a pushed request is good once, and nobody knows whether it was opened. An answer
 * to the one before is taken in all the same.
 */
export function reopened(authorization: Authorization): Authorization {
  return authorization.has === 'pushed' ? { ...askingOf(authorization), has: 'sender' } : authorization
}

function asking(authorization: Asking, wishes: AuthorizationWishes): AuthorizationNeed {
  const { server, sender } = authorization
  const endpoint = authorizationEndpointOf(server)
  const request = requestOf(authorization, wishes)
  const { pushed_authorization_request_endpoint: pushing } = server
  if (pushing !== undefined) {
    return { need: 'signed_answer', to: pushedAuthorizationRequest(pushing, request), sender }
  }
  if (server.require_pushed_authorization_requests === true) {
    throw new HolderError(
      'offer_unsupported',
      'The authorization server demands pushed requests, and takes none',
    )
  }
  return browser(authorizationUrl(endpoint, request), wishes)
}

function requestOf(
  { wanted, sender, secrets }: Asking,
  { challengeOf, ...wishes }: AuthorizationWishes,
): AuthorizationRequest {
  if (wanted.by !== 'authorization_code') throw outOfTurn()
  const { scope, details, resource, issuerState } = wanted
  return {
    response_type: 'code',
    client_id: clientIdOf(sender),
    redirect_uri: redirectUriOf(wishes),
    state: secrets.state,
    code_challenge: challengeOf(secrets.verifier),
    code_challenge_method: CODE_CHALLENGE_METHOD,
    // RFC 9449 §10: whoever intercepts the code has not the key that it is good with.
    ...(sender.dpopJkt === undefined ? {} : { dpop_jkt: sender.dpopJkt }),
    ...(scope === undefined ? {} : { scope }),
    ...(details === undefined ? {} : { authorization_details: details }),
    ...(resource === undefined ? {} : { resource }),
    ...(issuerState === undefined ? {} : { issuer_state: issuerState }),
  }
}

function browser(url: string, wishes: AuthorizationWishes): AuthorizationNeed {
  return { need: 'browser', url, redirectUri: redirectUriOf(wishes) }
}

/**
 * RFC 9207 §2.4: `iss` is compared wherever it is, and must be there where the server says that it sends it. Without
 * it the code of another server could be led to this one, so the wallet wants it from every server (§2.4, RFC 9700
 * §4.4.2) unless it is told otherwise.
 */
function codeIn(url: string, { server, secrets }: Asking, wishes: AuthorizationWishes): string {
  const response = readRedirect(url, {
    redirectUri: redirectUriOf(wishes),
    state: secrets.state,
    issuer: server.issuer,
    requireIss:
      wishes.responseIssuer === 'required' || server.authorization_response_iss_parameter_supported === true,
  })
  if ('code' in response) return response.code
  throw new HolderError(
    'authorization_denied',
    `The authorization server gave no code: it answered "${response.error}"`,
    { peerError: response.error },
  )
}

/** Any page can send a browser to the wallet: what does not know the state ends nothing. */
function readRedirect(url: string, expected: ExpectedResponse): AuthorizationResponse {
  try {
    return readAuthorizationResponse(url, expected)
  } catch (cause) {
    if (!(cause instanceof ProtocolError) || cause.code === 'issuer_mismatch') throw cause
    throw new HolderError(
      'redirect_unusable',
      'Where the browser came back is no answer to what was asked; the issuance still waits for one',
      { cause },
    )
  }
}

function redeeming(authorization: Asking, wishes?: AuthorizationWishes): AuthorizationNeed {
  const { server, sender, wanted, secrets } = authorization
  const named = sender.clientId === undefined ? {} : { client_id: sender.clientId }
  const endpoint = server.token_endpoint
  if (wanted.by === 'pre-authorized_code') {
    const { code, txCode } = wanted
    const to = tokenRequest(endpoint, {
      grant_type: PRE_AUTHORIZED_CODE_GRANT,
      'pre-authorized_code': code,
      ...(txCode === undefined ? {} : { tx_code: txCode }),
      ...named,
    })
    return { need: 'signed_answer', to, sender }
  }
  if (authorization.has !== 'code' || wishes === undefined) throw outOfTurn()
  const to = tokenRequest(endpoint, {
    grant_type: AUTHORIZATION_CODE_GRANT,
    code: authorization.code,
    redirect_uri: redirectUriOf(wishes),
    code_verifier: secrets.verifier,
    ...named,
    ...(wanted.resource === undefined ? {} : { resource: wanted.resource }),
  })
  return { need: 'signed_answer', to, sender }
}

function clientIdOf({ clientId }: Sender): string {
  if (clientId !== undefined) return clientId
  throw new HolderError(
    'offer_unsupported',
    'The authorization server wants to know the wallet by a client identifier, and it has none',
  )
}

function redirectUriOf({ redirectUri }: Pick<AuthorizationWishes, 'redirectUri'>): string {
  if (redirectUri !== undefined) return redirectUri
  throw new HolderError('offer_unsupported', 'This wallet has no address that a browser could come back to')
}

function planOf({ id, credentialIssuer, server, wanted }: Plan): Plan {
  return { id, credentialIssuer, server, wanted }
}

function askingOf({ sender, secrets, ...plan }: Asking): Plan & Pick<Asking, 'sender' | 'secrets'> {
  return { ...planOf(plan), sender, secrets }
}

function outOfTurn(): HolderError {
  return new HolderError('out_of_turn', 'This authorization was given an answer that it had not asked for')
}
