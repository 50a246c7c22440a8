/** How verifiers are known that have no DID. What is absent refuses the verifiers of its kind. */
import type { MaybePromise, PublicJwk } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import type { KeyAnswer } from '@facet-id/credential/sd-jwt-vc'
import type { CertificateIdentity, FederationIdentity } from '@facet-id/trust'
import type { RegisteredClient } from './client.ts'

export interface ClientPorts {
  /** For `x509_hash` and `x509_san_dns`: whose key a chain of certificates proves (DER, that of the key first). */
  readonly certificateOf?: (of: { x5c: readonly Uint8Array[] }) => MaybePromise<ClientCertificateAnswer>
  /** For `verifier_attestation`: the key of one who attests verifiers, if it is trusted to. */
  readonly attesterKeyOf?: (of: {
    attester: string
    kid?: string
    x5c?: readonly Uint8Array[]
  }) => MaybePromise<KeyAnswer>
  /**
   * For `openid_federation`: what a federation knows of a member. `trustChain`: statements that the verifier sent
   * along, unproven, so that nobody need be asked.
   */
  readonly memberOf?: (of: {
    entityId: string
    trustChain?: readonly string[]
  }) => MaybePromise<ClientMemberAnswer>
  /** For client ids without a prefix: the client of that id, if it was registered beforehand. */
  readonly registered?: (of: { clientId: string }) => MaybePromise<RegisteredClient | undefined>
  /**
   * Whether a client may be answered there, besides what its prefix demands; asked of clients whose signature alone
   * would do. Absent: it may.
   */
  readonly mayAnswerAt?: (of: { clientId: string; address: string }) => boolean
}

export type ClientCertificateAnswer =
  | {
      readonly key: PublicJwk
      readonly certificate: CertificateIdentity
      /** Policy trusts whoever has it with any host (OpenID4VP 1.0 §5.9.3); absent: no. */
      readonly trustedFreely?: boolean
    }
  | Unproven

export type ClientMemberAnswer =
  | {
      readonly member: FederationIdentity
      /** By entity type, after policy. */
      readonly metadata: Readonly<Record<string, JsonObject>>
    }
  | Unproven

/** Why not, in words that are safe to show. */
export type Unproven = { readonly undetermined: string } | { readonly refused: string }
