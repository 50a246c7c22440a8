/**
 * One document of trust, followed: fetched when it is time, believed only once it was judged and kept, and used until
 * it expires, whatever becomes of its address.
 *
 * When it is asked for is told by the clock and by what it says of itself, never by who is being verified: whoever
 * publishes it learns that somebody believes it, and nothing of whom.
 */
import type { CheckSignatures, Hash } from '@facet-id/credential/jose'
import type { Store } from '@facet-id/store'
import type { BytesTransport } from '../bytes-transport.ts'
import { dueAfterFailure, dueAfterSuccess, type FollowingBounds, readBounds } from './due.ts'
import {
  editionKey,
  findEdition,
  type KeptEdition,
  keepEdition,
  type StandingEdition,
} from './edition-store.ts'
import { fetchDocument } from './fetch-document.ts'
import type { TrustDocument } from './trust-document.ts'

export interface FollowingPorts {
  readonly transport: BytesTransport
  /** The caller seals it, and keeps it across restarts: in it is what stands against a rollback. */
  readonly store: Store
  readonly checkSignatures: CheckSignatures
  readonly hash: Hash
  /** Seconds since the epoch. */
  readonly now: () => number
}

/** An edition that was accepted. Times are seconds since the epoch. */
export interface Believed<Content> {
  readonly content: Content
  readonly sequence: number
  readonly issuedAt: number
  /** It may have come: then the edition vouches for nobody. */
  readonly expiresAt: number
  /** When it was seen at its address for the last time. */
  readonly fetchedAt: number
}

export interface FollowedDocument<Content> {
  readonly name: string
  readonly url: string
  /** Absent: no edition was ever accepted, or none was read yet. */
  believed(): Believed<Content> | undefined
  /** Why the last try brought none, in words that are safe to show; absent when it did, or there was none. */
  failure(): string | undefined
  /** When it is to be fetched again. */
  dueAt(): number
  /** Reads what was kept. Rejects never: what is wrong is the failure. */
  load(): Promise<void>
  /** Fetches now, and loads before where that was not done. Rejects never. Who asks meanwhile shares it. */
  refresh(): Promise<void>
}

/** @param bounds those that differ from the defaults */
export function followDocument<Content>(
  document: TrustDocument<Content>,
  { transport, store, checkSignatures, hash, now }: FollowingPorts,
  given: Partial<FollowingBounds> = {},
): FollowedDocument<Content> {
  const bounds = readBounds(given)
  const key = editionKey(document.identity, hash)
  let believed: (Believed<Content> & { readonly version?: string }) | undefined
  let failure: string | undefined
  let failures = 0
  let due = Number.NEGATIVE_INFINITY
  let underWay: Promise<void> | undefined

  const judge = async (edition: Omit<KeptEdition, 'last'>, last: KeptEdition['last'] | undefined) => {
    const read = document.read(edition.body)
    const verdicts = await checkSignatures(read.checks)
    const outcome = read.judge(verdicts, { now: now(), skewSeconds: bounds.skew, last, hash })
    const { sequence, issuedAt, expiresAt } = read.edition
    const judged = { content: read.content, sequence, issuedAt, expiresAt, fetchedAt: edition.fetchedAt }
    return { outcome, judged }
  }

  /** What was kept, judged again: keys may have been taken out of the configuration since. */
  const adopt = async (standing: StandingEdition | undefined): Promise<void> => {
    if (standing === undefined || standing.version === believed?.version) return
    const { outcome, judged } = await judge(standing, standing.last)
    // What has expired was right in all else, and whom it blocked stays blocked.
    if (outcome.outcome === 'refused' && outcome.code !== 'expired') {
      believed = undefined
      throw new Refusal(outcome.why)
    }
    believed = { ...judged, version: standing.version }
    due = dueAfterSuccess(judged, bounds)
  }

  const fetchAndKeep = async (standing: StandingEdition | undefined): Promise<void> => {
    const fetchedAt = now()
    const fetched = await fetchDocument(document, transport)
    if ('failure' in fetched) throw new Refusal(fetched.failure)
    const { body } = fetched
    const { outcome, judged } = await judge({ body, fetchedAt }, standing?.last)
    if (outcome.outcome === 'refused') throw new Refusal(outcome.why)
    const kept = { last: outcome.last, body, fetchedAt }
    const committed = await store.commit(keepEdition(key, kept, standing))
    // Nothing is believed that would be forgotten: the next start could be shown an older edition.
    if (!committed.ok) throw new Refusal('Somebody else kept another edition just now.')
    const [head] = committed.out
    // The very same content where nothing changed, so that whoever made something of it can keep that.
    const isSame = standing?.last.digest === outcome.last.digest && believed?.version === standing.version
    const content = isSame && believed !== undefined ? believed.content : judged.content
    believed = { ...judged, content, ...(head?.op === 'put' ? { version: head.version } : {}) }
  }

  /** A failure is words; the edition that is believed stays. */
  const attempt = async (act: () => Promise<void>): Promise<boolean> => {
    try {
      await act()
      failure = undefined
      return true
    } catch (error) {
      failure = error instanceof Refusal ? error.message : failureOf(error)
      return false
    }
  }

  const refresh = async (): Promise<void> => {
    const done = await attempt(async () => {
      const standing = await findEdition(store, key)
      // Broken in itself is no reason not to look for a better one.
      await attempt(() => adopt(standing))
      await fetchAndKeep(standing)
    })
    failures = done ? 0 : failures + 1
    due =
      done && believed !== undefined
        ? dueAfterSuccess(believed, bounds)
        : dueAfterFailure(now(), failures, bounds)
  }

  return {
    name: document.name,
    url: document.url,
    believed: () => believed,
    failure: () => failure,
    dueAt: () => due,
    async load() {
      await attempt(async () => adopt(await findEdition(store, key)))
    },
    refresh() {
      underWay ??= refresh().finally(() => {
        underWay = undefined
      })
      return underWay
    },
  }
}

class Refusal extends Error {}

function failureOf(error: unknown): string {
  const name = error instanceof Error ? error.name : ''
  if (name === 'TrustError') return 'It cannot be read.'
  if (name === 'StoreError')
    return 'What was kept of it cannot be read or written, so nothing newer is believed.'
  return 'It could not be looked at, and it is not known why.'
}
