/** Which endpoint answers a request. */
import { writeAuthorizationServerMetadataResponse } from '@facet-id/protocol/oauth'
import { CLIENT_ATTESTATION_HEADER } from '@facet-id/protocol/oauth/client-attestation'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { answerAuthorize, answerUser } from '../authorization/endpoints/authorize.ts'
import { answerPushedAuthorization } from '../authorization/endpoints/pushed-authorization.ts'
import { answerRevocation } from '../authorization/endpoints/revocation.ts'
import { IssuerError } from '../error.ts'
import type { Issuing } from '../issuing.ts'
import { authorizationServerMetadata, jwtVcIssuerMetadata, type ServerAbilities } from '../metadata.ts'
import type { IssuerPorts } from '../ports.ts'
import { type Endpoint, pathOf, type Routes } from '../routes.ts'
import { refusalOfMethod } from '../wire-errors.ts'
import { answerChallenge } from './challenge.ts'
import { answerCredential } from './credential.ts'
import { answerDeferredCredential } from './deferred-credential.ts'
import { answerDocument } from './document.ts'
import { answerNonce } from './nonce.ts'
import { answerNotification } from './notification.ts'
import { answerOffer } from './offer.ts'
import { withNextChallenge, withNextNonce } from './sender.ts'
import { answerStatusList } from './status-list.ts'
import { answerToken } from './token.ts'

/** Behind which everything is answered. */
export interface Door {
  readonly issuing: Issuing
  readonly routes: Routes
  /** Documents about types, by their addresses. */
  readonly documents: ReadonlyMap<string, string>
}

/** @throws {IssuerError} `endpoint_unknown`, and those of each endpoint */
export async function answer(
  request: WireRequest,
  { issuing, routes, documents }: Door,
): Promise<WireResponse> {
  const { ports, settings } = issuing
  const url = pathOf(request)
  const statusList = routes.statusList(url)
  const document = documents.get(url)
  const reference = routes.offer(url)
  const isNamed = statusList === undefined && document === undefined && reference === undefined
  const endpoint: Endpoint | undefined = isNamed ? routes.endpoints.get(url) : { method: 'GET' }
  if (endpoint === undefined) throw new IssuerError('endpoint_unknown', 'Nothing answers at this path')
  if (!takes(endpoint, request)) return refusalOfMethod(endpoint.method)
  if (statusList !== undefined) return answerStatusList(statusList, issuing)
  if (document !== undefined) return answerDocument(document)
  if (reference !== undefined) return answerOffer(reference, issuing)
  switch (endpoint.name) {
    case 'token':
      return answerToken(request, issuing)
    case 'pushed':
      return answerPushedAuthorization(request, issuing)
    case 'authorize':
      return answerAuthorize(request, issuing)
    case 'user':
      return answerUser(request, issuing)
    case 'revocation':
      return answerRevocation(request, issuing)
    case 'challenge':
      return answerChallenge(issuing)
    case 'nonce':
      return answerNonce(issuing)
    case 'credential':
      return answerCredential(request, issuing)
    case 'deferred_credential':
      return answerDeferredCredential(request, issuing)
    case 'notification':
      return answerNotification(request, issuing)
    case 'jwt_vc_issuer':
      return answerDocument(jwtVcIssuerMetadata(settings, ports.now()))
    case 'authorization_server':
      // A wallet that reads it asks for a token next: its first proof is not refused for want of a nonce.
      return withNextNonce(
        writeAuthorizationServerMetadataResponse(authorizationServerMetadata(settings, abilitiesOf(ports))),
        issuing,
      )
    default:
      return issuing.metadata.answer(request)
  }
}

function abilitiesOf({ userAuthentication, walletProviderKey }: IssuerPorts): ServerAbilities {
  return { codeFlow: userAuthentication !== undefined, attests: walletProviderKey !== undefined }
}

function takes({ method }: Endpoint, request: WireRequest): boolean {
  return method === 'BROWSER' ? request.method !== 'OPTIONS' : method === request.method
}

/** Whoever proves keys hears what the next proof has to be made with, also where this one was refused. */
export function withNextProofs(
  response: WireResponse,
  { headers }: WireRequest,
  issuing: Issuing,
): WireResponse {
  const nonced = headers.dpop === undefined ? response : withNextNonce(response, issuing)
  return headers[CLIENT_ATTESTATION_HEADER] === undefined ? nonced : withNextChallenge(nonced, issuing)
}
