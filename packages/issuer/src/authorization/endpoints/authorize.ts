/**
 * Authorization endpoint: a browser brings a request, the person is asked, and the browser goes back to the wallet.
 * RFC 6749 §4.1, RFC 9126 §4, RFC 9207, RFC 9700 §2.1, OpenID4VCI 1.0 §5.
 *
 * As long as the address to go back to is not known to be the wallet's, what is wrong is shown and sent nowhere.
 */
import { writeBase64url } from '@facet-id/credential/base64url'
import type { MaybePromise } from '@facet-id/credential/jose'
import { readForm } from '@facet-id/protocol/form'
import {
  type AuthorizationRequest,
  type FrontChannelRequest,
  REQUEST_URI_PREFIX,
  readAuthorizationRequest,
  readFrontChannelRequest,
  writeAuthorizationResponse,
} from '@facet-id/protocol/oauth/authorization'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { IssuerError } from '../../error.ts'
import type { Issuing } from '../../issuing.ts'
import { report } from '../../report.ts'
import { authorizationErrorOf } from '../../wire-errors.ts'
import { answeredPage, comesFromElsewhere, flowSecretIn, page, sentOn, withFlowCookie } from '../browser.ts'
import { publicClient, redirectUriOf } from '../client.ts'
import { checkChallenged } from '../code-challenge.ts'
import { agreedTo, askedOf } from '../flow/asking.ts'
import { keepCode } from '../flow/code-store.ts'
import {
  advanceFlow,
  endedIn,
  type FlowRecord,
  findFlow,
  keepFlow,
  rememberEnded,
  type StandingFlow,
  takeFlow,
} from '../flow/flow-store.ts'
import { findInvitation } from '../flow/invitation-store.ts'
import { type CheckedRequest, findPushed, takePushed } from '../flow/pushed-store.ts'
import { longestTokenLifetime } from '../minting.ts'
import type { UserAgreed, UserAuthentication, UserStep } from '../user-authentication.ts'
import { wantedOf } from '../wanted.ts'

/**
 * @throws {IssuerError} `pushed_request_required`, `request_uri_unusable`, `client_unknown`, `redirect_uri_refused`:
 * shown to the person; anything else goes to the wallet
 */
export async function answerAuthorize(request: WireRequest, issuing: Issuing): Promise<WireResponse> {
  const front = readFrontChannelRequest(request)
  if (front.by === 'value') return answerByValue(front.parameters, issuing)
  const { ports } = issuing
  const key = pushedKey(front, issuing)
  const pushed = await findPushed(ports.store, key)
  // RFC 9126 §2.2: bound to the client that pushed it.
  if (pushed === undefined || pushed.client.clientId !== front.client_id) throw requestUriUnusable()
  const { expiresAt: _, ...checked } = pushed
  return backWith(checked, issuing, () => beginFlow(checked, key, issuing))
}

/** The browser comes back from a page or from another site. @throws {IssuerError} `flow_unknown` */
export async function answerUser(request: WireRequest, issuing: Issuing): Promise<WireResponse> {
  const { ports, settings } = issuing
  const flow = flowIn(request)
  const secret = flow === undefined ? undefined : flowSecretIn(request, flow, settings.scheme)
  if (
    flow === undefined ||
    secret === undefined ||
    comesFromElsewhere(request, originOf(settings.credential_issuer))
  ) {
    throw flowUnknown()
  }
  const key = ports.hash('sha-256', flow)
  const browserKey = ports.hash('sha-256', secret)
  const standing = await findFlow(ports.store, key)
  if (standing === undefined && (await endedIn(ports.store, key)) === browserKey) return answeredPage()
  if (standing?.record.browserKey !== browserKey) throw flowUnknown()
  return backWith(standing.record, issuing, async () => {
    const asked = askedOf(flow, standing.record, settings)
    const came = { request, state: standing.record.state }
    const step = await stepOf(issuing, (persons) => persons.answer(asked, came))
    return goOn(step, standing, issuing)
  })
}

