/** The holder: takes what is offered, keeps it, shows parts of it, remembers what happened. */
import { writeBase64url } from '@facet-id/credential/base64url'
import type { JsonObject } from '@facet-id/credential/json'
import { openStoredSdJwt } from '@facet-id/credential/sd-jwt'
import { type CredentialOffer, readCredentialIssuerId } from '@facet-id/protocol/openid4vci'
import type { Store } from '@facet-id/store'
import { HolderError } from './error.ts'
import { holdingOf } from './holding.ts'
import { beginIssuance, requestedFrom } from './issuance/issuance.ts'
import { findIssuance, listIssuances } from './issuance/issuance-store.ts'
import type { Order } from './issuance/order-state.ts'
import { findOrder, listOrders } from './issuance/order-store.ts'
import { abandonIssuance, accept } from './journeys/accept.ts'
import { forget } from './journeys/forget.ts'
import { offerOf } from './journeys/offer.ts'
import { type Due, dueNow } from './journeys/order/due.ts'
import { abandonOrder, type FulfilOne, fulfil, fulfilAll } from './journeys/order/fulfil.ts'
import { tell } from './journeys/order/notify.ts'
import { beginTopUp } from './journeys/order/top-up.ts'
import { present, presentToPlatform } from './journeys/present.ts'
import type { PlatformAsk } from './journeys/prove-platform-request.ts'
import { type DeletedLog, deleteLog } from './log/log-deleting-store.ts'
import { exportLog, readLog } from './log/log-reading-store.ts'
import { isSought, type LogSearch } from './log/log-search.ts'
import type { HolderPorts } from './ports.ts'
import type { LogEntry } from './presentation/log-store.ts'
import type { Presented } from './presentation/presented.ts'
import { checkSettings, type HolderSettings } from './settings.ts'
import { type CredentialRecord, copiesOf, listCredentials } from './shelf/shelf-store.ts'

/** A credential as an application lists it. */
export interface CredentialSummary extends CredentialRecord {
  readonly copies: number
  /** Copies that were never shown. */
  readonly copiesLeft: number
}

/** What came of an offer. */
export interface Received {
  readonly credentials: readonly CredentialSummary[]
  /** What the issuer will have later: `resume` it, not before that time in seconds since the epoch. */
  readonly waiting: readonly { readonly id: string; readonly notBefore: number }[]
  /** Whatever else went wrong; the ids of those that are still pending can be resumed. */
  readonly failed: readonly { readonly id: string; readonly error: unknown }[]
}

/** Something that waits to be gone on with. */
export interface PendingIssuance {
  readonly id: string
  readonly credentialIssuer: string
  /** The last thing obtained. */
  readonly has: string
  /** Which credential it is about; absent while that is not decided. */
  readonly configurationId?: string
  /** Seconds since the epoch; absent: it can be gone on with at any time. */
  readonly notBefore?: number
}

