/**
 * The access token that is bound to a key, in the `Authorization` header, and the challenge when it, or the
 * proof beside it, is missing or wrong. RFC 9449 §7.1, §9. `readAccessToken` reads the header.
 */
import type { JwsAlgorithm } from '@facet-id/credential/jose'
import type { BearerError } from '../bearer.ts'

/** Codes of RFC 9449, and those of RFC 6750 §3.1 that may stand in the same place. */
export type DpopError = 'invalid_dpop_proof' | 'use_dpop_nonce' | BearerError

/** Value of the `Authorization` header. */
export function writeDpopAuthorization(accessToken: string): string {
  return `DPoP ${accessToken}`
}

/**
 * Value of the `WWW-Authenticate` header.
 *
 * @param algs the algorithms of proofs that are taken: §7.1 wants them told
 * @param error absent when the request brought no token at all
 */
export function writeDpopChallenge(algs: readonly JwsAlgorithm[], error?: DpopError): string {
  const named = error === undefined ? '' : `error="${error}", `
  return `DPoP ${named}algs="${algs.join(' ')}"`
}
