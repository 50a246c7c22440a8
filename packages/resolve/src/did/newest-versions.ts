/**
 * The newest version of each did:webvh that was seen, so that a log that was cut, or is another one, is not believed:
 * in memory, and where there is a store across restarts too.
 */
import type { DidLog } from '@facet-id/credential/did/webvh'
import type { Hash } from '@facet-id/credential/jose'
import { recordForm, type Store } from '@facet-id/store'

export interface NewestVersions {
  /** Whether a log lacks what was in it before. Rejects where the store does. */
  isCut(scid: string, log: DidLog): Promise<boolean>
  /** Remembers how far a log went that has no fault. Rejects where the store does. */
  remember(scid: string, log: DidLog): Promise<void>
}

export interface NewestVersionsPorts {
  readonly hash: Hash
  /** Seconds since the epoch. */
  readonly now: () => number
  /** Sealed and lasting; absent: what was seen is forgotten when the process ends. */
  readonly store?: Store
}

/** SCIDs that are remembered in memory. */
const maxRemembered = 4096
/** Seconds for which a version is remembered in the store after it was seen first since a start: a year. */
const keptFor = 31_536_000

const NS = 'did/newest-version'
const form = recordForm<{ readonly versionId: string }>(1)

export function createNewestVersions({ hash, now, store }: NewestVersionsPorts): NewestVersions {
  const newest = new Map<string, string>()
  // A key of a record does not say whose DID was met.
  const keyOf = (scid: string): string => hash('sha-256', scid)

  const seenOf = async (scid: string): Promise<string | undefined> => {
    const known = newest.get(scid)
    if (known !== undefined || store === undefined) return known
    const entry = await store.get(NS, keyOf(scid))
    return entry === undefined ? undefined : form.read(entry.value).versionId
  }

  return {
    async isCut(scid, { versions }) {
      const seen = await seenOf(scid)
      return seen !== undefined && !versions.some(({ versionId }) => versionId === seen)
    },
    async remember(scid, { versions, fault }) {
      const versionId = versions.at(-1)?.versionId
      if (fault !== undefined || versionId === undefined) return
      if (store !== undefined && newest.get(scid) !== versionId) {
        const expiresAt = (now() + keptFor) * 1000
        await store.commit([
          { op: 'put', ns: NS, key: keyOf(scid), value: form.write({ versionId }), expiresAt },
        ])
      }
      newest.delete(scid)
      newest.set(scid, versionId)
      const [oldest] = newest.keys()
      if (newest.size > maxRemembered && oldest !== undefined) newest.delete(oldest)
    },
  }
}
