/** Where everything is, relative to the Credential Issuer Identifier. */
import { readIdentifierUrl, wellKnownUrl } from '@facet-id/protocol/url'
import type { WireRequest } from '@facet-id/protocol/wire'
import { ANSWER_PATH } from './authorization/flow/asking.ts'
import type { IssuerSettings } from './settings.ts'
import type { ErrorsOf } from './wire-errors.ts'

export interface Endpoint {
  /** `BROWSER`: a browser comes with GET, and with POST where it brings a form. */
  readonly method: 'GET' | 'POST' | 'BROWSER'
  readonly name?:
    | 'token'
    | 'nonce'
    | 'credential'
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
  /** The number of the list that a URL names. */
  statusList(url: string): number | undefined
  errorsOf(url: string): ErrorsOf
}

/** @param codeFlow whether persons are asked */
export function routesOf(
  { credential_issuer: identifier, scheme, knownBy }: IssuerSettings,
  codeFlow: boolean,
): Routes {
  const url = readIdentifierUrl(identifier, scheme)
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
  if (codeFlow) {
    endpoints.set(`${identifier}/par`, { method: 'POST', name: 'pushed' })
    endpoints.set(`${identifier}/authorize`, { method: 'GET', name: 'authorize' })
    endpoints.set(`${identifier}${ANSWER_PATH}`, { method: 'BROWSER', name: 'user' })
  }
  if (knownBy.by === 'jwt_vc_issuer') {
    endpoints.set(wellKnownUrl(url, 'jwt-vc-issuer'), { method: 'GET', name: 'jwt_vc_issuer' })
  }
  return {
    endpoints,
    errorsOf(asked) {
      const name = endpoints.get(asked)?.name
      if (name === 'user') return 'authorize'
      return name === 'token' || name === 'credential' || name === 'pushed' || name === 'authorize'
        ? name
        : 'other'
    },
    statusList(asked) {
      const number = asked.startsWith(lists) ? asked.slice(lists.length) : ''
      return /^(0|[1-9][0-9]{0,8})$/.test(number) ? Number(number) : undefined
    },
  }
}
