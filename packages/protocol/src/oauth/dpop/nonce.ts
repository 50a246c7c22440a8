/**
 * Nonces of servers for DPoP proofs: what a server gave last, in any response, goes into the next proof that
 * is made for it. RFC 9449 §8, §8.2, §9.
 */

import type { WireResponse } from '../../wire.ts'
import { findBearerError } from '../bearer.ts'
import { readErrorResponse } from '../error-response.ts'

export const DPOP_NONCE_HEADER = 'dpop-nonce'

/** Characters of a nonce. */
export const DPOP_NONCE_LENGTH = 1024

/** §8.1: `nonce = 1*NQCHAR`. Two of them are joined by a blank, which is none. */
const NONCE = /^[\x21\x23-\x5B\x5D-\x7E]{1,1024}$/

/** The same response with a nonce for the next proof. */
export function withDpopNonce(response: WireResponse, nonce: string): WireResponse {
  return { ...response, headers: { ...response.headers, [DPOP_NONCE_HEADER]: nonce } }
}

/** The nonce that a response brings; absent when it brings none, or none that can be sent back. */
export function findDpopNonce({ headers }: Pick<WireResponse, 'headers'>): string | undefined {
  const nonce = headers[DPOP_NONCE_HEADER]
  return nonce !== undefined && NONCE.test(nonce) ? nonce : undefined
}

/**
 * Whether a server refused a request for the nonce alone, and gave one to try again with: 400 of an
 * authorization server (§8), 401 of a resource server (§9).
 */
export function wantsDpopNonce(response: WireResponse): boolean {
  if (response.status !== 400 && response.status !== 401) return false
  if (findDpopNonce(response) === undefined) return false
  if (findBearerError(response.headers) === 'use_dpop_nonce') return true
  try {
    return readErrorResponse(response).error === 'use_dpop_nonce'
  } catch {
    // A page of a proxy is no such answer.
    return false
  }
}
