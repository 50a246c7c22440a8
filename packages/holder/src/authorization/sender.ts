/**
 * Who a wallet is towards one authorization server: a key that its tokens are bound to, and what its provider says
 * of it. Plain JSON, kept with what was granted to it; keys are names here. RFC 9449; Attestation-Based Client
 * Authentication.
 *
 * A sender is made for one grant: neither its key nor the nonces of servers serve another, or servers could tell
 * that two grants are of one wallet.
 */
import type { AuthorizationServerMetadata } from '@facet-id/protocol/oauth'
import {
  ATTESTATION_AUTH_METHOD,
  ATTESTATION_DPOP_AUTH_METHOD,
} from '@facet-id/protocol/oauth/client-attestation'

export interface Sender {
  /** Names the grant. */
  readonly id: string
  /** Absent: the wallet has no name towards this server. */
  readonly clientId?: string
  /** The name of the key of its DPoP proofs; absent: the server knows nothing of them. */
  readonly dpopKey?: string
  /** Thumbprint of that key (RFC 7638); absent on senders of former releases. */
  readonly dpopJkt?: string
  /** Absent: the wallet is not attested to this server. */
  readonly attested?: {
    /** The Credential Issuer Identifier; each has an attestation and an instance key of its own. */
    readonly issuer: string
    /** Identifier of the authorization server. */
    readonly audience: string
    /** Absent: challenges come in headers only. */
    readonly challengeEndpoint?: string
  }
}

/** What a server takes of a sender. */
export interface SenderTaken {
  /** JOSE names; absent: no DPoP. */
  readonly dpopAlgs?: readonly string[]
  readonly attestation: 'required' | 'taken' | 'unknown'
}

const ATTESTED: readonly string[] = [ATTESTATION_AUTH_METHOD, ATTESTATION_DPOP_AUTH_METHOD]

/** As the server's metadata says. RFC 9449 §5.1, Attestation-Based Client Authentication §8. */
export function senderTaken({
  dpop_signing_alg_values_supported: dpopAlgs,
  token_endpoint_auth_methods_supported: methods = [],
}: AuthorizationServerMetadata): SenderTaken {
  const attested = methods.includes(ATTESTATION_AUTH_METHOD)
  const required = attested && methods.every((method) => ATTESTED.includes(method))
  return {
    ...(dpopAlgs === undefined || dpopAlgs.length === 0 ? {} : { dpopAlgs }),
    attestation: required ? 'required' : attested ? 'taken' : 'unknown',
  }
}
