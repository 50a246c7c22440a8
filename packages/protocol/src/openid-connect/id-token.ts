/**
 * ID Token: what a provider says about who logged in. OpenID Connect Core 1.0 §2, §3.1.3.7.
 *
 * Reading verifies nothing: the relying party finds the key, and its crypto answers the check.
 */
import {
  checkOf,
  type JwsAlgorithm,
  jwsAlgorithms,
  type PublicJwk,
  readJws,
  type SignatureCheck,
} from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import { ProtocolError } from '../error.ts'

export interface IdToken {
  readonly sub: string
  /** All that it says, as it was signed. */
  readonly claims: JsonObject
  readonly alg: JwsAlgorithm
  readonly kid?: string
  check(key: PublicJwk): SignatureCheck
}

/** What it is held against. */
export interface ExpectedIdToken {
  readonly issuer: string
  readonly clientId: string
  readonly nonce: string
  /** Seconds since the epoch. */
  readonly now: number
}

const LENGTH = 16_384
const SUBJECT_LENGTH = 255
/** Seconds by which clocks may differ. */
const SKEW = 60

/**
 * @throws {CredentialError} those of `readJws`
 * @throws {ProtocolError} `message_malformed` where it is not for us, not of now, or not the answer to our question
 */
export function readIdToken(token: string, expected: ExpectedIdToken): IdToken {
  const jws = readJws(token, { typ: 'JWT', typAbsent: 'allowed', algs: jwsAlgorithms, maxBytes: LENGTH })
  const { alg, kid } = jws.header
  return {
    ...readIdTokenClaims(jws.payload, expected),
    alg,
    ...(kid === undefined ? {} : { kid }),
    check: (key) => checkOf(jws, key),
  }
}

/**
 * What an ID Token says whose signature was verified elsewhere.
 *
 * @throws {ProtocolError} `message_malformed` where it is not for us, not of now, or not the answer to our question
 */
export function readIdTokenClaims(
  claims: JsonObject,
  { issuer, clientId, nonce, now }: ExpectedIdToken,
): Pick<IdToken, 'sub' | 'claims'> {
  const { iss, sub, aud, azp, exp, iat, nonce: given } = claims
  if (iss !== issuer) throw unfit('is of another provider')
  // §3.1.3.7: one audience, and that is us; others would be able to use what was meant for us.
  const audiences = Array.isArray(aud) ? aud : [aud]
  if (audiences.length !== 1 || audiences[0] !== clientId) throw unfit('is for somebody else')
  if (azp !== undefined && azp !== clientId) throw unfit('was given to somebody else')
  if (given !== nonce) throw unfit('answers another question')
  if (typeof exp !== 'number' || exp <= now - SKEW) throw unfit('is over')
  if (typeof iat !== 'number' || iat > now + SKEW) throw unfit('comes from the future')
  if (typeof sub !== 'string' || sub === '' || sub.length > SUBJECT_LENGTH) throw unfit('names nobody')
  return { sub, claims }
}

function unfit(why: string): ProtocolError {
  return new ProtocolError('message_malformed', `The ID Token ${why}`)
}
