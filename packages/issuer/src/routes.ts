/** Where everything is, relative to the Credential Issuer Identifier. */
import { readIdentifierUrl, wellKnownUrl } from '@facet-id/protocol/url'
import type { WireRequest } from '@facet-id/protocol/wire'
import { waysOf } from './issuance/known-by.ts'
import { defers } from './metadata.ts'
import type { IssuerPorts } from './ports.ts'
import type { IssuerSettings } from './settings.ts'
import type { ErrorsOf } from './wire-errors.ts'

export interface Endpoint {
  readonly method: 'GET' | 'POST'
  readonly name?:
    | 'token'
    | 'nonce'
    | 'credential'
    | 'deferred_credential'
    | 'notification'
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
    [`${identifier}/nonce`, { method: 'POST', name: 'nonce' }],
    [`${identifier}/credential`, { method: 'POST', name: 'credential' }],
  ])
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
      return name === 'token' || name === 'credential' || name === 'notification' ? name : 'other'
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
