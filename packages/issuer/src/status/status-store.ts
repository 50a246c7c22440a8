/**
 * The state of the status lists: how many entries were given out, which of them are not valid any
 * more (valid ones need no record), and the tokens that are published.
 */
import { type Op, recordForm, type Store, type Version } from '@facet-id/store'
import type { StatusEntry } from './status.ts'

const REVOKED_NS = 'issuer/revoked'
const LIST_NS = 'issuer/status-list'
const PUBLISHED_NS = 'issuer/status-list-token'
const COUNTER = 'issuer/status-entry'

export interface PublishedList {
  readonly token: string
  /** Seconds since the epoch. */
  readonly issuedAt: number
}

const listForm = recordForm<{ readonly list: number }>(1)
const revokedForm = recordForm<{ readonly index: number }>(1)
const publishedForm = recordForm<PublishedList>(1)

/**
 * Takes entries from the counter of those lists. What is taken and then not used stays a gap, and stays valid.
 */
export async function allotEntries(store: Store, count: number, firstList = 0): Promise<number> {
  const name = firstList === 0 ? COUNTER : `${COUNTER}.${firstList}`
  const committed = await store.commit([{ op: 'alloc', name, count }])
  const [out] = committed.ok ? committed.out : []
  if (out?.op !== 'alloc') throw new TypeError('a store that commits an alloc yields its first number')
  return out.first
}

/** Says that a list has entries, so that it is served. */
export function openList(list: number): Op {
  return { op: 'put', ns: LIST_NS, key: numbered(list), value: listForm.write({ list }) }
}

export async function isListOpen(store: Store, list: number): Promise<boolean> {
  return (await store.get(LIST_NS, numbered(list))) !== undefined
}

export async function* listsOpen(store: Store): AsyncIterable<number> {
  for await (const entry of store.range(LIST_NS)) yield listForm.read(entry.value).list
}

export function revokeEntry({ list, index }: StatusEntry): Op {
  return {
    op: 'put',
    ns: REVOKED_NS,
    key: `${numbered(list)}.${numbered(index)}`,
    value: revokedForm.write({ index }),
  }
}

export async function* revokedIn(store: Store, list: number): AsyncIterable<number> {
  const within = { gte: `${numbered(list)}.`, lt: `${numbered(list)}/` }
  for await (const entry of store.range(REVOKED_NS, within)) {
    yield revokedForm.read(entry.value).index
  }
}

export async function findPublished(
  store: Store,
  list: number,
): Promise<{ readonly published: PublishedList; readonly version: Version } | undefined> {
  const entry = await store.get(PUBLISHED_NS, numbered(list))
  return entry && { published: publishedForm.read(entry.value), version: entry.version }
}

/** Only in the place of the token that was read before: a slower publisher never undoes a newer list. */
export function publishList(list: number, published: PublishedList, over: Version | undefined): Op {
  const value = publishedForm.write(published)
  return {
    op: 'put',
    ns: PUBLISHED_NS,
    key: numbered(list),
    value,
    if: over === undefined ? 'absent' : { version: over },
  }
}

/** Ten digits, so that the order of the keys is the order of the numbers. */
function numbered(value: number): string {
  return String(value).padStart(10, '0')
}
