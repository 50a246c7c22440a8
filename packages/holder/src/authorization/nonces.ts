/**
 * What servers gave last for the next proof: nonces of DPoP, challenges for attestations. Each belongs to one sender
 * at one server; RFC 9449 §8.2, §9. They live for minutes, so a restart costs no more than one repeated request.
 */

import { findAttestationChallenge } from '@facet-id/protocol/oauth/client-attestation'
import { findDpopNonce } from '@facet-id/protocol/oauth/dpop'
import { readHttpUrl } from '@facet-id/protocol/url'
import type { WireResponse } from '@facet-id/protocol/wire'

export interface Nonces {
  /** Of the server with that address. */
  dpop(senderId: string, url: string): string | undefined
  challenge(senderId: string, url: string): string | undefined
  /** Takes what the response brings, whatever its status. */
  take(senderId: string, url: string, response: WireResponse): void
  /** A challenge from the endpoint for them. */
  takeChallenge(senderId: string, url: string, challenge: string): void
}

/** Of so many pairs of a sender and a server the newest are remembered. */
const REMEMBERED = 1000

export function createNonces(): Nonces {
  const dpop = createMemory()
  const challenges = createMemory()
  return {
    dpop: (senderId, url) => dpop.get(keyOf(senderId, url)),
    challenge: (senderId, url) => challenges.get(keyOf(senderId, url)),
    take(senderId, url, response) {
      const key = keyOf(senderId, url)
      const nonce = findDpopNonce(response)
      if (nonce !== undefined) dpop.set(key, nonce)
      const challenge = findAttestationChallenge(response)
      if (challenge !== undefined) challenges.set(key, challenge)
    },
    takeChallenge: (senderId, url, challenge) => challenges.set(keyOf(senderId, url), challenge),
  }
}

interface Memory {
  get(key: string): string | undefined
  set(key: string, value: string): void
}

function createMemory(): Memory {
  const values = new Map<string, string>()
  return {
    get: (key) => values.get(key),
    set(key, value) {
      values.delete(key)
      values.set(key, value)
      const [oldest] = values.size > REMEMBERED ? values.keys() : []
      if (oldest !== undefined) values.delete(oldest)
    },
  }
}

/** §9: nonces of an authorization server and of a resource server are kept apart, by their origins. */
function keyOf(senderId: string, url: string): string {
  return `${senderId} ${readHttpUrl(url, 'https_or_loopback_http').origin}`
}
