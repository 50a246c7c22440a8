/** Is whoever redeems a code the one who asked for it? RFC 7636 §4.6, RFC 9700 §2.1.1. */
import type { Hash } from '@facet-id/credential/jose'
import { codeChallengeOf } from '@facet-id/protocol/oauth/authorization'
import { IssuerError } from '../error.ts'

/**
 * Each without the other is an attack that takes the challenge away on one of the two ways.
 *
 * @throws {IssuerError} `code_verifier_wrong`
 */
export function checkVerifier(challenge: string | undefined, verifier: string | undefined, hash: Hash): void {
  if (isVerifier(challenge, verifier, hash)) return
  throw new IssuerError(
    'code_verifier_wrong',
    'The code_verifier is not the one of the code_challenge that the code was asked for with',
  )
}

export function isVerifier(challenge: string | undefined, verifier: string | undefined, hash: Hash): boolean {
  if (challenge === undefined || verifier === undefined) return challenge === verifier
  return codeChallengeOf(verifier, hash) === challenge
}

/** @throws {IssuerError} `code_challenge_missing` */
export function checkChallenged(challenge: string | undefined): void {
  if (challenge !== undefined) return
  throw new IssuerError(
    'code_challenge_missing',
    'An authorization request has code_challenge and code_challenge_method=S256',
  )
}
