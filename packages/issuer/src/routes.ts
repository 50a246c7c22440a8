/** Where everything is, relative to the Credential Issuer Identifier. */
import { readIdentifierUrl, wellKnownUrl } from '@facet-id/protocol/url'
import type { WireRequest } from '@facet-id/protocol/wire'
import { ANSWER_PATH } from './authorization/flow/asking.ts'
import { waysOf } from './issuance/known-by.ts'
import { defers } from './metadata.ts'
import type { IssuerPorts } from './ports.ts'
import type { IssuerSettings } from './settings.ts'
import type { ErrorsOf } from './wire-errors.ts'

export interface Endpoint {
  /** `BROWSER`: a browser comes with GET, and with POST where it brings a form. */
  readonly method: 'GET' | 'POST' | 'BROWSER'
  readonly name?:
    | 'token'
    | 'nonce'
    | 'credential'
    | 'deferred_credential'
    | 'notification'
    | 'authorize'
    | 'user'
    | 'pushed'
    | 'revocation'
    | 'challenge'
    | 'authorization_server'
    | 'credential_issuer'
    | 'jwt_vc_issuer'
}

/** The URL without its query. */
export function pathOf({ url }: WireRequest): string {
  return url.split('?', 1)[0] ?? url
}

export interface Routes {
  readonly endpoints: ReadonlyMap<string, Endpoint>
  /** What of an offer by reference a URL names. */
  offer(url: string): string | undefined
  /** The number of the list that a URL names. */
  statusList(url: string): number | undefined
  errorsOf(url: string): ErrorsOf
}

export function routesOf(settings: IssuerSettings, ports: IssuerPorts): Routes {
  const { credential_issuer: identifier, scheme } = settings
  const url = readIdentifierUrl(identifier, scheme)
  const offers = `${identifier}/offers/`
  const lists = `${identifier}/status-lists/`
  const endpoints = new Map<string, Endpoint>([
    [wellKnownUrl(url, 'openid-credential-issuer'), { method: 'GET', name: 'credential_issuer' }],
    [wellKnownUrl(url, 'oauth-authorization-server'), { method: 'GET', name: 'authorization_server' }],
    [`${identifier}/token`, { method: 'POST', name: 'token' }],
    [`${identifier}/challenge`, { method: 'POST', name: 'challenge' }],
    [`${identifier}/revoke`, { method: 'POST', name: 'revocation' }],
    [`${identifier}/nonce`, { method: 'POST', name: 'nonce' }],
    [`${identifier}/credential`, { method: 'POST', name: 'credential' }],
  ])
  if (ports.userAuthentication !== undefined) {
    endpoints.set(`${identifier}/par`, { method: 'POST', name: 'pushed' })
    endpoints.set(`${identifier}/authorize`, { method: 'GET', name: 'authorize' })
    endpoints.set(`${identifier}${ANSWER_PATH}`, { method: 'BROWSER', name: 'user' })
  }
  if (waysOf(settings).some(({ by }) => by === 'jwt_vc_issuer')) {
    endpoints.set(wellKnownUrl(url, 'jwt-vc-issuer'), { method: 'GET', name: 'jwt_vc_issuer' })
  }
  if (defers(settings, ports)) {
    endpoints.set(`${identifier}/deferred-credential`, { method: 'POST', name: 'deferred_credential' })
  }
  if (settings.notifications) {
    endpoints.set(`${identifier}/notification`, { method: 'POST', name: 'notification' })
  }
  return {
    endpoints,
    errorsOf(asked) {
      const name = endpoints.get(asked)?.name
      if (name === 'deferred_credential') return 'credential'
      if (name === 'user') return 'authorize'
      return name !== undefined && isOwn(name) ? name : 'other'
    },
    offer(asked) {
      const reference = asked.startsWith(offers) ? asked.slice(offers.length) : ''
      return /^[A-Za-z0-9_-]{43}$/.test(reference) ? reference : undefined
    },
    statusList(asked) {
      const number = asked.startsWith(lists) ? asked.slice(lists.length) : ''
      return /^(0|[1-9][0-9]{0,8})$/.test(number) ? Number(number) : undefined
    },
  }
}

/** Endpoints whose errors have names of their own. */
function isOwn(name: string): name is Exclude<ErrorsOf, 'other'> {
  return own.includes(name)
}

const own: readonly string[] = ['token', 'pushed', 'authorize', 'credential', 'notification']
