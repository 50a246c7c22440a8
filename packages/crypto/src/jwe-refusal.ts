/** How encrypted messages are refused, and what is mixed into their keys, the same for every implementation. */
import { readBase64url } from '@facet-id/credential/base64url'
import type { JweRecipient } from '@facet-id/credential/jwe'
import { CryptoError } from './error.ts'

/** One refusal for whatever is wrong: who sends must not learn how far it came (RFC 7516 §11.5). */
export function brokenJwe(cause?: unknown): CryptoError {
  return new CryptoError('jwe_broken', 'What was encrypted was changed, or is for another key', { cause })
}

export function recipientUnusable(cause?: unknown): CryptoError {
  return new CryptoError('key_unusable', 'Nobody can encrypt to this key: it is no ECDH-ES key on P-256', {
    cause,
  })
}

/**
 * RFC 7518 §4.6.2: "The "apu" and "apv" values MUST be distinct, when used."
 *
 * @throws {CryptoError} `jwe_parties_alike`
 */
export function ensureDistinctParties({ apu, apv }: Pick<JweRecipient, 'apu' | 'apv'>): void {
  if (apu === undefined || apu !== apv) return
  throw new CryptoError(
    'jwe_parties_alike',
    'Sender and receiver of an encrypted message need different names',
  )
}

/**
 * The bytes of `apu` or `apv`.
 *
 * @throws {CredentialError} `base64url_malformed`
 */
export function partyOf(text: string): Uint8Array<ArrayBuffer> {
  return readBase64url(text)
}