async function answerByValue(
  parameters: Extract<FrontChannelRequest, { by: 'value' }>['parameters'],
  issuing: Issuing,
): Promise<WireResponse> {
  const { settings } = issuing
  if (settings.authorization.pushedRequests === 'required') {
    throw new IssuerError(
      'pushed_request_required',
      'Push the authorization request first, and bring its request_uri',
    )
  }
  const client = publicClient(parameters.client_id, settings.authorization)
  const { redirect_uri, state } = parameters
  const redirectUri = redirectUriOf(redirect_uri === undefined ? {} : { redirect_uri }, client)
  const back = { redirectUri, request: state === undefined ? {} : { state } }
  return backWith(back, issuing, async () => {
    const { clientId, provenBy } = client
    const request = readAuthorizationRequest(parameters)
    return beginFlow({ request, client: { clientId, provenBy }, redirectUri }, undefined, issuing)
  })
}

async function beginFlow(
  checked: CheckedRequest,
  pushed: string | undefined,
  issuing: Issuing,
): Promise<WireResponse> {
  const { ports, settings } = issuing
  const { flowLifetime } = settings.authorization
  const { request } = checked
  checkChallenged(request.code_challenge)
  const invitation = await invitationFor(request, issuing)
  const [flow, secret] = [writeBase64url(ports.random(32)), writeBase64url(ports.random(32))]
  const fresh: FlowRecord = {
    ...checked,
    ...(invitation === undefined ? {} : { invitation }),
    wanted: wantedOf(request, settings),
    browserKey: ports.hash('sha-256', secret),
    state: {},
    expiresAt: ports.now() + flowLifetime,
  }
  const asked = askedOf(flow, fresh, settings)
  const step = await stepOf(issuing, (persons) => persons.begin(asked))
  if (step.next === 'refuse' || step.next === 'agreed') throw denied()
  const kept = await ports.store.commit([
    ...(pushed === undefined ? [] : [takePushed(pushed)]),
    keepFlow(ports.hash('sha-256', flow), { ...fresh, state: step.state ?? {} }),
  ])
  if (!kept.ok) throw requestUriUnusable()
  return withFlowCookie(shown(step), { flow, secret, lifetime: flowLifetime, scheme: settings.scheme })
}

async function goOn(step: UserStep, standing: StandingFlow, issuing: Issuing): Promise<WireResponse> {
  const { store } = issuing.ports
  if (step.next === 'refuse') {
    await store.commit([takeFlow(standing)])
    throw denied()
  }
  if (step.next === 'agreed') return agreed(step, standing, issuing)
  const kept = await store.commit([advanceFlow(standing, step.state ?? standing.record.state)])
  if (!kept.ok) return answeredPage()
  return shown(step)
}

async function agreed(step: UserAgreed, standing: StandingFlow, issuing: Issuing): Promise<WireResponse> {
  const { ports, settings } = issuing
  const { record } = standing
  const now = ports.now()
  const code = writeBase64url(ports.random(32))
  const { request, redirectUri } = record
  const { refreshLifetime, codeLifetime } = settings.authorization
  const grant = {
    grantId: writeBase64url(ports.random(16)),
    clientId: record.client.clientId,
    ...(record.client.instanceKey === undefined ? {} : { instanceKey: record.client.instanceKey }),
    subject: step.subject,
    allowed: agreedTo(step, record, () => writeBase64url(ports.random(16))),
    generation: 1,
    openedAt: now,
    expiresAt: now + Math.max(refreshLifetime, longestTokenLifetime(settings) + codeLifetime),
  }
  const kept = await ports.store.commit([
    takeFlow(standing),
    rememberEnded(standing),
    keepCode(ports.hash('sha-256', code), {
      grant,
      expiresAt: now + codeLifetime,
      ...(request.redirect_uri === undefined ? {} : { redirectUri }),
      ...(request.code_challenge === undefined ? {} : { codeChallenge: request.code_challenge }),
      ...(request.dpop_jkt === undefined ? {} : { dpopJkt: request.dpop_jkt }),
    }),
  ])
  if (!kept.ok) return answeredPage()
  const { state } = request
  const iss = settings.credential_issuer
  return apart(
    writeAuthorizationResponse(redirectUri, { code, ...(state === undefined ? {} : { state }), iss }),
  )
}

