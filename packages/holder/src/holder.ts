/** The holder: takes what is offered, keeps it, shows parts of it, remembers what happened. */
import { writeBase64url } from '@facet-id/credential/base64url'
import { readOfferLink } from '@facet-id/protocol/openid4vci'
import { HolderError } from './error.ts'
import { beginIssuance } from './issuance.ts'
import { endIssuance, findIssuance, listIssuances } from './issuance-store.ts'
import { accept } from './journeys/accept.ts'
import { type Presented, present } from './journeys/present.ts'
import { type LogEntry, logged, readLog } from './log-store.ts'
import type { HolderPorts } from './ports.ts'
import { checkSettings, type HolderSettings } from './settings.ts'
import {
  type CredentialRecord,
  copiesOf,
  dropCredential,
  findCredential,
  listCredentials,
} from './shelf-store.ts'

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
   * {@link Holder.resume}; what it refuses it forgets.
   *
   * @param link `openid-credential-offer://…`
   * @throws {HolderError} `declined_by_person`, `offer_unsupported`, `metadata_mismatch`, `refused_by_peer`,
   * `credential_refused`, `credential_substituted`
   * @throws {ProtocolError} `message_malformed` and its like, `peer_unreachable` and its like
   */
  accept(link: string): Promise<CredentialSummary>
  /** Goes on with an issuance that was interrupted. @throws as `accept`, and `issuance_unknown` */
  resume(id: string): Promise<CredentialSummary>
  /** Forgets an issuance that was interrupted. */
  abandon(id: string): Promise<void>
  pending(): Promise<readonly PendingIssuance[]>
  credentials(): Promise<readonly CredentialSummary[]>
  /** Deletes a credential, its copies and their keys. @throws {HolderError} `credential_unknown` */
  forget(credentialId: string): Promise<void>
  /**
   * Answers a verifier's request, after asking the person.
   *
   * @param link `openid4vp://…`
   * @throws {HolderError} `request_not_authentic`, `request_expired`, `verifier_not_trusted`, `nothing_matches`,
   * `copies_spent`, `declined_by_person`
   * @throws {ProtocolError} `message_malformed` and its like, `peer_unreachable` and its like
   */
  present(link: string): Promise<Presented>
  /** What happened, oldest first. */
  log(): AsyncIterable<LogEntry>
}

/** @throws {HolderError} `settings_invalid` */
export function createHolder(ports: HolderPorts, given: HolderSettings): Holder {
  const holding = { ports, settings: checkSettings(given) }
  const { store } = ports

  async function summaryOf(record: CredentialRecord): Promise<CredentialSummary> {
    const copies = await copiesOf(store, record.credentialId)
    return {
      ...record,
      copies: copies.length,
      copiesLeft: copies.filter((copy) => copy.record.usedAt === undefined).length,
    }
  }

  return {
    async accept(link) {
      const read = readOfferLink(link, holding.settings.scheme)
      if (read.by === 'reference')
        throw new HolderError('offer_unsupported', 'This release takes offers by value only')
      const id = writeBase64url(ports.random(16))
      return summaryOf(await accept(id, beginIssuance(read.offer), holding))
    },

    async resume(id) {
      const issuance = await findIssuance(store, id)
      if (issuance === undefined)
        throw new HolderError('issuance_unknown', 'No issuance of that id is under way')
      return summaryOf(await accept(id, issuance, holding))
    },

    async abandon(id) {
      await store.commit([endIssuance(id)])
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
      for await (const record of listCredentials(store)) all.push(await summaryOf(record))
      return all
    },

    async forget(credentialId) {
      if ((await findCredential(store, credentialId)) === undefined) {
        throw new HolderError('credential_unknown', 'No credential of that id is held')
      }
      const copies = await copiesOf(store, credentialId)
      await store.commit([
        ...dropCredential(credentialId, copies),
        logged({ at: ports.now(), event: 'deleted', credentialId }),
      ])
      await ports.keys.forget(copies.map(({ record }) => record.keyId))
    },

    present: (link) => present(link, holding),
    log: () => readLog(store),
  }
}
