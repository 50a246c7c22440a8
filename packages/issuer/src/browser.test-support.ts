/**
 * For tests of the issuer: a person with a browser, a user authentication that asks them, and a wallet that sends
 * them there.
 */
import {
  AUTHORIZATION_CODE_GRANT,
  type AuthorizationCodeTokenRequest,
  readTokenResponse,
  type TokenResponse,
  tokenRequest,
} from '@facet-id/protocol/oauth'
import {
  type AuthorizationRequest,
  type AuthorizationResponse,
  authorizationUrl,
  codeChallengeOf,
  pushedAuthorizationRequest,
  readAuthorizationResponse,
  readPushedAuthorizationResponse,
} from '@facet-id/protocol/oauth/authorization'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { hash } from '@facet-id/testkit'
import { type AuthorizationSettings, defaultAuthorization } from './authorization/authorization-settings.ts'
import type { UserAuthentication } from './authorization/user-authentication.ts'
import { TOKEN } from './wallet.test-support.ts'
import { type Changes, ISSUER, specimen, type World, world } from './world.test-support.ts'

export const PAR = `${ISSUER}/par`
export const AUTHORIZE = `${ISSUER}/authorize`
export const ANSWER = `${ISSUER}/authorize/answer`
export const WALLET = 'wallet'
export const REDIRECT = 'https://wallet.example/cb'
export const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'

/** A page with one form; who posts it is the person whose name is in it, and `no` refuses. */
export const onePage: UserAuthentication = {
  begin: ({ flow, answerUrl, configurationIds }) => ({
    next: 'page',
    html: `<form method="post" action="${answerUrl}"><input name="flow" value="${flow}">${configurationIds.join()}</form>`,
    state: { asked: 1 },
  }),
  answer: ({ configurationIds }, { request, state }) => {
    const form = new URLSearchParams(request.body)
    if (form.get('again') !== null)
      return { next: 'page', html: 'again', state: { asked: Number(state.asked) + 1 } }
    if (form.get('answer') === 'no') return { next: 'refuse' }
    const agreed = form.get('agreed')?.split(',') ?? configurationIds
    return {
      next: 'agreed',
      subject: form.get('subject') ?? 'anna',
      configurationIds: agreed,
      claims: Object.fromEntries(agreed.map((id) => [id, specimen])),
    }
  },
}

/** An issuer with an authorization code flow, and a wallet that it knows. */
export function askingWorld(
  authorization: Partial<AuthorizationSettings> = {},
  changes: Changes = {},
): World {
  return world({
    ...changes,
    settings: {
      ...changes.settings,
      authorization: {
        ...defaultAuthorization,
        clients: { [WALLET]: { name: 'Wallet', redirectUris: [REDIRECT] } },
        ...authorization,
      },
    },
    ports: { userAuthentication: onePage, ...changes.ports },
  })
}

export const asking: AuthorizationRequest = {
  response_type: 'code',
  client_id: WALLET,
  redirect_uri: REDIRECT,
  scope: 'person',
  state: 'xyz',
  code_challenge: codeChallengeOf(VERIFIER, hash),
  code_challenge_method: 'S256',
}

export async function push(here: World, changes: Partial<AuthorizationRequest> = {}): Promise<string> {
  const response = await here.send(pushedAuthorizationRequest(PAR, { ...asking, ...changes }))
  return readPushedAuthorizationResponse(response).request_uri
}

/** One browser: it keeps cookies, and opens what it is told to. */
export interface Browser {
  open(url: string): Promise<WireResponse>
  post(url: string, form: Readonly<Record<string, string>>): Promise<WireResponse>
  readonly cookies: Map<string, string>
}

export function browserOf(here: World): Browser {
  const cookies = new Map<string, string>()
  async function send(request: WireRequest): Promise<WireResponse> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await here.send({
      ...request,
      headers: { ...request.headers, ...(cookie === '' ? {} : { cookie }) },
    })
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(response.headers['set-cookie'] ?? '') ?? []
    if (name !== undefined && value !== undefined) cookies.set(name, value)
    return response
  }
  return {
    cookies,
    open: (url) => send({ method: 'GET', url, headers: {} }),
    post: (url, form) =>
      send({
        method: 'POST',
        url,
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://issuer.example' },
        body: new URLSearchParams(form).toString(),
      }),
  }
}

export function authorizing(request_uri: string, client_id: string = WALLET): string {
  return authorizationUrl(AUTHORIZE, { client_id, request_uri })
}

export function flowIn(response: WireResponse): string {
  return /name="flow" value="([^"]+)"/.exec(response.body)?.[1] ?? ''
}

/** Where the browser is sent, as the wallet reads it. */
export function arrived({ headers }: WireResponse, state = 'xyz'): AuthorizationResponse {
  return readAuthorizationResponse(headers.location ?? '', {
    redirectUri: REDIRECT,
    state,
    issuer: ISSUER,
    requireIss: true,
  })
}

/** From a pushed request to a code, with a person who agrees. */
export async function codeFrom(
  here: World,
  changes: Partial<AuthorizationRequest> = {},
  answer: Readonly<Record<string, string>> = {},
): Promise<string> {
  const browser = browserOf(here)
  const shown = await browser.open(authorizing(await push(here, changes), changes.client_id))
  const response = arrived(await browser.post(ANSWER, { flow: flowIn(shown), ...answer }))
  if (!('code' in response)) throw new Error(`there is no code: ${response.error}`)
  return response.code
}

export function redeeming(code: string, changes: Partial<AuthorizationCodeTokenRequest> = {}): WireRequest {
  return tokenRequest(TOKEN, {
    grant_type: AUTHORIZATION_CODE_GRANT,
    code,
    redirect_uri: REDIRECT,
    code_verifier: VERIFIER,
    client_id: WALLET,
    ...changes,
  })
}

export async function grantedBy(
  here: World,
  changes: Partial<AuthorizationRequest> = {},
): Promise<TokenResponse> {
  return readTokenResponse(await here.send(redeeming(await codeFrom(here, changes))))
}
