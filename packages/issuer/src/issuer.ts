/**
 * The issuer: one `handle` for everything that wallets and verifiers send, and what its operator
 * does (make offers, look at issuances, revoke).
 */

import { writeAuthorizationServerMetadataResponse } from '@facet-id/protocol/oauth'
import { writeCredentialIssuerMetadataResponse } from '@facet-id/protocol/openid4vci'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { answerCredential } from './endpoints/credential.ts'
import { answerDocument } from './endpoints/document.ts'
import { answerNonce } from './endpoints/nonce.ts'
import { createPublisher } from './endpoints/publishing.ts'
import { createReadingBack } from './endpoints/reading-back.ts'
import { answerStatusList } from './endpoints/status-list.ts'
import { answerToken } from './endpoints/token.ts'
import { createTurns } from './endpoints/turns.ts'
import { IssuerError } from './error.ts'
import { readOwnTypes } from './issuance/credential-types.ts'
import { draftingOf } from './issuance/issuance.ts'
import { type IssuanceRecord, listIssuances } from './issuance/issuance-store.ts'
import { listStopped, resumeConfiguration, type StoppedConfiguration } from './issuance/stopped-store.ts'
import type { Issuing } from './issuing.ts'
import { offer } from './journeys/offer.ts'
import { type Revoked, revoke } from './journeys/revoke.ts'
import {
  authorizationServerMetadata,
  checkMetadata,
  credentialIssuerMetadata,
  jwtVcIssuerMetadata,
  publishedTypes,
} from './metadata.ts'
import type { MadeOffer, OfferRequest } from './offer/offering.ts'
import { rehearse } from './offer/rehearsal.ts'
import type { IssuerPorts } from './ports.ts'
import { type Endpoint, pathOf, type Routes, routesOf } from './routes.ts'
import { checkSettings, configurationOf, type IssuerSettings } from './settings.ts'
import { createAllotment } from './status/allotment-store.ts'
import { listsOpen } from './status/status-store.ts'
import { refusal, refusalOfMethod } from './wire-errors.ts'

export interface Issuer {
  /** Answers anything; never rejects. */
  handle(request: WireRequest): Promise<WireResponse>
  /**
   * Makes an offer for one person.
   *
   * @throws {IssuerError} `configuration_unknown`, `claims_do_not_fit`, `settings_invalid` for a length of
   * the transaction code, `state_contended`; `configuration_stopped` until it is resumed
   */
  offer(request: OfferRequest): Promise<MadeOffer>
  /**
   * Revokes every copy of one issuance and publishes the lists they stand in; doing it again changes
   * nothing. An offer that no wallet has redeemed to its end is withdrawn.
   *
   * @throws {IssuerError} `issuance_unknown`; `state_contended`: the revocation stands and its
   * publication does not, do it again
   */
  revoke(issuanceId: string): Promise<Revoked>
  /** Signs and publishes every status list anew; yields how many there are. */
  publishStatusLists(): Promise<number>
  /** What was issued, without who it was issued to. */
  issuances(): AsyncIterable<IssuanceRecord>
  /** The names of all that it issues. */
  readonly configurationIds: readonly string[]
  /** Configurations of which nothing is issued, because a second engine disagreed. */
  stopped(): Promise<readonly StoppedConfiguration[]>
  /**
   * Issues that configuration again; the second engine reads its next credential first. One that is not
   * stopped stays as it is.
   *
   * @throws {IssuerError} `configuration_unknown`
   */
  resume(configurationId: string): Promise<void>
}

/** @throws {IssuerError} `settings_invalid` */
export function createIssuer(ports: IssuerPorts, given: IssuerSettings): Issuer {
  const settings = checkSettings(given)
  checkMetadata(settings, ports.signer.alg)
  checkKey(settings, ports)
  const publisher = createPublisher(ports, settings)
  const types = readOwnTypes(settings, ports.hash)
  const issuing = {
    ports,
    settings,
    types,
    publisher,
    turns: createTurns(),
    readingBack: createReadingBack(ports, settings),
    allotment: createAllotment(ports.store, ports.mac),
  }
  const routes = routesOf(settings)
  const documents = publishedTypes(settings, types)

  return {
    handle: (request) =>
      answer(request, { issuing, routes, documents }).catch((error: unknown) => {
        const response = refusal(error, routes.errorsOf(pathOf(request)))
        if (response.status >= 500 && !isKnownStop(error)) report(error, ports)
        return response
      }),

    offer: (request) => offer(request, issuing),

    revoke: (issuanceId) => revoke(issuanceId, issuing),

    async publishStatusLists() {
      let lists = 0
      for await (const list of listsOpen(ports.store)) {
        await publisher.publish(list)
        lists++
      }
      return lists
    },

    issuances: () => listIssuances(ports.store),

    configurationIds: Object.keys(settings.configurations),

    stopped: () => listStopped(ports.store),

    async resume(configurationId) {
      configurationOf(settings, configurationId)
      issuing.readingBack.beginAgain(configurationId)
      await ports.store.commit([resumeConfiguration(configurationId, ports.hash)])
    },
  }
}

/** Behind which everything is answered. */
interface Door {
  readonly issuing: Issuing
  readonly routes: Routes
  /** Documents about types, by their addresses. */
  readonly documents: ReadonlyMap<string, string>
}

async function answer(request: WireRequest, { issuing, routes, documents }: Door): Promise<WireResponse> {
  const { ports, settings } = issuing
  const url = pathOf(request)
  const statusList = routes.statusList(url)
  const document = documents.get(url)
  const endpoint: Endpoint | undefined =
    statusList === undefined && document === undefined ? routes.endpoints.get(url) : { method: 'GET' }
  if (endpoint === undefined) throw new IssuerError('endpoint_unknown', 'Nothing answers at this path')
  if (endpoint.method !== request.method) return refusalOfMethod(endpoint.method)
  if (statusList !== undefined) return answerStatusList(statusList, issuing)
  if (document !== undefined) return answerDocument(document)
  switch (endpoint.name) {
    case 'token':
      return answerToken(request, issuing)
    case 'nonce':
      return answerNonce(issuing)
    case 'credential':
      return answerCredential(request, issuing)
    case 'jwt_vc_issuer':
      return answerDocument(jwtVcIssuerMetadata(settings, ports.now()))
    case 'authorization_server':
      return writeAuthorizationServerMetadataResponse(authorizationServerMetadata(settings))
    default:
      return writeCredentialIssuerMetadataResponse(credentialIssuerMetadata(settings, ports.signer.alg))
  }
}

/** The operator heard of it when it was stopped, and not again for each wallet that is refused since. */
function isKnownStop(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'configuration_stopped'
}

/** Who is told may fail: the peer is answered all the same. */
function report(error: unknown, { onUnforeseen }: IssuerPorts): void {
  try {
    onUnforeseen?.(error)
  } catch {
    // There is nobody left to tell.
  }
}

/** Refuses an issuer none of whose credentials could ever be read: its key is not its DID's. */
function checkKey(settings: IssuerSettings, ports: IssuerPorts): void {
  for (const configuration of Object.values(settings.configurations)) {
    try {
      rehearse(draftingOf({}, configuration, { settings, ports }))
    } catch (cause) {
      throw new IssuerError(
        'settings_invalid',
        'did must be a DID and the kid of the signer a DID URL of it, with a fragment, unless knownBy says otherwise',
        { cause },
      )
    }
  }
}
