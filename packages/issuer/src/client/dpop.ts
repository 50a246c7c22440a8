/**
 * Was a DPoP proof made for this request, just now, with a nonce of ours? RFC 9449 §4.3, §8, §11.3.
 *
 * What is asked here needs no key to be used; whether the signature holds is asked last.
 */
import type { Hash, Mac } from '@facet-id/credential/jose'
import { accessTokenHash, type DpopProof, normalizedHtu } from '@facet-id/protocol/oauth/dpop'
import type { Scheme } from '@facet-id/protocol/url'
import type { WireRequest } from '@facet-id/protocol/wire'
import { IssuerError } from '../error.ts'
import { isNonceFresh } from '../issuance/nonce.ts'
import { isJustMade } from './proof-age.ts'

/** What a proof is held against. */
export interface DpopRules {
  readonly request: Pick<WireRequest, 'method' | 'url'>
  /** Where the request brings one, the proof names it. */
  readonly accessToken?: string
  readonly hash: Hash
  readonly mac: Mac
  /** Seconds since the epoch. */
  readonly now: number
  /** How long a nonce is believed, in seconds. */
  readonly nonceLifetime: number
  readonly scheme: Scheme
}

/** @throws {IssuerError} `dpop_proof_invalid`, `dpop_nonce_needed` */
export function checkDpop(proof: DpopProof, rules: DpopRules): void {
  const { request, accessToken, hash, mac, now, nonceLifetime: lifetime, scheme } = rules
  if (proof.htm !== request.method) throw invalid('for another method')
  if (normalizedHtu(proof.htu, scheme) !== normalizedHtu(request.url, scheme)) {
    throw invalid('for another address: htu is that of the request, without query and fragment')
  }
  if (accessToken !== undefined && proof.ath !== accessTokenHash(accessToken, hash)) {
    throw invalid('for another access token: ath is the SHA-256 digest of the token beside it')
  }
  // §11.3: once nonces are given out, no proof without one is accepted; ours are always.
  if (proof.nonce === undefined || !isNonceFresh(proof.nonce, now, { mac, lifetime, purpose: 'dpop' })) {
    throw new IssuerError('dpop_nonce_needed', 'Sign a proof with the nonce of the DPoP-Nonce header')
  }
  if (!isJustMade(proof.iat, now)) throw invalid('at another time: look at the clock of the device')
}

/** Under which a proof is remembered: its `jti`, at the address that it was used at (§11.1). */
export function dpopKey(proof: DpopProof, { hash, scheme }: Pick<DpopRules, 'hash' | 'scheme'>): string {
  return hash('sha-256', `dpop\n${normalizedHtu(proof.htu, scheme)}\n${proof.jti}`)
}

/** Another request was accepted with this proof before. */
export function dpopReplayed(): IssuerError {
  return new IssuerError(
    'dpop_proof_invalid',
    'Every request needs a DPoP proof of its own: this one was used',
  )
}

export function dpopForged(): IssuerError {
  return new IssuerError(
    'dpop_proof_invalid',
    'The signature of the DPoP proof does not hold under the key in its header',
  )
}

function invalid(why: string): IssuerError {
  return new IssuerError('dpop_proof_invalid', `The DPoP proof was made ${why}`)
}
