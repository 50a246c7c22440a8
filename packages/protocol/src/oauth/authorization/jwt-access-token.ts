/**
 * Access tokens that say themselves what they are good for. RFC 9068.
 *
 * Reading verifies nothing: the issuer finds the server's key by `kid`, and its crypto answers the check.
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
import { ProtocolError } from '../../error.ts'
import { readTokenClaims, type TokenClaims } from './introspection.ts'

export interface JwtAccessToken {
  readonly claims: TokenClaims & Required<Pick<TokenClaims, 'iss' | 'sub' | 'exp' | 'aud' | 'client_id'>>
  readonly alg: JwsAlgorithm
  /** Absent: the server has one key. */
  readonly kid?: string
  check(key: PublicJwk): SignatureCheck
}

const LENGTH = 8192

/** Whether a token has the form of one at all; others are for introspection. */
export function looksLikeJwt(token: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)
}

/**
 * @throws {CredentialError} those of `readJws`, for another `typ` than `at+jwt` too
 * @throws {ProtocolError} `message_malformed` where a claim is missing that RFC 9068 §2.2 demands
 */
export function readJwtAccessToken(token: string): JwtAccessToken {
  const jws = readJws(token, { typ: 'at+jwt', algs: jwsAlgorithms, maxBytes: LENGTH })
  const { alg, kid } = jws.header
  return {
    claims: readAccessTokenClaims(jws.payload),
    alg,
    ...(kid === undefined ? {} : { kid }),
    check: (key) => checkOf(jws, key),
  }
}

/**
 * What a token says whose signature was verified elsewhere.
 *
 * @throws {ProtocolError} `message_malformed` where a claim is missing that RFC 9068 §2.2 demands
 */
export function readAccessTokenClaims(payload: JsonObject): JwtAccessToken['claims'] {
  const { iss, sub, exp, aud, client_id, ...others } = readTokenClaims(payload)
  if (
    iss === undefined ||
    sub === undefined ||
    exp === undefined ||
    aud === undefined ||
    client_id === undefined
  ) {
    throw new ProtocolError(
      'message_malformed',
      'An access token in the form of a JWT has iss, sub, exp, aud and client_id',
    )
  }
  return { iss, sub, exp, aud, client_id, ...others }
}