/** OpenID4VCI §5.1.3: it says what was offered, and nothing about who has it. */
async function invitationFor(
  { issuer_state }: AuthorizationRequest,
  { ports }: Issuing,
): Promise<FlowRecord['invitation']> {
  if (issuer_state === undefined) return undefined
  const invitation = await findInvitation(ports.store, ports.hash('sha-256', issuer_state))
  if (invitation === undefined) {
    throw new IssuerError('issuer_state_unknown', 'The issuer_state is not of an offer that stands here')
  }
  return invitation
}

/** What goes wrong from here on is the wallet's to know. */
async function backWith(
  { redirectUri, request }: { redirectUri: string; request: Pick<AuthorizationRequest, 'state'> },
  { settings, ports }: Issuing,
  act: () => Promise<WireResponse>,
): Promise<WireResponse> {
  try {
    return await act()
  } catch (error) {
    const refused = authorizationErrorOf(error)
    if (refused === undefined) throw error
    if (refused.error === 'server_error') report(error, ports)
    const { state } = request
    const iss = settings.credential_issuer
    return apart(
      writeAuthorizationResponse(redirectUri, { ...refused, ...(state === undefined ? {} : { state }), iss }),
    )
  }
}

/** RFC 9126 §4, attack by parameters beside: nothing but the name and the client counts, so nothing else may come. */
function pushedKey(
  { request_uri, alone }: Extract<FrontChannelRequest, { by: 'reference' }>,
  { ports }: Issuing,
): string {
  if (!alone || !request_uri.startsWith(REQUEST_URI_PREFIX)) throw requestUriUnusable()
  return ports.hash('sha-256', request_uri.slice(REQUEST_URI_PREFIX.length))
}

function flowIn({ method, url, body = '' }: WireRequest): string | undefined {
  const query = readForm(url.split('?').slice(1).join('?'))
  const form = method === 'POST' ? readForm(body) : {}
  return form.flow ?? query.flow ?? query.state
}

function shown(step: Extract<UserStep, { next: 'page' | 'redirect' }>): WireResponse {
  return step.next === 'redirect' ? sentOn(step.url) : page(step.html, step.contentSecurityPolicy)
}

/** Whatever the port throws is the operator's trouble, and none that the wallet could mend. */
async function stepOf(
  { ports }: Issuing,
  ask: (persons: UserAuthentication) => MaybePromise<UserStep>,
): Promise<UserStep> {
  if (ports.userAuthentication === undefined) {
    throw new IssuerError('endpoint_unknown', 'Nothing answers at this path')
  }
  try {
    return await ask(ports.userAuthentication)
  } catch (cause) {
    throw new IssuerError('user_authentication_failed', 'The user authentication did not answer', { cause })
  }
}

function apart(response: WireResponse): WireResponse {
  return { ...response, headers: { ...sentOn('').headers, ...response.headers } }
}

function originOf(identifier: string): string {
  return identifier.split('/', 3).join('/')
}

function flowUnknown(): IssuerError {
  return new IssuerError('flow_unknown', 'This browser is in the middle of nothing here, or took too long')
}

function denied(): IssuerError {
  return new IssuerError('access_denied', 'The person did not agree, or could not be found')
}

function requestUriUnusable(): IssuerError {
  return new IssuerError(
    'request_uri_unusable',
    'The request_uri is unknown, expired, used, or of another client, or something was sent beside it',
  )
}
