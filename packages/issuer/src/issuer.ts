/**
 * The issuer: one `handle` for everything that wallets and verifiers send, and what its operator
 * does (make offers, look at issuances, revoke).
 */
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { challengedFor } from './authorization/challenging.ts'
import { type Grant, grantsOf } from './authorization/flow/grant-store.ts'
import { checkAgainstPorts, checkSettings } from './check-settings.ts'
import { checkDeclaredKeys } from './endpoints/declared-keys.ts'
import { answer, withNextProofs } from './endpoints/door.ts'
import { createMetadataAnswers } from './endpoints/issuer-metadata.ts'
import { createPublisher } from './endpoints/publishing.ts'
import { createReadingBack } from './endpoints/reading-back.ts'
import { createTurns } from './endpoints/turns.ts'
import { IssuerError } from './error.ts'
import { readOwnTypes } from './issuance/credential-types.ts'
import { draftingOf } from './issuance/issuance.ts'
import { type IssuanceRecord, listIssuances } from './issuance/issuance-store.ts'
import { listNotifications, type NotificationRecord } from './issuance/notification-store.ts'
import { listStopped, resumeConfiguration, type StoppedConfiguration } from './issuance/stopped-store.ts'
import { type Decided, decide } from './journeys/decide.ts'
import { type Deferred, deferredIn } from './journeys/deferred.ts'
import { type Invitation, type InvitationRequest, invite } from './journeys/invite.ts'
import { offer } from './journeys/offer.ts'
import { type Revoked, revoke } from './journeys/revoke.ts'
import { revokeGrant } from './journeys/revoke-grant.ts'
import { lasting } from './lasting.ts'
import { checkMetadata, publishedTypes } from './metadata.ts'
import { type GuessedOffer, listGuessed } from './offer/guessed-store.ts'
import type { MadeOffer, OfferRequest } from './offer/offering.ts'
import { rehearse } from './offer/rehearsal.ts'
import type { IssuerPorts } from './ports.ts'
import { profiled } from './profile.ts'
import { report } from './report.ts'
import { pathOf, routesOf } from './routes.ts'
import { configurationOf, type IssuerSettings } from './settings.ts'
import { createAllotment } from './status/allotment-store.ts'
import { createOpenLists } from './status/open-lists.ts'
import { listsOpen } from './status/status-store.ts'
import { refusal } from './wire-errors.ts'

export interface Issuer {
  /** Answers anything; never rejects. */
  handle(request: WireRequest): Promise<WireResponse>
  /**
   * Makes an offer for one person.
   *
   * @throws {IssuerError} `configuration_unknown`, `claims_do_not_fit`, `settings_invalid` for a length of
   * the transaction code and where `ownServer` is unused; `configuration_stopped` until it is resumed
   */
  offer(request: OfferRequest): Promise<MadeOffer>
  /**
   * Makes an offer with an authorization code: whoever takes it logs in, and agrees.
   *
   * @throws {IssuerError} `configuration_unknown`, `claims_do_not_fit`; `settings_invalid`, also without user
   * authentication, unless it is for another authorization server
   */
  invite(request: InvitationRequest): Promise<Invitation>
  /**
   * Revokes every copy of one issuance, and of the same credential where it was issued again under the same grant,
   * publishes the lists they stand in, and ends the grant; doing it again changes nothing. An offer that no wallet
   * has redeemed to its end is withdrawn.
   *
   * @throws {IssuerError} `issuance_unknown`; `state_contended`: the revocation stands and its
   * publication does not, do it again
   */
  revoke(issuanceId: string): Promise<Revoked>
  /**
   * Ends a grant, by its id: the `grantId` of an issuance, or one of `grants`. Its tokens are worth nothing from then on; what was issued stays good until it is revoked itself.
   */
  revokeGrant(grantId: string): Promise<void>
  /** What persons agreed to and wallets can still use, without claims. */
  grants(): AsyncIterable<Grant>
  /** Signs and publishes every status list anew; yields how many there are. */
  publishStatusLists(): Promise<number>
  /** What was issued, without who it was issued to. */
  issuances(): AsyncIterable<IssuanceRecord>
  /** What was promised for later and is not collected yet, without who it was promised to. */
  deferred(): AsyncIterable<Deferred>
  /**
   * Says yes to one that waits for it: the wallet gets it when it asks next.
   *
   * @returns what it is then: what was denied stays so, and what was collected too
   * @throws {IssuerError} `issuance_unknown`, `state_contended`
   */
  approve(issuanceId: string): Promise<Decided>
  /**
   * Says no, for good: the wallet is told so when it asks next.
   *
   * @returns what it is then: what was `collected` is not denied any more, but revoked
   * @throws {IssuerError} `issuance_unknown`, `state_contended`
   */
  deny(issuanceId: string): Promise<Decided>
  /** What wallets said became of their credentials. */
  notifications(): AsyncIterable<NotificationRecord>
  /** Offers that ended in the last 90 days because their transaction code was guessed at. */
  guessed(): AsyncIterable<GuessedOffer>
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
  const settings = lasting(checkSettings(profiled(given)), ports)
  checkAgainstPorts(settings, ports)
  checkMetadata(settings, ports)
  checkKey(settings, ports)
  const declaredKeys = checkDeclaredKeys(settings, ports)
  const publisher = createPublisher(ports, settings)
  const types = readOwnTypes(settings, ports.hash)
  const issuing = {
    ports,
    settings,
    types,
    publisher,
    turns: createTurns(),
    readingBack: createReadingBack(ports, settings),
    metadata: createMetadataAnswers(ports, settings),
    allotment: createAllotment(ports.store, ports.mac),
    openLists: createOpenLists(),
    ...(declaredKeys === undefined ? {} : { declaredKeys }),
  }
  const routes = routesOf(settings, ports)
  const documents = publishedTypes(settings, types)

  return {
    handle: async (request) => {
      const response = await answer(request, { issuing, routes, documents }).catch((error: unknown) => {
        const refused = refusal(error, routes.errorsOf(pathOf(request)))
        if (refused.status >= 500 && !isKnownStop(error)) report(error, ports)
        return challengedFor(refused, request, settings.authorization)
      })
      return withNextProofs(response, request, issuing)
    },

    offer: (request) => offer(request, issuing),

    invite: (request) => invite(request, issuing),

    revoke: (issuanceId) => revoke(issuanceId, issuing),

    revokeGrant: (grantId) => revokeGrant(grantId, issuing),

    grants: () => grantsOf(ports.store),

    async publishStatusLists() {
      let lists = 0
      for await (const list of listsOpen(ports.store)) {
        await publisher.publish(list)
        lists++
      }
      return lists
    },

    issuances: () => listIssuances(ports.store),

    deferred: () => deferredIn(ports),

    approve: (issuanceId) => decide(issuanceId, 'approved', issuing),

    deny: (issuanceId) => decide(issuanceId, 'denied', issuing),

    notifications: () => listNotifications(ports.store),
    guessed: () => listGuessed(ports.store),

    configurationIds: Object.keys(settings.configurations),

    stopped: () => listStopped(ports.store),

    async resume(configurationId) {
      configurationOf(settings, configurationId)
      issuing.readingBack.beginAgain(configurationId)
      await ports.store.commit([resumeConfiguration(configurationId, ports.hash)])
    },
  }
}

/** The operator heard of it when it was stopped, and not again for each wallet that is refused since. */
function isKnownStop(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'configuration_stopped'
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