export interface Holder {
  /**
   * Goes from an offer link to credentials on the shelf, one for each that the person took. What it cannot finish
   * it keeps, for {@link Holder.resume}; what it refuses it forgets, with the keys that were made for it.
   *
   * Rejects with the first failure where nothing came of it; otherwise what failed is in the answer.
   *
   * @param link `openid-credential-offer://…`
   * @throws {HolderError} `declined_by_person`, `authorization_denied`, `token_not_bound`, `offer_unsupported`,
   * `metadata_mismatch`, `metadata_not_authentic`, `issuer_not_trusted`, `refused_by_peer`, `issuance_denied`, `credential_refused`,
   * `credential_substituted`, `answer_not_encrypted`, `issuer_changed`; and `tx_code_missing`, `authorization_pending`,
   * `credential_undetermined`, `state_contended`, which leave the issuance to be resumed, as does
   * `refused_by_peer` for a wrong transaction code
   * @throws {ProtocolError} `message_malformed` and its like; `peer_unreachable` and `peer_timed_out`,
   * which leave the issuance to be resumed
   */
  accept(link: string): Promise<Received>
  /**
   * Asks an issuer for credentials without an offer of it: its person goes there by the browser, and agrees. Before that
   * the wallet's own consent is asked, as for an offer.
   *
   * @param credentialIssuer a Credential Issuer Identifier, which the person named
   * @param configurationIds which of its credentials are put before the person; absent or none: all that it has
   * @throws as `accept`
   */
  request(credentialIssuer: string, configurationIds?: readonly string[]): Promise<Received>
  /**
   * Goes on with an issuance that was interrupted or deferred. A deferred one is not asked for before its time, which each
   * failure puts off further.
   *
   * @param back the address at which the person's browser came back, query and all, where the issuance waits for it
   * @throws as `accept`, and `issuance_unknown`, `grant_ended`, `issuance_given_up`
   */
  resume(id: string, back?: string): Promise<Received>
  /**
   * Forgets an issuance that was interrupted, and destroys the keys that were made for it; one that is
   * not there is no error. @throws {HolderError} `state_contended` while it is going on
   */
  abandon(id: string): Promise<void>
  pending(): Promise<readonly PendingIssuance[]>
  /**
   * Gets more copies of a credential by the access that its issuer gave, or the same issued anew. They join it if
   * they say the same; if they say something else, the person is asked, and they take its place.
   *
   * @throws {HolderError} `credential_unknown`, `grant_ended`, `declined_by_person`, and as `accept`
   */
  topUp(credentialId: string): Promise<Received>
  /** What is to be done by now, for whoever wakes up now and then: each is a call of the method it names. */
  due(): Promise<readonly Due[]>
  /** Tells an issuer what it wants to hear of its credentials. That it could not be told is no error. */
  notify(id: string): Promise<void>
  credentials(): Promise<readonly CredentialSummary[]>
  /**
   * Deletes a credential, its copies and their keys; with the last one of an issuer, also whom it
   * signed as. @throws {HolderError} `credential_unknown`
   */
  forget(credentialId: string): Promise<void>
  /**
   * Everything that a credential says, for the eyes of whom it is about. Nothing of it is shown to others, and
   * no copy is spent. @throws {HolderError} `credential_unknown`
   */
  claims(credentialId: string): Promise<JsonObject>
  /**
   * Answers a verifier's request, after asking the person. When the answer could not be delivered it
   * rejects, and the copies are spent all the same. A request is answered once: a link that is followed again, or twice
   * at once, is not.
   *
   * @param link `openid4vp://…`
   * @throws {HolderError} `refused_by_peer`, `request_not_authentic`, `request_expired`, `request_answered`,
   * `answer_address_refused`, `request_unusable`, `verifier_not_trusted`, `nothing_matches`, `copies_spent`, `declined_by_person`
   * @throws {ProtocolError} `message_malformed` and its like, `peer_unreachable` and its like
   * @throws {CredentialError} `jws_typ_unexpected` and its like, for a request that is no such token
   */
  present(link: string): Promise<Presented>
  /**
   * Answers what a page asked for over the Digital Credentials API. The answer is in `handOver` of what comes back: the
   * application gives it to the platform, and so it may the one of an error.
   *
   * @throws as `present`, and nothing of `peer_unreachable` and its like
   */
  presentToPlatform(ask: PlatformAsk): Promise<Presented>
  /**
   * What happened, oldest first, as far as it is sought. All that is kept of it is verified on the way.
   *
   * @throws {HolderError} `log_broken` after what comes before the fault
   */
  log(search?: LogSearch): AsyncIterable<LogEntry>
  /** The log as JSON lines that `checkExportedLog` verifies without the wallet. @throws {HolderError} `log_broken` */
  exportLog(): AsyncIterable<string>
  /**
   * Deletes what is older than a moment (seconds since the epoch), up to the first entry that is not, and says how many
   * entries went. What comes after stays verifiable. Without a moment all of it goes, also where it is broken, and the
   * log begins anew.
   *
   * @throws {HolderError} `log_broken` where some of it would stay; `choice_invalid` for a moment that is none;
   * `state_contended`
   */
  deleteLog(before?: number): Promise<DeletedLog>
}

