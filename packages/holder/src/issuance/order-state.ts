/**
 * How far one credential of an issuance has come: each configuration that a grant is good for is an order of
 * its own, and so is each topping up. Plain JSON, so that it can be kept and resumed.
 */
import type { PublicJwk } from '@facet-id/credential/jose'
import type {
  CredentialConfigurationMetadata,
  CredentialIssuerMetadata,
  CredentialRequest,
  Proofs,
} from '@facet-id/protocol/openid4vci'
import type { DeferredCredentialRequest } from '@facet-id/protocol/openid4vci/afterwards'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import type { IssuerProof } from '../consent.ts'
import { HolderError } from '../error.ts'
import type { ProofPlan } from './proof-plan.ts'

/** A key made for one copy. */
export interface OwnKey {
  readonly keyId: string
  readonly publicJwk: PublicJwk
}

/** What is ordered, from when there is a grant for it. */
export interface Ordered {
  readonly grantId: string
  /** Of the issuer, with the one configuration. */
  readonly metadata: CredentialIssuerMetadata
  readonly configurationId: string
  /** Which data set, where the grant names several; absent: credentials are asked for by configuration. */
  readonly credentialIdentifier?: string
  /** As many as the person agreed to. */
  readonly copies: number
  /** The credential that the copies join; absent: they become one of their own. */
  readonly joins?: string
  /** What was proven of the issuer; absent in orders that were kept before this was noted. */
  readonly provenBy?: IssuerProof
}

interface Keyed {
  readonly keys: readonly OwnKey[]
}

/** Questions about a deferral that came to nothing, one after the other. */
export interface Failures {
  readonly tries: number
  /** How many of them were answered. */
  readonly answered: number
  /** Seconds since the epoch: the last that was. */
  readonly answeredAt?: number
  /** Seconds for which every answer was a failure, as far as the clock can be believed. */
  readonly waited?: number
}

/** Named by the last thing obtained. Kept are those that cannot be had again: `token`, `deferral`, `credentials`. */
export type Order =
  | ({ readonly has: 'token'; readonly staleNonces: number } & Ordered)
  | ({ readonly has: 'nonce'; readonly staleNonces: number; readonly nonce: string } & Ordered)
  | ({ readonly has: 'proofs'; readonly staleNonces: number; readonly proofs: Proofs } & Ordered & Keyed)
  | ({
      readonly has: 'deferral'
      readonly transactionId: string
      /** Seconds since the epoch; the issuer is not asked before. */
      readonly notBefore: number
      /** Seconds between two questions, as the issuer last said; absent in orders that were kept before this was noted. */
      readonly interval?: number
      /** Since the issuer last said that it is not ready; absent: none. */
      readonly failures?: Failures
    } & Ordered &
      Keyed)
  | ({
      readonly has: 'credentials'
      readonly credentials: readonly string[]
      /** Absent: the issuer does not want to hear what became of them. */
      readonly notificationId?: string
    } & Ordered &
      Keyed)

export type Finished = Extract<Order, { readonly has: 'credentials' }>

/** What the wallet must do next. Nothing else exists. */
export type OrderNeed =
  /** In the clear, without a token. */
  | { readonly need: 'nonce'; readonly to: WireRequest }
  | { readonly need: 'proofs'; readonly of: ProofsNeeded }
  /** With the token, encrypted where the issuer has a key for it. */
  | ({ readonly need: 'answer'; readonly to: string } & (
      | { readonly of: 'credential'; readonly body: CredentialRequest }
      | { readonly of: 'deferral'; readonly body: DeferredCredentialRequest }
    ))
  /** To wait until then, seconds since the epoch. */
  | { readonly need: 'patience'; readonly until: number }

export interface ProofsNeeded {
  readonly audience: string
  readonly count: number
  readonly nonce?: string
  readonly plan: ProofPlan
}

export type OrderAnswer =
  | { readonly answer: 'response'; readonly response: WireResponse }
  | { readonly answer: 'proofs'; readonly keys: readonly OwnKey[]; readonly proofs: Proofs }

/**
 * The configuration that is asked for, as the issuer's metadata describes it.
 *
 * @throws {HolderError} `metadata_mismatch`
 */
export function configurationIn(
  { credential_configurations_supported: all }: CredentialIssuerMetadata,
  id: string,
): CredentialConfigurationMetadata {
  const found = Object.hasOwn(all, id) ? all[id] : undefined
  if (found === undefined)
    throw new HolderError('metadata_mismatch', 'What is offered is not in the metadata of the issuer')
  return found
}

/** What else the issuer has is of no use to an order, and would be kept with it. */
export function metadataFor(
  metadata: CredentialIssuerMetadata,
  configurationId: string,
): CredentialIssuerMetadata {
  const { display: _, ...rest } = metadata
  const configuration = configurationIn(metadata, configurationId)
  return { ...rest, credential_configurations_supported: { [configurationId]: configuration } }
}
