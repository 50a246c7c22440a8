/**
 * How far an issuance has come on its way to access, plain JSON, so that it can be kept and resumed; what it needs
 * next, and what may be answered.
 */
import type { ProtocolError } from '@facet-id/protocol/error'
import type { AuthorizationServerMetadata } from '@facet-id/protocol/oauth'
import type {
  CredentialIssuerId,
  CredentialIssuerMetadata,
  CredentialOffer,
} from '@facet-id/protocol/openid4vci'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import type {
  Authorization,
  AuthorizationAnswer,
  AuthorizationNeed,
  AuthorizationWishes,
} from '../authorization/authorization-state.ts'
import type { IssuerProof, OfferDecision, OfferTerms } from '../consent.ts'

/** One of the offered credentials that the person took. */
export interface Chosen {
  readonly configurationId: string
  /** As many as the person agreed to. */
  readonly copies: number
}

export interface Known {
  /** Names the issuance, and then the grant. */
  readonly id: string
  readonly offer: CredentialOffer
  readonly metadata: CredentialIssuerMetadata
  readonly provenBy: IssuerProof
  /** Authorization servers that cannot be used, of those that the issuer lists first. */
  readonly passedOver: number
  /** One of those could not be asked, and may be usable another time. */
  readonly unheard?: true
  /** Transaction codes that were refused; absent: none. */
  readonly wrongCodes?: number
  readonly server: AuthorizationServerMetadata
  /** At least one. */
  readonly chosen: readonly Chosen[]
  /** With a code of the offer, or by the person's browser. */
  readonly authorization: Authorization
}

type Described = Pick<Known, 'id' | 'offer' | 'metadata' | 'provenBy' | 'wrongCodes'>

/** Named by the last thing obtained. `consent` ends when its authorization has access. */
export type Issuance =
  | ({ readonly has: 'offer' } & Pick<Known, 'id' | 'offer'>)
  | ({ readonly has: 'metadata' } & Described & Pick<Known, 'passedOver' | 'unheard'>)
  | ({ readonly has: 'server' } & Described & Pick<Known, 'server'>)
  | ({ readonly has: 'consent' } & Described & Pick<Known, 'server' | 'chosen' | 'authorization'>)

export type Consented = Extract<Issuance, { readonly has: 'consent' }>

/** What the wallet must do next. Nothing else exists. */
export type Need =
  /** The issuer's metadata, and what was proven of it. */
  | { readonly need: 'metadata'; readonly of: CredentialIssuerId }
  /** What the authorization server of that identifier says of itself. */
  | { readonly need: 'answer'; readonly to: WireRequest; readonly server: string }
  | { readonly need: 'consent'; readonly of: OfferTerms }
  | { readonly need: 'authorization'; readonly of: AuthorizationNeed }

export type Answer =
  | ({ readonly answer: 'metadata' } & Pick<Known, 'metadata' | 'provenBy'>)
  | { readonly answer: 'response'; readonly response: WireResponse }
  /** There is no response, for that reason. */
  | { readonly answer: 'no_response'; readonly error: ProtocolError }
  | { readonly answer: 'decision'; readonly decision: OfferDecision }
  | { readonly answer: 'authorization'; readonly of: AuthorizationAnswer }

export interface Wishes extends AuthorizationWishes {
  readonly copies: number
  readonly languages: readonly string[]
  /** Whether this wallet has key attestations. */
  readonly attests: boolean
}
