/**
 * The bits of a status list, uncompressed (Token Status List §4.1, §7.1).
 *
 * Entries are packed into bytes from the least significant bit on: of the byte `B9` = `1011 1001`
 * entry 0 is the last bit, 1. An entry never crosses from one byte into the next.
 */
import { CredentialError } from '../error.ts'

/** Bits an entry has. */
export type StatusBits = 1 | 2 | 4 | 8

/** §7.1. Only `valid` lets a credential pass. */
export type StatusMeaning = 'valid' | 'invalid' | 'suspended' | 'application_specific' | 'unknown'

/** Half a GiB: more than anyone inflates, and less than any engine fails to hold. */
const maxBytes = 2 ** 29

/**
 * A list in which every entry is valid (0).
 *
 * @param entries how many; filled up to whole bytes
 * @param bits of each: wide enough for every status that will be used
 * @throws {CredentialError} `status_unsupported` for another width, and when that many cannot be
 */
export function createStatusBits(entries: number, bits: StatusBits): Uint8Array<ArrayBuffer> {
  checkWidth(bits)
  const bytes = Math.ceil((entries * bits) / 8)
  if (!Number.isSafeInteger(entries) || entries < 1 || bytes > maxBytes) {
    throw new CredentialError('status_unsupported', `A status list has 1 to ${(maxBytes * 8) / bits} entries`)
  }
  return new Uint8Array(bytes)
}

/**
 * Writes one entry, in place; its neighbours in the byte stay as they are.
 *
 * @param status 0 and up, as far as `bits` reach (§7: the whole value is one status)
 * @throws {CredentialError} `status_index_out_of_range`; `status_unsupported` for another width, and for a
 * status that does not fit
 */
export function setStatus(bytes: Uint8Array, bits: StatusBits, index: number, status: number): void {
  checkWidth(bits)
  const mask = (1 << bits) - 1
  if ((status & mask) !== status) {
    throw new CredentialError('status_unsupported', `A status of ${bits} bits is 0 to ${mask}`)
  }
  const { byte, value, shift } = placeOf(bytes, bits, index)
  bytes[byte] = (value & ~(mask << shift)) | (status << shift)
}

/**
 * The entry at an index.
 *
 * @throws {CredentialError} `status_index_out_of_range` (§8.3: such a credential must be refused),
 * `status_unsupported` for a width that is not 1, 2, 4 or 8
 */
export function statusAt(bytes: Uint8Array, bits: number, index: number): number {
  checkWidth(bits)
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

function checkWidth(bits: number): asserts bits is StatusBits {
  if (isStatusBits(bits)) return
  throw new CredentialError('status_unsupported', 'Entries of a status list have 1, 2, 4 or 8 bits')
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
