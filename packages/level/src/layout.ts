/**
 * Which key in the database holds what. Keys are text, in the order of its UTF-8 bytes; a namespace
 * holds no NUL and a key or name may.
 *
 *     c <name>                                   counter: the next number
 *     f                                          the form of this layout
 *     h <name>                                   log: the next sequence number
 *     l <length of name> <name> <seq>            log entry
 *     r <ns> NUL <key>                           record
 *     v                                          versions below this one may have been given
 *     x <expiresAt> <ns> NUL <key>               record to be swept from then on; no value
 *
 * Lengths are 4 hexadecimal digits, numbers 14 (2^53 has 14).
 */
import type { KeyRange, Namespace } from '@facet-id/store'

export interface Bounds {
  readonly gte: string
  readonly lt: string
}

/** Where a record is in the index of what expires. */
export interface Expiring {
  readonly indexKey: string
  readonly recordKey: string
}

export const FORMAT_KEY = 'f'
export const VERSIONS_KEY = 'v'

const NUMBER_DIGITS = 14

export function recordKey(ns: Namespace, key: string): string {
  return `r${ns}\0${key}`
}

export function recordBounds(ns: Namespace, { gte = '', lt }: KeyRange): Bounds {
  return { gte: recordKey(ns, gte), lt: lt === undefined ? `r${ns}\u0001` : recordKey(ns, lt) }
}

/** The record's own key, out of its key in the database. */
export function keyOfRecord(ns: Namespace, recordKey: string): string {
  return recordKey.slice(ns.length + 2)
}

export function counterKey(name: string): string {
  return `c${name}`
}

export function logHeadKey(name: string): string {
  return `h${name}`
}

export function logEntryKey(name: string, seq: number): string {
  return `l${name.length.toString(16).padStart(4, '0')}${name}${digits(seq)}`
}

/** @param end the first sequence number that is not wanted */
export function logBounds(name: string, from: number, end: number): Bounds {
  return { gte: logEntryKey(name, from), lt: logEntryKey(name, Math.min(end, Number.MAX_SAFE_INTEGER)) }
}

export function seqOfLogEntry(entryKey: string): number {
  return Number.parseInt(entryKey.slice(-NUMBER_DIGITS), 16)
}

/** Whether it is asked for by its key; the others are met one after the other. */
export function isLookedUp(key: string): boolean {
  return !key.startsWith('x') && !key.startsWith('l')
}

export function expiryKey(expiresAt: number, recordKey: string): string {
  return `x${digits(expiresAt)}${recordKey.slice(1)}`
}

/** What has expired at `moment`, the oldest first. */
export function expiredBounds(moment: number): Bounds {
  return { gte: 'x', lt: `x${digits(Math.max(0, Math.floor(moment) + 1))}` }
}

export function readExpiryKey(indexKey: string): Expiring {
  return { indexKey, recordKey: `r${indexKey.slice(1 + NUMBER_DIGITS)}` }
}

function digits(number: number): string {
  return number.toString(16).padStart(NUMBER_DIGITS, '0')
}