/** @throws {HolderError} `settings_invalid` */
export function createHolder(world: HolderPorts, given: HolderSettings): Holder {
  const holding = holdingOf(world, checkSettings(given))
  const { ports } = holding
  const { store, hash } = ports
  const inTurn = createTurns()
  const fulfilOne: FulfilOne = (id) => fulfil(id, holding)
  const receive = async (ids: readonly string[], fulfilEach = fulfilOne): Promise<Received> => {
    const { records, ...rest } = await fulfilAll(ids, fulfilEach)
    return { ...rest, credentials: await Promise.all(records.map((record) => summaryOf(record, store))) }
  }

  const receiveInTurn = (ids: readonly string[]): Promise<Received> =>
    receive(ids, (id) => inTurn(id, () => fulfilOne(id)))

  const begin = async (offer: CredentialOffer): Promise<Received> => {
    const id = writeBase64url(ports.random(16))
    const opensBrowser = ports.authorize !== undefined && holding.settings.redirectUri !== undefined
    const begun = beginIssuance(offer, { id, opensBrowser })
    return receiveInTurn(await inTurn(id, () => accept(begun, holding)))
  }

  return {
    accept: async (link) => begin(await offerOf(link, holding)),

    request: async (credentialIssuer, configurationIds = []) =>
      begin(
        requestedFrom(readCredentialIssuerId(credentialIssuer, holding.settings.scheme), configurationIds),
      ),

    async resume(id, back) {
      return inTurn(id, async () => {
        const issuance = await findIssuance(store, id)
        return issuance === undefined ? receive([id]) : receiveInTurn(await accept(issuance, holding, back))
      })
    },

    async abandon(id) {
      return inTurn(id, async () => {
        const order = await findOrder(store, id)
        if (order !== undefined) await abandonOrder({ id, order }, holding)
        const issuance = await findIssuance(store, id)
        if (issuance !== undefined) await abandonIssuance(issuance, holding)
      })
    },

    async pending() {
      const all: PendingIssuance[] = []
      for await (const { id, offer, has } of listIssuances(store)) {
        all.push({ id, credentialIssuer: offer.credential_issuer, has })
      }
      for await (const { id, order } of listOrders(store)) all.push(pendingOrder(id, order))
      return all
    },

    async topUp(credentialId) {
      return inTurn(credentialId, async () => receiveInTurn([await beginTopUp(credentialId, holding)]))
    },

    due: () => dueNow(holding),
    notify: (id) => tell(id, holding),

    async credentials() {
      const all: CredentialSummary[] = []
      for await (const record of listCredentials(store)) all.push(await summaryOf(record, store))
      return all
    },

    forget: (credentialId) => forget(credentialId, holding),
    async claims(credentialId) {
      const [copy] = await copiesOf(store, credentialId)
      if (copy === undefined) throw new HolderError('credential_unknown', 'No credential of that id is held')
      return openStoredSdJwt(copy.record.compact, ports.hash).opened.claims
    },
    present: (link) => present(link, holding),
    presentToPlatform: (ask) => presentToPlatform(ask, holding),
    async *log(search = {}) {
      for await (const { entry } of readLog(store, hash)) if (isSought(entry, search)) yield entry
    },
    exportLog: () => exportLog(store, hash),
    deleteLog: (before) => deleteLog({ store, hash }, before),
  }
}

function pendingOrder(id: string, order: Order): PendingIssuance {
  const { metadata, has, configurationId } = order
  return {
    id,
    credentialIssuer: metadata.credential_issuer,
    has,
    configurationId,
    ...(order.has === 'deferral' ? { notBefore: order.notBefore } : {}),
  }
}

async function summaryOf(record: CredentialRecord, store: Store): Promise<CredentialSummary> {
  const copies = await copiesOf(store, record.credentialId)
  return {
    ...record,
    copies: copies.length,
    copiesLeft: copies.filter((copy) => copy.record.usedAt === undefined).length,
  }
}

type InTurn = <T>(id: string, act: () => Promise<T>) => Promise<T>

/** An issuance is gone on with by one call at a time; another is refused with `state_contended`. */
function createTurns(): InTurn {
  const underWay = new Set<string>()
  return async (id, act) => {
    if (underWay.has(id))
      throw new HolderError('state_contended', 'This issuance is going on; wait for its end')
    underWay.add(id)
    try {
      return await act()
    } finally {
      underWay.delete(id)
    }
  }
}
