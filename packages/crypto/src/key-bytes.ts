/** Keys that are bytes: how many they need, the same for every implementation. */
import { CryptoError } from './error.ts'

const MASTER_BYTES = 32
/** A shorter key than the digest weakens the code (RFC 2104 §3). */
const MIN_MAC_KEY_BYTES = 32

export const DERIVED_BYTES = 32

/** @throws {CryptoError} `key_unusable` */
export function ensureMaster(master: Uint8Array): void {
  if (master.length >= MASTER_BYTES) return
  throw new CryptoError('key_unusable', `A master key has ${MASTER_BYTES} bytes or more`)
}

/** @throws {CryptoError} `key_unusable` */
export function ensureMacKey(key: Uint8Array): void {
  if (key.length >= MIN_MAC_KEY_BYTES) return
  throw new CryptoError('key_unusable', `A key for HMAC-SHA-256 needs ${MIN_MAC_KEY_BYTES} bytes or more`)
}

/** HKDF's `info` of a purpose. */
export function infoOf(purpose: string): string {
  return `facet/${purpose}`
}
