/**
 * The trust of an operator or a person, as its file says: rules of their own, anchors, lists that others sign, and
 * federations. `configuration-file.ts` shows the file.
 */

import type { Transport } from '@facet-id/protocol/wire'
import { createFederation, type Federation, federationSource } from '@facet-id/resolve/federation'
import type { FollowedDocument, FollowingPorts } from '@facet-id/resolve/trust'
import { createRuleSource, createTrust, type ExplainedTrust, type TrustSource } from '@facet-id/trust'
import { type FederationAnchor, readFederationKeys } from '@facet-id/trust/federation'
import type { RevocationList, TrustAnchor } from '@facet-id/trust/x509'
import { readText } from '../config/sealed-key.ts'
import { type AskingParties, readAskingParties } from './asking-parties.ts'
import { type FederationEntry, readTrustFile, type TrustFile } from './configuration-file.ts'
import { readObject } from './list-directory.ts'
import { anchorPart, entitiesPart, listPart, type Reading } from './list-part.ts'
import type { SourceState, TrustPart } from './part.ts'

export interface ConfiguredTrust {
  readonly trust: ExplainedTrust
  readonly sources: readonly TrustSource[]
  /** Whom chains of certificates may lead to at that moment, in seconds since the epoch: for whoever judges an `x5c`. */
  anchorsAt(now: number): readonly TrustAnchor[]
  /** What was revoked, as far as it is known now. A list that did not change is the very same object. */
  revocationLists(): Promise<readonly RevocationList[]>
  /** What is fetched from time to time; empty where nothing is, or may be. */
  readonly documents: readonly FollowedDocument<unknown>[]
  /** What is known of those who ask a wallet. */
  readonly asking: AskingParties
  /** Absent: no federation is trusted, or none may be asked. */
  readonly federation?: Federation
  /** How it stands with each source at that moment. */
  statesAt(now: number): readonly SourceState[]
}

/** What fetches, and what keeps what was fetched. */
export interface TrustFetching extends Omit<FollowingPorts, 'now'> {
  /** For statements of federations, which are small. */
  readonly messages: Transport
}

/**
 * Reads the file and all files that it names. A list that cannot be believed is no error: it is a source that was not
 * heard, and what it would have said stays undetermined. Nothing is fetched here: `documents` are, by `refreshDue`.
 *
 * @param now the clock, seconds since the epoch
 * @param fetching absent: what is at an address is not heard
 * @throws {FacetError} `file_unusable`; {TrustError} for rules, anchors and revocation lists that are broken
 */
export async function readTrustConfiguration(
  file: string,
  now: () => number,
  fetching?: TrustFetching,
): Promise<ConfiguredTrust> {
  const said = await readTrustFile(file)
  const parts = await partsOf(said, { environment: said.environment, editions: said.editions, now, fetching })
  const federation = await federationOf(said.federation, now, fetching)
  const sources = [
    createRuleSource('own rules', said.rules),
    ...parts.flatMap(({ source }) => source ?? []),
    ...(federation === undefined ? [] : [federationSource('federation', federation)]),
  ]
  return {
    trust: createTrust(sources, now),
    sources,
    anchorsAt: (at) => parts.flatMap((part) => part.anchorsAt?.(at) ?? []),
    async revocationLists() {
      const lists = await Promise.all(parts.map((part) => part.revocationLists?.() ?? []))
      return lists.flat()
    },
    documents: parts.flatMap(({ document }) => document ?? []),
    asking: await readAskingParties(said),
    ...(federation === undefined ? {} : { federation }),
    statesAt: (at) => parts.map((part) => part.stateAt(at)),
  }
}

async function partsOf(
  { lists, entities, anchors }: TrustFile,
  reading: Reading,
): Promise<readonly TrustPart[]> {
  const parts: TrustPart[] = []
  // One after the other: they share the file of their editions.
  for (const entry of lists) parts.push(await listPart(entry, reading))
  for (const entry of entities) parts.push(await entitiesPart(entry, reading))
  for (const entry of anchors) parts.push(await anchorPart(entry, reading))
  return parts
}

async function federationOf(
  entries: readonly FederationEntry[],
  now: () => number,
  fetching: TrustFetching | undefined,
): Promise<Federation | undefined> {
  const anchors = await Promise.all(entries.map(readFederationAnchor))
  if (anchors.length === 0 || fetching === undefined) return undefined
  const { messages: transport, checkSignatures } = fetching
  return createFederation({ transport, checkSignatures, now, anchors })
}

async function readFederationAnchor({ anchor, keys }: FederationEntry): Promise<FederationAnchor> {
  return { entityId: anchor, keys: readFederationKeys(readObject(await readText(keys), keys), 'keys') }
}
