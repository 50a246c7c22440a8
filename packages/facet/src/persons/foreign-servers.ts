/**
 * Other authorization servers, that the operator names: where their keys are, and how they are asked about tokens.
 * RFC 8414, RFC 7662.
 */
import type { IssuerPorts } from '@facet-id/issuer'
import {
  type AuthorizationServerMetadata,
  readAuthorizationServerMetadataResponse,
} from '@facet-id/protocol/oauth'
import { introspectionRequest, readIntrospectionResponse } from '@facet-id/protocol/oauth/authorization'
import { basicAuthorization } from '@facet-id/protocol/openid-connect'
import { readIdentifierUrl, type Scheme, wellKnownUrl } from '@facet-id/protocol/url'
import type { Transport } from '@facet-id/protocol/wire'
import { createServerKeys } from '@facet-id/resolve'
import { FacetError } from '../error.ts'
import { verifiedRsaPayload } from './rsa-tokens.ts'
import { createUnknownTokens, type UnknownTokens } from './unknown-tokens.ts'

export interface ForeignServersOptions {
  /** It follows no redirect. */
  readonly transport: Transport
  /** Seconds since the epoch. */
  readonly now: () => number
  /** `https` when absent. */
  readonly scheme?: Scheme
  /** By server: as whom it knows this issuer. One that is not here is not asked about tokens. */
  readonly clients?: Readonly<Record<string, { readonly id: string; readonly secret: string }>>
  /** Of tokens that a server never called active, about how many it is asked in a minute; 600 when absent. */
  readonly unknownPerMinute?: number
}

/** The ports of an issuer for the servers that its settings name. */
export function foreignServers(
  options: ForeignServersOptions,
): Required<Pick<IssuerPorts, 'serverKey' | 'verifyServerToken' | 'introspect'>> {
  const { transport, now, scheme = 'https', clients = {}, unknownPerMinute = 600 } = options
  const servers = createServerKeys<AuthorizationServerMetadata>(
    {
      urlOf: (issuer) => wellKnownUrl(readIdentifierUrl(issuer, scheme), 'oauth-authorization-server'),
      read: (body, issuer) =>
        readAuthorizationServerMetadataResponse(
          { status: 200, headers: { 'content-type': 'application/json' }, body },
          issuer,
          scheme,
        ),
    },
    { transport, now },
  )
  const unknown = new Map<string, UnknownTokens>()
  const unknownOf = (issuer: string): UnknownTokens => {
    const known = unknown.get(issuer) ?? createUnknownTokens(now, unknownPerMinute)
    unknown.set(issuer, known)
    return known
  }
  return {
    serverKey: (question) => servers.keyOf(question),

    verifyServerToken: ({ issuer, token }) =>
      verifiedRsaPayload({ issuer, token, typ: 'at+jwt', now: now() }, servers),

    async introspect({ issuer, token }) {
      const found = await servers.metadataOf(issuer)
      const endpoint = 'document' in found ? found.document.introspection_endpoint : undefined
      const client = Object.hasOwn(clients, issuer) ? clients[issuer] : undefined
      if (endpoint === undefined || client === undefined) {
        throw new FacetError('server_not_asked', 'The authorization server cannot be asked about tokens')
      }
      const tokens = unknownOf(issuer)
      if (tokens.isRefused(token)) return { active: false }
      if (!tokens.mayAsk(token)) {
        throw new FacetError('server_not_asked', 'Too many unknown tokens came in this minute')
      }
      const request = introspectionRequest(endpoint, { token, token_type_hint: 'access_token' })
      const authorization = basicAuthorization(client.id, client.secret)
      const response = await transport.send({ ...request, headers: { ...request.headers, authorization } })
      const said = readIntrospectionResponse(response)
      tokens.heard(token, said.active)
      return said
    },
  }
}
