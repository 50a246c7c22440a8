/**
 * What servers gave last for the next proof: nonces of DPoP, challenges for attestations. Each belongs to one sender
 * at one server; RFC 9449 §8.2, §9. A nonce is of an origin, as its proofs are; a challenge is of the authorization
 * server that proofs of attestations name as their audience, wherever its endpoints are. They live for minutes, so a
 * restart costs no more than one repeated request.
 */

import { findAttestationChallenge } from '@facet-id/protocol/oauth/client-attestation'
import { findDpopNonce } from '@facet-id/protocol/oauth/dpop'
import { readHttpUrl } from '@facet-id/protocol/url'
import type { WireResponse } from '@facet-id/protocol/wire'

export interface Answering {
  readonly url: string
  /** Identifier of the authorization server whose answer it is; absent: nothing in it is for attestations. */
  readonly audience?: string | undefined
}

export interface Nonces {
  /** Of the server with that address. */
  dpop(senderId: string, url: string): string | undefined
  /** @param audience identifier of the authorization server */
  challenge(senderId: string, audience: string): string | undefined
  /** Takes what the response brings, whatever its status. */
  take(senderId: string, from: Answering, response: WireResponse): void
  /** A challenge from the endpoint for them. */
  takeChallenge(senderId: string, audience: string, challenge: string): void
  /** One that the server takes no more. */
  dropChallenge(senderId: string, audience: string): void
}

/** Of so many pairs of a sender and a server the newest are remembered. */
const REMEMBERED = 1000

export function createNonces(): Nonces {
  const dpop = createMemory()
  const challenges = createMemory()
  return {
    dpop: (senderId, url) => dpop.get(keyOf(senderId, originOf(url))),
    challenge: (senderId, audience) => challenges.get(keyOf(senderId, audience)),
    take(senderId, { url, audience }, response) {
      const nonce = findDpopNonce(response)
      if (nonce !== undefined) dpop.set(keyOf(senderId, originOf(url)), nonce)
      const challenge = findAttestationChallenge(response)
      if (challenge === undefined || audience === undefined) return
      challenges.set(keyOf(senderId, audience), challenge)
    },
    takeChallenge: (senderId, audience, challenge) => challenges.set(keyOf(senderId, audience), challenge),
    dropChallenge: (senderId, audience) => challenges.drop(keyOf(senderId, audience)),
  }
}

interface Memory {
  get(key: string): string | undefined
  set(key: string, value: string): void
  drop(key: string): void
}

function createMemory(): Memory {
  const values = new Map<string, string>()
  return {
    get: (key) => values.get(key),
    drop: (key) => values.delete(key),
    set(key, value) {
      values.delete(key)
      values.set(key, value)
      const [oldest] = values.size > REMEMBERED ? values.keys() : []
      if (oldest !== undefined) values.delete(oldest)
    },
  }
}

function keyOf(senderId: string, server: string): string {
  return `${senderId} ${server}`
}

/** §9: nonces of an authorization server and of a resource server are kept apart, by their origins. */
function originOf(url: string): string {
  return readHttpUrl(url, 'https_or_loopback_http').origin
}
