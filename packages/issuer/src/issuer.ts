/**
 * The issuer: one `handle` for everything that wallets and verifiers send, and what its operator
 * does (make offers, look at issuances, revoke).
 */

import { writeAuthorizationServerMetadataResponse } from '@facet-id/protocol/oauth'
import { writeCredentialIssuerMetadataResponse } from '@facet-id/protocol/openid4vci'
import { readIdentifierUrl, wellKnownUrl } from '@facet-id/protocol/url'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { answerCredential } from './endpoints/credential.ts'
import { answerNonce } from './endpoints/nonce.ts'
import { answerStatusList, publish } from './endpoints/status-list.ts'
import { answerToken } from './endpoints/token.ts'
import { IssuerError } from './error.ts'
import { findIssuance, type IssuanceRecord, listIssuances, recordRevoked } from './issuance-store.ts'
import { authorizationServerMetadata, credentialIssuerMetadata } from './metadata.ts'
import { keepOffer } from './offer-store.ts'
import { type MadeOffer, makeOffer, type OfferRequest } from './offering.ts'
import type { IssuerPorts } from './ports.ts'
import { checkClaims, checkSettings, configurationOf, type IssuerSettings } from './settings.ts'
import { listsOpen, revokeEntry } from './status-store.ts'
import { type ErrorsOf, refusal } from './wire-errors.ts'

export interface Issuer {
  /** Answers anything; never rejects. */
  handle(request: WireRequest): Promise<WireResponse>
  /**
   * Makes an offer for one person.
   *
   * @throws {IssuerError} `configuration_unknown`, `claims_do_not_fit`
   */
  offer(request: OfferRequest): Promise<MadeOffer>
  /**
   * Revokes every copy of one issuance and publishes the lists they stand in. Doing it again
   * changes nothing.
   *
   * @throws {IssuerError} `issuance_unknown`
   */
  revoke(issuanceId: string): Promise<{ readonly copies: number; readonly revokedAt: number }>
  /** Signs and publishes every status list anew; yields how many there are. */
  publishStatusLists(): Promise<number>
  /** What was issued, without who it was issued to. */
  issuances(): AsyncIterable<IssuanceRecord>
}

/** @throws {IssuerError} `settings_invalid` */
export function createIssuer(ports: IssuerPorts, given: IssuerSettings): Issuer {
  const issuing = { ports, settings: checkSettings(given) }
  const { settings } = issuing
  const routes = routesOf(settings)

  async function answer(request: WireRequest): Promise<WireResponse> {
    const url = pathOf(request)
    const statusList = routes.statusList(url)
    const endpoint: Endpoint | undefined =
      statusList === undefined ? routes.endpoints.get(url) : { method: 'GET' }
    if (endpoint === undefined) throw new IssuerError('endpoint_unknown', 'Nothing answers at this path')
    if (endpoint.method !== request.method)
      throw new IssuerError('method_not_allowed', `Use ${endpoint.method} here`)
    if (statusList !== undefined) return answerStatusList(statusList, issuing)
    switch (endpoint.name) {
      case 'token':
        return answerToken(request, issuing)
      case 'nonce':
        return answerNonce(issuing)
      case 'credential':
        return answerCredential(request, issuing)
      case 'authorization_server':
        return writeAuthorizationServerMetadataResponse(authorizationServerMetadata(settings))
      default:
        return writeCredentialIssuerMetadataResponse(credentialIssuerMetadata(settings))
    }
  }

  return {
    handle: (request) =>
      answer(request).catch((error: unknown) => refusal(error, routes.errorsOf(pathOf(request)))),

    async offer(request) {
      checkClaims(request.claims, configurationOf(settings, request.configurationId))
      const { made, key, record } = makeOffer(request, { ...ports, settings, now: ports.now() })
      const kept = await ports.store.commit([keepOffer(key, record)])
      if (!kept.ok) throw new IssuerError('state_contended', 'The offer could not be kept; make another')
      return made
    },

    async revoke(issuanceId) {
      const issued = await findIssuance(ports.store, issuanceId)
      if (issued === undefined) throw new IssuerError('issuance_unknown', 'Nothing was issued under that id')
      const revokedAt = issued.revokedAt ?? ports.now()
      await ports.store.commit([...issued.entries.map(revokeEntry), recordRevoked(issued, revokedAt)])
      for (const list of new Set(issued.entries.map(({ list }) => list))) await publish(list, issuing)
      return { copies: issued.entries.length, revokedAt }
    },

    async publishStatusLists() {
      let lists = 0
      for await (const list of listsOpen(ports.store)) {
        await publish(list, issuing)
        lists++
      }
      return lists
    },

    issuances: () => listIssuances(ports.store),
  }
}

interface Endpoint {
  readonly method: 'GET' | 'POST'
  readonly name?: 'token' | 'nonce' | 'credential' | 'authorization_server' | 'credential_issuer'
}

/** The URL without its query. */
function pathOf({ url }: WireRequest): string {
  return url.split('?', 1)[0] ?? url
}

interface Routes {
  readonly endpoints: ReadonlyMap<string, Endpoint>
  /** The number of the list that a URL names. */
  statusList(url: string): number | undefined
  errorsOf(url: string): ErrorsOf
}

function routesOf({ credential_issuer: identifier, scheme }: IssuerSettings): Routes {
  const url = readIdentifierUrl(identifier, scheme)
  const lists = `${identifier}/status-lists/`
  const endpoints = new Map<string, Endpoint>([
    [wellKnownUrl(url, 'openid-credential-issuer'), { method: 'GET', name: 'credential_issuer' }],
    [wellKnownUrl(url, 'oauth-authorization-server'), { method: 'GET', name: 'authorization_server' }],
    [`${identifier}/token`, { method: 'POST', name: 'token' }],
    [`${identifier}/nonce`, { method: 'POST', name: 'nonce' }],
    [`${identifier}/credential`, { method: 'POST', name: 'credential' }],
  ])
  return {
    endpoints,
    errorsOf(asked) {
      const name = endpoints.get(asked)?.name
      return name === 'token' || name === 'credential' ? name : 'other'
    },
    statusList(asked) {
      const number = asked.startsWith(lists) ? asked.slice(lists.length) : ''
      return /^(0|[1-9][0-9]{0,8})$/.test(number) ? Number(number) : undefined
    },
  }
}
