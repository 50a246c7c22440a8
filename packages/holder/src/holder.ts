/** The holder: takes what is offered, keeps it, shows parts of it, remembers what happened. */
import { writeBase64url } from '@facet-id/credential/base64url'
import type { JsonObject } from '@facet-id/credential/json'
import { openStoredSdJwt } from '@facet-id/credential/sd-jwt'
import { readOfferLink } from '@facet-id/protocol/openid4vci'
import type { Store } from '@facet-id/store'
import { HolderError } from './error.ts'
import { holdingOf } from './holding.ts'
import { beginIssuance } from './issuance/issuance.ts'
import { findIssuance, listIssuances } from './issuance/issuance-store.ts'
import { abandon, accept } from './journeys/accept.ts'
import { forget } from './journeys/forget.ts'
import { present, presentToPlatform } from './journeys/present.ts'
import type { PlatformAsk } from './journeys/prove-platform-request.ts'
import { deleteLog, exportLog, readLog } from './log/log-reading-store.ts'
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

export interface PendingIssuance {
  readonly id: string
  readonly credentialIssuer: string
  /** The last thing obtained. */
  readonly has: string
}

export interface Holder {
  /**
   * Goes from an offer link to a credential on the shelf. What it cannot finish it keeps, for
   * {@link Holder.resume}; what it refuses it forgets, with the keys that were made for it.
   *
   * @param link `openid-credential-offer://…`
   * @throws {HolderError} `declined_by_person`, `offer_unsupported`, `metadata_mismatch`,
   * `issuer_not_trusted`, `refused_by_peer`, `credential_refused`, `credential_substituted`,
   * `issuer_changed`; and `tx_code_missing`, `credential_undetermined`, `state_contended`, which leave
   * the issuance to be resumed, as does `refused_by_peer` for a wrong transaction code
   * @throws {ProtocolError} `message_malformed` and its like; `peer_unreachable` and `peer_timed_out`,
   * which leave the issuance to be resumed
   */
  accept(link: string): Promise<CredentialSummary>
  /** Goes on with an issuance that was interrupted. @throws as `accept`, and `issuance_unknown` */
  resume(id: string): Promise<CredentialSummary>
  /**
   * Forgets an issuance that was interrupted, and destroys the keys that were made for it; one that is
   * not there is no error. @throws {HolderError} `state_contended` while it is going on
   */
  abandon(id: string): Promise<void>
  pending(): Promise<readonly PendingIssuance[]>
  credentials(): Promise<readonly CredentialSummary[]>
  /**
   * Deletes a credential, its copies and their keys; with the last one of an issuer, also which DID it
   * signed with. @throws {HolderError} `credential_unknown`
   */
  forget(credentialId: string): Promise<void>
  /**
   * Everything that a credential says, for the eyes of whom it is about. Nothing of it is shown to others, and
   * no copy is spent. @throws {HolderError} `credential_unknown`
   */
  claims(credentialId: string): Promise<JsonObject>
  /**
   * Answers a verifier's request, after asking the person. When the answer could not be delivered it
   * rejects, and the copies are spent all the same.
   *
   * @param link `openid4vp://…`
   * @throws {HolderError} `refused_by_peer`, `request_not_authentic`, `request_expired`, `answer_address_refused`,
   * `request_unusable`, `verifier_not_trusted`, `nothing_matches`, `copies_spent`, `declined_by_person`
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
   * Deletes what is older than a moment (seconds since the epoch), or all of the log, and says how many entries went.
   * What comes after stays verifiable. @throws {HolderError} `log_broken`
   */
  deleteLog(before?: number): Promise<number>
}

/** @throws {HolderError} `settings_invalid` */
export function createHolder(world: HolderPorts, given: HolderSettings): Holder {
  const holding = holdingOf(world, checkSettings(given))
  const { ports } = holding
  const { store, hash } = ports
  const inTurn = createTurns()

  return {
    async accept(link) {
      const read = readOfferLink(link, holding.settings.scheme)
      if (read.by === 'reference')
        throw new HolderError('offer_unsupported', 'This release takes offers by value only')
      const id = writeBase64url(ports.random(16))
      const begun = { id, issuance: beginIssuance(read.offer) }
      return inTurn(id, async () => summaryOf(await accept(begun, holding), store))
    },

    async resume(id) {
      return inTurn(id, async () => {
        const issuance = await findIssuance(store, id)
        if (issuance === undefined)
          throw new HolderError('issuance_unknown', 'No issuance of that id is under way')
        return summaryOf(await accept({ id, issuance }, holding), store)
      })
    },

    async abandon(id) {
      return inTurn(id, async () => {
        const issuance = await findIssuance(store, id)
        if (issuance !== undefined) await abandon({ id, issuance }, holding)
      })
    },

    async pending() {
      const all: PendingIssuance[] = []
      for await (const { id, issuance } of listIssuances(store)) {
        all.push({ id, credentialIssuer: issuance.offer.credential_issuer, has: issuance.has })
      }
      return all
    },

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
