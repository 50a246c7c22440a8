/**
 * Proof Key for Code Exchange: who redeems a code shows that it is who asked for it. RFC 7636.
 *
 * `S256` alone: with `plain` whoever sees the request could redeem the code (RFC 9700 §2.1.1).
 */
import type { Hash } from '@facet-id/credential/jose'
import * as v from 'valibot'
import type { Reader } from '../../read.ts'

export const CODE_CHALLENGE_METHOD = 'S256'

/** §4.1: 43 to 128 unreserved characters. */
export const codeVerifier: Reader<string> = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9._~-]{43,128}$/, 'must be 43 to 128 unreserved characters'),
)

/** §4.2: base64url of a SHA-256 digest. */
export const codeChallenge: Reader<string> = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9_-]{43}$/, 'must be a SHA-256 digest in base64url'),
)

/** The challenge of a verifier, which is ASCII (§4.2). */
export function codeChallengeOf(verifier: string, hash: Hash): string {
  return hash('sha-256', verifier)
}
