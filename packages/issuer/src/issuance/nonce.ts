/**
 * Nonces that nobody has to remember: the time, some randomness, and a keyed digest of both.
 * OpenID4VCI 1.0 §7.2. A nonce is used up by the request that is accepted with it, and only its
 * digest is then kept, for as long as it could still be believed.
 */

import { writeBase64url } from '@facet-id/credential/base64url'
import type { Hash, Mac, Random } from '@facet-id/credential/jose'

/** How far two honest clocks may differ. */
export const CLOCK_SKEW_SECONDS = 30

const PURPOSE = 'c_nonce'
const FORM = /^([0-9]{1,12})\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/

export function makeNonce(now: number, random: Random, mac: Mac): string {
  const body = `${now}.${writeBase64url(random(16))}`
  return `${body}.${mac(`${PURPOSE}.${body}`)}`
}

/** Whether we made it, and not longer than `lifetime` seconds ago. */
export function isNonceFresh(
  nonce: string,
  now: number,
  { mac, lifetime }: { mac: Mac; lifetime: number },
): boolean {
  const parts = FORM.exec(nonce)
  if (parts === null) return false
  const [, madeAt, salt, digest] = parts
  // Two keyed digests are compared, so the time that the comparison takes says nothing about ours.
  if (mac(`compare.${digest}`) !== mac(`compare.${mac(`${PURPOSE}.${madeAt}.${salt}`)}`)) return false
  const age = now - Number(madeAt)
  return age >= -CLOCK_SKEW_SECONDS && age <= lifetime
}

/** The key under which a used nonce is remembered. */
export function nonceKey(nonce: string, hash: Hash): string {
  return hash('sha-256', nonce)
}
