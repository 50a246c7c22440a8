/** Lists of a trust configuration as its parts: from a file that is read once, or from an address that is followed. */
import {
  type FollowingPorts,
  followDocument,
  listSource,
  revocationListAt,
  trustedEntitiesAt,
  trustListAt,
  unheardWhileAbsent,
} from '@facet-id/resolve/trust'
import { unheardSource } from '@facet-id/trust'
import { readCertificate, readPem } from '@facet-id/trust/x509'
import { readText } from '../config/sealed-key.ts'
import type { AnchorEntry, EntitiesEntry, ListEntry } from './configuration-file.ts'
import { readSigners } from './editions.ts'
import { readEntities } from './entities-source.ts'
import { readListFile } from './list-source.ts'
import { type SourceState, stateOf, type TrustPart } from './part.ts'
import { openRevocationFiles } from './revocation-files.ts'

export interface Reading {
  readonly environment: string
  readonly editions: string
  readonly now: () => number
  /** Absent: nothing is fetched, and what is at an address is not heard. */
  readonly fetching: Omit<FollowingPorts, 'now'> | undefined
}

/** @throws {FacetError} `file_unusable` for the files of keys and editions */
export async function listPart({ list, at, signers }: ListEntry, reading: Reading): Promise<TrustPart> {
  const { environment, editions, now, fetching } = reading
  if ('file' in at) {
    const place = { list, environment, file: at.file, signers, editions }
    const { source, state } = await readListFile(place, now())
    return { source, stateAt: (moment) => ({ ...state, state: endedAt(state, moment) }) }
  }
  if (fetching === undefined) return notFetched(list, true, at.url)
  const keys = await readSigners(signers)
  const document = followDocument(trustListAt({ url: at.url, list, environment, keys }), { ...fetching, now })
  return { source: listSource(document), document, stateAt: (moment) => stateOf(document, moment) }
}

/** @throws {FacetError} `file_unusable` for the files of keys and editions */
export async function entitiesPart(entry: EntitiesEntry, reading: Reading): Promise<TrustPart> {
  const { type, at, signers, anchorOf } = entry
  const { editions, now, fetching } = reading
  if ('file' in at) {
    const read = await readEntities({ type, file: at.file, signers, anchorOf, editions }, now())
    const { anchors, expiresAt, unheard, state } = read
    return {
      ...(unheard === undefined ? {} : { source: unheard }),
      anchorsAt: (moment) => (moment < expiresAt ? anchors : []),
      stateAt: (moment) => ({ ...state, state: endedAt(state, moment) }),
    }
  }
  if (fetching === undefined) return notFetched(type, false, at.url)
  const keys = await readSigners(signers)
  const document = followDocument(trustedEntitiesAt({ url: at.url, type, keys, anchorOf }), {
    ...fetching,
    now,
  })
  return {
    source: unheardWhileAbsent(document, now),
    document,
    anchorsAt(moment) {
      const edition = document.believed()
      return edition !== undefined && moment < edition.expiresAt ? edition.content : []
    },
    stateAt: (moment) => stateOf(document, moment),
  }
}

/**
 * An anchor, and its revocation list. While a list that is fetched was never had, nobody knows whom the authority
 * revoked: then the anchor vouches for nobody.
 *
 * @throws {FacetError} `file_unusable`; {TrustError} for what is broken
 */
export async function anchorPart({ id, file, revoked }: AnchorEntry, reading: Reading): Promise<TrustPart> {
  const pem = await readText(file)
  const anchors = readPem(pem, 'CERTIFICATE').map((der) => ({ id, certificate: readCertificate(der) }))
  if (revoked === undefined || 'file' in revoked) {
    const files = await openRevocationFiles(revoked === undefined ? [] : [revoked.file])
    return {
      anchorsAt: () => anchors,
      revocationLists: () => files.lists(),
      stateAt: () => ({ source: `anchor ${id}`, state: 'believed' }),
    }
  }
  const { now, fetching } = reading
  if (fetching === undefined) return notFetched(`revocation list of ${id}`, false, revoked.url)
  const document = followDocument(revocationListAt({ url: revoked.url, anchor: id, anchors }), {
    ...fetching,
    now,
  })
  return {
    source: unheardWhileAbsent(document, now),
    document,
    anchorsAt: () => (document.believed() === undefined ? [] : anchors),
    revocationLists() {
      const edition = document.believed()
      return edition === undefined ? [] : [edition.content]
    },
    stateAt: (moment) => stateOf(document, moment),
  }
}

function notFetched(source: string, mayBlock: boolean, url: string): TrustPart {
  const why = 'It is at an address, and nothing is fetched here.'
  return {
    source: unheardSource(source, mayBlock, why),
    stateAt: () => ({ source, state: 'unheard', url, why }),
  }
}

function endedAt({ state, expiresAt }: SourceState, now: number): SourceState['state'] {
  return state === 'believed' && expiresAt !== undefined && now >= expiresAt ? 'expired' : state
}
