/**
 * How entries of the log hang together: each is kept with the link of the one before it, and a link is the
 * digest of that link and the bytes as they rest. Whoever changes, takes out or puts in an entry breaks all
 * links from there on.
 */
import { writeBase64url } from '@facet-id/credential/base64url'
import type { Hash } from '@facet-id/credential/jose'
import type { LogEntry } from '../presentation/log-store.ts'

/** Where a log begins, or ends: the number of the next entry, and the link of the one before it. */
export interface LogPlace {
  /** Counted from 0 over all entries that ever were. */
  readonly next: number
  /** base64url of a SHA-256; empty before the first entry. */
  readonly link: string
}

export const beginning: LogPlace = { next: 0, link: '' }

/** An entry with its place. Those of older releases have none, and are covered by the link of what comes after. */
export interface LinkedEntry {
  readonly seq: number
  /** The link of the entry before it. */
  readonly prev: string
  readonly entry: LogEntry
}

/** The place after an entry. @param bytes as they rest */
export function placeAfter({ next, link }: LogPlace, bytes: Uint8Array, hash: Hash): LogPlace {
  return { next: next + 1, link: hash('sha-256', `${link}.${writeBase64url(bytes)}`) }
}

/** Whether an entry stands where the one before it ends. */
export function follows({ seq, prev }: Pick<LinkedEntry, 'seq' | 'prev'>, { next, link }: LogPlace): boolean {
  return seq === next && prev === link
}
