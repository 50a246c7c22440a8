/**
 * The form of what is sealed at rest, the same for every implementation: AES-256-GCM (NIST SP 800-38D)
 * with a random nonce.
 *
 * ```
 * 1 byte    format, 0x01; authenticated too
 * 12 bytes  nonce
 * n bytes   ciphertext
 * 16 bytes  tag
 * ```
 *
 * A random nonce of 96 bits is good for 2³² seals under one key (§8.3).
 */
import { utf8 } from '@facet-id/credential/base64url'
import type { MaybePromise } from '@facet-id/credential/jose'
import { CryptoError } from './error.ts'

/** Fits the ports `Seal` and `Open`. */
export interface Sealer {
  /** @param associated authenticated but not kept: who opens must know it; well-formed text */
  seal(plain: Uint8Array, associated: string): MaybePromise<Uint8Array>
  /** @throws {CryptoError} `seal_broken`; `seal_format_unknown` */
  open(sealed: Uint8Array, associated: string): MaybePromise<Uint8Array>
}

export const SEAL_FORMAT = 1
export const NONCE_BYTES = 12
export const TAG_BYTES = 16
export const HEAD_BYTES: number = 1 + NONCE_BYTES

const KEY_BYTES = 32

/** @throws {CryptoError} `key_unusable` */
export function ensureSealKey(key: Uint8Array): void {
  if (key.length !== KEY_BYTES)
    throw new CryptoError('key_unusable', `A key that seals has ${KEY_BYTES} bytes`)
}

/** What is authenticated beside the text: the format, and the caller's. */
export function authenticated(associated: string): Uint8Array<ArrayBuffer> {
  const text = utf8(associated)
  const bytes = new Uint8Array(1 + text.length)
  bytes[0] = SEAL_FORMAT
  bytes.set(text, 1)
  return bytes
}

/** The nonce, and the ciphertext with its tag behind it. */
export interface SealedParts {
  readonly nonce: Uint8Array
  readonly body: Uint8Array
}

/** @throws {CryptoError} `seal_broken`; `seal_format_unknown` */
export function readSealed(sealed: Uint8Array): SealedParts {
  if (sealed.length < HEAD_BYTES + TAG_BYTES) throw broken()
  if (sealed[0] !== SEAL_FORMAT) {
    throw new CryptoError('seal_format_unknown', 'Sealed in a form that this release does not know')
  }
  return { nonce: sealed.subarray(1, HEAD_BYTES), body: sealed.subarray(HEAD_BYTES) }
}

export function writeSealed({ nonce, body }: SealedParts): Uint8Array {
  const sealed = new Uint8Array(HEAD_BYTES + body.length)
  sealed[0] = SEAL_FORMAT
  sealed.set(nonce, 1)
  sealed.set(body, HEAD_BYTES)
  return sealed
}

export function broken(cause?: unknown): CryptoError {
  return new CryptoError('seal_broken', 'What was sealed was changed or moved, or the key is another', {
    cause,
  })
}
