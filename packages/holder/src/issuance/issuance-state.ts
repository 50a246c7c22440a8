/**
 * How far an issuance has come on its way to a grant, what it needs next, and what may be answered: all of it
 * plain JSON, so that it can be kept and resumed.
 */
import type { AuthorizationServerMetadata, TokenResponse } from '@facet-id/protocol/oauth'
import type {
  CredentialIssuerId,
  CredentialIssuerMetadata,
  CredentialOffer,
} from '@facet-id/protocol/openid4vci'
import type { Scheme } from '@facet-id/protocol/url'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import type { IssuerProof, OfferDecision, OfferTerms } from '../consent.ts'

/** One of the offered credentials that the person took. */
export interface Chosen {
  readonly configurationId: string
  /** As many as the person agreed to. */
  readonly copies: number
}

export interface Known {
  readonly offer: CredentialOffer
  readonly metadata: CredentialIssuerMetadata
  readonly provenBy: IssuerProof
  readonly server: AuthorizationServerMetadata
  readonly txCode?: string
  /** At least one. */
  readonly chosen: readonly Chosen[]
  readonly token: TokenResponse
}

export type Served = Pick<Known, 'offer' | 'metadata' | 'provenBy' | 'server'>

/** Named by the last thing obtained. */
export type Issuance =
  | ({ readonly has: 'offer' } & Pick<Known, 'offer'>)
  | ({ readonly has: 'metadata' } & Pick<Known, 'offer' | 'metadata' | 'provenBy'>)
  | ({ readonly has: 'server' } & Served)
  | ({ readonly has: 'consent' } & Served & Pick<Known, 'chosen' | 'txCode'>)
  | ({ readonly has: 'token' } & Served & Pick<Known, 'chosen' | 'token'>)

export type Granted = Extract<Issuance, { readonly has: 'token' }>

/** What the wallet must do next. Nothing else exists. */
export type Need =
  /** The issuer's metadata, and what was proven of it. */
  | { readonly need: 'metadata'; readonly of: CredentialIssuerId }
  | { readonly need: 'answer'; readonly to: WireRequest }
  | { readonly need: 'consent'; readonly of: OfferTerms }

export type Answer =
  | ({ readonly answer: 'metadata' } & Pick<Known, 'metadata' | 'provenBy'>)
  | { readonly answer: 'response'; readonly response: WireResponse }
  | { readonly answer: 'decision'; readonly decision: OfferDecision }

export interface Wishes {
  readonly copies: number
  readonly languages: readonly string[]
  readonly scheme: Scheme
  /** Whether this wallet has key attestations. */
  readonly attests: boolean
}
