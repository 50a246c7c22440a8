/**
 * The last edition of each document of trust that was accepted, with its number: what keeps a list from being rolled
 * back, also across a restart. Edition and number are one commit, so that neither is ever there without the other.
 */
import type { Hash } from '@facet-id/credential/jose'
import { type Op, recordForm, type Store, StoreError, type Version } from '@facet-id/store'
import type { LastEdition } from '@facet-id/trust/lists'

export interface KeptEdition {
  readonly last: LastEdition
  readonly body: Uint8Array
  /** When it was seen at its address for the last time, seconds since the epoch. */
  readonly fetchedAt: number
}

export interface StandingEdition extends KeptEdition {
  readonly version: Version
}

const NS = 'trust/edition'
const PART_NS = 'trust/edition-part'
/** Well below what a store takes as one value, also when it is sealed. */
const PART_BYTES = 1_048_576

interface Head extends LastEdition {
  readonly fetchedAt: number
  readonly parts: number
}

const form = recordForm<Head>(1)

/** What documents are called is the operator's; a key of a record says nothing of it. */
export function editionKey(identity: string, hash: Hash): string {
  return hash('sha-256', identity)
}

/**
 * @throws {StoreError} `store_corrupt`, `format_unknown`: then nobody knows what must not come back, and no edition
 * may be accepted
 */
export async function findEdition(store: Store, key: string): Promise<StandingEdition | undefined> {
  const entry = await store.get(NS, key)
  if (entry === undefined) return undefined
  const { sequence, digest, fetchedAt, parts } = form.read(entry.value)
  const read: Uint8Array[] = []
  for (const name of partsOf({ key, digest }, parts)) {
    const part = await store.get(PART_NS, name)
    if (part === undefined)
      throw new StoreError(
        'store_corrupt',
        'Of an edition that was kept a part is missing: restore it from a backup',
      )
    read.push(part.value)
  }
  return { version: entry.version, last: { sequence, digest }, fetchedAt, body: joined(read) }
}

/**
 * Keeps an edition in the place of the one that stands, whole or not at all. It is refused where somebody else has
 * kept one meanwhile.
 */
export function keepEdition(
  key: string,
  { last, body, fetchedAt }: KeptEdition,
  standing: StandingEdition | undefined,
): readonly Op[] {
  const parts = Math.ceil(body.length / PART_BYTES)
  const head: Op = {
    op: 'put',
    ns: NS,
    key,
    value: form.write({ ...last, fetchedAt, parts }),
    if: standing === undefined ? 'absent' : { version: standing.version },
  }
  if (standing?.last.digest === last.digest && standing.body.length === body.length) return [head]
  const old =
    standing === undefined
      ? []
      : partsOf({ key, digest: standing.last.digest }, Math.ceil(standing.body.length / PART_BYTES))
  return [
    head,
    ...old.map((name): Op => ({ op: 'del', ns: PART_NS, key: name })),
    ...partsOf({ key, digest: last.digest }, parts).map((name, at): Op => {
      const value = body.slice(at * PART_BYTES, (at + 1) * PART_BYTES)
      return { op: 'put', ns: PART_NS, key: name, value }
    }),
  ]
}

function partsOf(
  { key, digest }: { readonly key: string; readonly digest: string },
  parts: number,
): string[] {
  return Array.from({ length: parts }, (_, at) => `${key}.${digest}.${at}`)
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((total, { length }) => total + length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
