/**
 * The header of a sealed store: one record that tells at once whether a key fits, and in the clear
 * how a passphrase becomes a key. It rests unsealed in a namespace of its own.
 */
import { StoreError } from './error.ts'
import { readRecord, writeRecord } from './record.ts'
import { SEAL_NAMESPACE, type Sealer } from './sealed.ts'
import type { Store } from './store.ts'

/** How hard a passphrase is to try: scrypt (RFC 7914 §2). */
export interface KdfCost {
  /** A power of two; the memory taken is 128 · N · r bytes. */
  readonly N: number
  readonly r: number
  readonly p: number
}

/** All that is needed besides the passphrase to derive the key. */
export interface KdfParams extends KdfCost {
  readonly kdf: 'scrypt'
  /** 16 to 64 bytes. */
  readonly salt: Uint8Array
}

export interface SealHeader {
  /** The known text as the key sealed it. */
  readonly check: Uint8Array
  /** Absent when the store is sealed by a key and not by a passphrase. */
  readonly params?: KdfParams
}

const KEY = 'header'
const KNOWN_TEXT = 'this key opens this store'
const MIN_N = 2 ** 14
const MAX_MEMORY_BYTES = 2 ** 28
const MAX_P = 4

/**
 * The header, or `undefined` where none was written yet.
 *
 * @throws {StoreError} `seal_broken`: it is damaged, or asks for more work than any release wrote;
 *   `format_unknown`: a newer release wrote it
 */
export async function readSealHeader(store: Store): Promise<SealHeader | undefined> {
  const entry = await store.get(SEAL_NAMESPACE, KEY)
  if (entry === undefined) return undefined
  const { check, params } = readHeaderRecord(entry.value)
  return { check: readHex(check), ...(params === undefined ? {} : { params: readParams(params) }) }
}

/** Writes a header unless one stands there, and gives the one that stands there afterwards. */
export async function writeSealHeader(store: Store, sealer: Sealer, params?: KdfParams): Promise<SealHeader> {
  const check = await sealer.seal(new TextEncoder().encode(KNOWN_TEXT), associatedWith(params))
  const value = writeRecord({
    v: 1,
    check: writeHex(check),
    ...(params === undefined ? {} : { params: plainParams(params) }),
  })
  await store.commit([{ op: 'put', ns: SEAL_NAMESPACE, key: KEY, value, if: 'absent' }])
  const header = await readSealHeader(store)
  if (header === undefined) throw brokenHeader('vanished')
  return header
}

/** Whether the key opens the header's known text: then it is the key of this store. */
export async function fitsHeader(header: SealHeader, sealer: Sealer): Promise<boolean> {
  try {
    const plain = await sealer.open(header.check, associatedWith(header.params))
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(plain) === KNOWN_TEXT
  } catch {
    return false
  }
}

/**
 * Reads the cost of a derivation, within bounds: a header that was tampered with must not make us
 * take all memory, or days.
 *
 * @throws {StoreError} `seal_broken`
 */
export function readKdfCost(cost: { readonly [name in keyof KdfCost]?: unknown }): KdfCost {
  const N = readWhole(cost.N)
  const r = readWhole(cost.r)
  const p = readWhole(cost.p)
  const isPowerOfTwo = Number.isInteger(Math.log2(N))
  if (!isPowerOfTwo || N < MIN_N || 128 * N * r > MAX_MEMORY_BYTES || p > MAX_P) {
    throw brokenHeader(
      `asks for a derivation outside N ≥ ${MIN_N}, 128·N·r ≤ ${MAX_MEMORY_BYTES}, p ≤ ${MAX_P}`,
    )
  }
  return { N, r, p }
}

interface HeaderRecord {
  readonly check: unknown
  readonly params: unknown
}

function readHeaderRecord(bytes: Uint8Array): HeaderRecord {
  try {
    const { check, params } = readRecord(bytes, 1)
    return { check, params }
  } catch (cause) {
    if (cause instanceof StoreError && cause.code === 'format_unknown') throw cause
    throw brokenHeader('is no record', cause)
  }
}

function readParams(value: unknown): KdfParams {
  if (typeof value !== 'object' || value === null) throw brokenHeader('has parameters that are none')
  const { kdf, salt, N, r, p }: { kdf?: unknown; salt?: unknown; N?: unknown; r?: unknown; p?: unknown } =
    value
  if (kdf !== 'scrypt') {
    throw new StoreError(
      'format_unknown',
      'The seal was derived by a function that this release does not know',
    )
  }
  const bytes = readHex(salt)
  if (bytes.length < 16 || bytes.length > 64) throw brokenHeader('has a salt that is not 16 to 64 bytes')
  return { kdf, salt: bytes, ...readKdfCost({ N, r, p }) }
}

/** Binds the known text to the parameters, so that they cannot be exchanged under it. */
function associatedWith(params: KdfParams | undefined): string {
  return `header\0${params === undefined ? '' : JSON.stringify(plainParams(params))}`
}

function plainParams({ kdf, salt, N, r, p }: KdfParams): object {
  return { kdf, salt: writeHex(salt), N, r, p }
}

function readWhole(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value
  throw brokenHeader('has a parameter that is no positive whole number')
}

function writeHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function readHex(text: unknown): Uint8Array {
  if (typeof text !== 'string' || !/^(?:[0-9a-f]{2}){1,1024}$/.test(text))
    throw brokenHeader('has bytes that are no hex')
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

function brokenHeader(why: string, cause?: unknown): StoreError {
  return new StoreError('seal_broken', `The header of the sealed store ${why}: restore it from a backup`, {
    cause,
  })
}
