/**
 * Nonces that nobody has to remember: the time, some randomness, and a keyed digest of both.
 * OpenID4VCI 1.0 §7.2. A `c_nonce` is used up by the request that is accepted with it, and only its
 * digest is then kept, for as long as it could still be believed.
 *
 * The same form serves proofs of other kinds; a nonce for one is none for another.
 */

import { writeBase64url } from '@facet-id/credential/base64url'
import type { Hash, Mac, Random } from '@facet-id/credential/jose'

/** How far two honest clocks may differ. */
export const CLOCK_SKEW_SECONDS = 30

/** What a nonce is for: proofs of keys, DPoP proofs, proofs of client attestations. */
export type NoncePurpose = 'c_nonce' | 'dpop' | 'client_attestation'

const FORM = /^([0-9]{1,12})\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/

export function makeNonce(now: number, random: Random, mac: Mac, purpose: NoncePurpose = 'c_nonce'): string {
  const body = `${now}.${writeBase64url(random(16))}`
  return `${body}.${mac(`${purpose}.${body}`)}`
}

/** Whether we made it for that purpose, and not longer than `lifetime` seconds ago. */
export function isNonceFresh(
  nonce: string,
  now: number,
  { mac, lifetime, purpose = 'c_nonce' }: { mac: Mac; lifetime: number; purpose?: NoncePurpose },
): boolean {
  const parts = FORM.exec(nonce)
  if (parts === null) return false
  const [, madeAt, salt, digest] = parts
  // Two keyed digests are compared, so the time that the comparison takes says nothing about ours.
  if (mac(`compare.${digest}`) !== mac(`compare.${mac(`${purpose}.${madeAt}.${salt}`)}`)) return false
  const age = now - Number(madeAt)
  return age >= -CLOCK_SKEW_SECONDS && age <= lifetime
}

/** The key under which a used nonce is remembered. */
export function nonceKey(nonce: string, hash: Hash): string {
  return hash('sha-256', nonce)
}
