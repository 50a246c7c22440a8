/**
 * The bits of a status list, uncompressed (Token Status List §4.1, §7.1).
 *
 * Entries are packed into bytes from the least significant bit on: of the byte `B9` = `1011 1001`
 * entry 0 is the last bit, 1. Lists of all four widths are read; those of one bit are written.
 */
import { CredentialError } from '../error.ts'

/** Bits an entry has. */
export type StatusBits = 1 | 2 | 4 | 8

/** §7.1. Only `valid` lets a credential pass. */
export type StatusMeaning = 'valid' | 'invalid' | 'suspended' | 'application_specific' | 'unknown'

/** Entries are numbered by a safe integer; this many fit the largest list that anyone inflates. */
const maxEntries = 2 ** 32

/**
 * A list in which every entry is valid (0).
 *
 * @param entries how many; filled up to whole bytes
 * @throws {CredentialError} `status_unsupported` when that many cannot be
 */
export function createStatusBits(entries: number, bits: 1): Uint8Array<ArrayBuffer> {
  if (!Number.isSafeInteger(entries) || entries < 1 || entries > maxEntries) {
    throw new CredentialError('status_unsupported', `A status list has 1 to ${maxEntries} entries`)
  }
  return new Uint8Array(Math.ceil((entries * bits) / 8))
}

/**
 * Writes one entry of a list of one bit an entry, in place.
 *
 * @throws {CredentialError} `status_index_out_of_range`
 */
export function setStatus(bytes: Uint8Array, index: number, status: 0 | 1): void {
  const at = placeOf(bytes, 1, index)
  const mask = 1 << at.shift
  bytes[at.byte] = status === 1 ? at.value | mask : at.value & ~mask
}

/**
 * The entry at an index.
 *
 * @throws {CredentialError} `status_index_out_of_range` (§8.3: such a credential must be refused),
 * `status_unsupported` for a width that is not 1, 2, 4 or 8
 */
export function statusAt(bytes: Uint8Array, bits: number, index: number): number {
  if (!isStatusBits(bits)) {
    throw new CredentialError('status_unsupported', 'Entries of a status list have 1, 2, 4 or 8 bits')
  }
  const { value, shift } = placeOf(bytes, bits, index)
  return (value >> shift) & ((1 << bits) - 1)
}

/** Whether a list may have entries of that width. */
export function isStatusBits(bits: unknown): bits is StatusBits {
  return bits === 1 || bits === 2 || bits === 4 || bits === 8
}

/** What a status says. Values that are not registered, and those of applications, say nothing good. */
export function statusMeaning(status: number): StatusMeaning {
  if (status === 0x00) return 'valid'
  if (status === 0x01) return 'invalid'
  if (status === 0x02) return 'suspended'
  return status === 0x03 || (status >= 0x0c && status <= 0x0f) ? 'application_specific' : 'unknown'
}

function placeOf(
  bytes: Uint8Array,
  bits: StatusBits,
  index: number,
): { readonly byte: number; readonly value: number; readonly shift: number } {
  const byte = Math.floor((index * bits) / 8)
  const value = Number.isSafeInteger(index) ? bytes[byte] : undefined
  if (value === undefined) {
    throw new CredentialError('status_index_out_of_range', 'The status list has no entry of that number')
  }
  return { byte, value, shift: (index * bits) % 8 }
}
