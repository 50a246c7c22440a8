/**
 * Base58 with the alphabet of Bitcoin: how keys and hashes are written in DIDs (multibase `z`).
 *
 * Digits are taken in groups of four and bytes in groups of three, so that one times the other stays an exact
 * number. The cost grows with the square of the length: readers bound it.
 */
import { CredentialError } from './error.ts'

const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const outside = 0xff

const digitOf: Uint8Array = new Uint8Array(128).fill(outside)
for (let digit = 0; digit < alphabet.length; digit++) digitOf[alphabet.charCodeAt(digit)] = digit

const groupDigits = 4
const limbBytes = 3
const groupSize = 58 ** groupDigits
const limbSize = 256 ** limbBytes

/**
 * Bytes of a base58btc text. Each text of the alphabet has exactly one reading, and each reading one text.
 *
 * @throws {CredentialError} `base58btc_malformed` for a character outside of the alphabet
 */
export function readBase58btc(text: string): Uint8Array<ArrayBuffer> {
  let zeros = 0
  while (text.charCodeAt(zeros) === 0x31) zeros++
  // Little-endian limbs.
  const limbs: number[] = []
  for (let at = zeros; at < text.length; ) {
    const end = Math.min(at + groupDigits, text.length)
    let carry = 0
    let factor = 1
    for (; at < end; at++) {
      const digit = digitOf[text.charCodeAt(at)] ?? outside
      if (digit === outside) throw malformed()
      carry = carry * 58 + digit
      factor *= 58
    }
    for (let i = 0; i < limbs.length; i++) {
      const sum = (limbs[i] ?? 0) * factor + carry
      // Subtracting is many times as fast as `%` on numbers of this size, and as exact.
      carry = Math.floor(sum / limbSize)
      limbs[i] = sum - carry * limbSize
    }
    for (; carry > 0; carry = Math.floor(carry / limbSize)) limbs.push(carry % limbSize)
  }
  return bytesOf(limbs, zeros)
}

/** Base58btc of the bytes. */
export function writeBase58btc(bytes: Uint8Array): string {
  let zeros = 0
  while (bytes[zeros] === 0) zeros++
  // Little-endian groups of digits.
  const groups: number[] = []
  for (let at = zeros; at < bytes.length; ) {
    // The first limb takes what does not fill a whole one.
    const end = at + ((bytes.length - at) % limbBytes || limbBytes)
    let carry = 0
    let factor = 1
    for (; at < end; at++) {
      carry = carry * 256 + (bytes[at] ?? 0)
      factor *= 256
    }
    for (let i = 0; i < groups.length; i++) {
      const sum = (groups[i] ?? 0) * factor + carry
      carry = Math.floor(sum / groupSize)
      groups[i] = sum - carry * groupSize
    }
    for (; carry > 0; carry = Math.floor(carry / groupSize)) groups.push(carry % groupSize)
  }
  let text = ''
  for (const [place, group] of groups.entries()) {
    let rest = group
    let digits = ''
    const isFirst = place === groups.length - 1
    while (isFirst ? rest > 0 : digits.length < groupDigits) {
      digits = `${alphabet.charAt(rest % 58)}${digits}`
      rest = Math.floor(rest / 58)
    }
    text = `${digits}${text}`
  }
  return `${'1'.repeat(zeros)}${text}`
}

/** The limbs as bytes, without zeros in front but those that were written. */
function bytesOf(limbs: readonly number[], zeros: number): Uint8Array<ArrayBuffer> {
  const last = limbs.at(-1) ?? 0
  const inLast = limbs.length === 0 ? 0 : last > 0xffff ? 3 : last > 0xff ? 2 : 1
  const bytes = new Uint8Array(zeros + Math.max(0, limbs.length - 1) * 3 + inLast)
  for (let at = bytes.length - 1, i = 0; at >= zeros; i++) {
    const limb = limbs[i] ?? 0
    for (let shift = 0; shift < 24 && at >= zeros; shift += 8) bytes[at--] = (limb >> shift) & 0xff
  }
  return bytes
}

function malformed(): CredentialError {
  return new CredentialError('base58btc_malformed', 'The text holds a character that base58btc does not have')
}
