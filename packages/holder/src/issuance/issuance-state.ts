/**
 * How far an issuance has come, what it needs next, and what may be answered: all of it plain JSON, so
 * that it can be kept and resumed.
 */
import type { PublicJwk } from '@facet-id/credential/jose'
import { type AuthorizationServerMetadata, PRE_AUTHORIZED_CODE_GRANT } from '@facet-id/protocol/oauth'
import type {
  CredentialConfigurationMetadata,
  CredentialIssuerMetadata,
  CredentialOffer,
  PreAuthorizedCodeGrant,
} from '@facet-id/protocol/openid4vci'
import type { Scheme } from '@facet-id/protocol/url'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import type { OfferDecision, OfferTerms } from '../consent.ts'
import { HolderError } from '../error.ts'

/** A key made for one copy, and the proof that the wallet holds it. */
export interface ProvenKey {
  readonly keyId: string
  readonly publicJwk: PublicJwk
  readonly proof: string
}

export interface Known {
  readonly offer: CredentialOffer
  readonly metadata: CredentialIssuerMetadata
  readonly server: AuthorizationServerMetadata
  readonly txCode?: string
  /** As many as the person agreed to. */
  readonly copies: number
  readonly accessToken: string
  /** Absent when the issuer has no nonce endpoint. */
  readonly nonce?: string
  readonly keys: readonly ProvenKey[]
  readonly credentials: readonly string[]
  /** Nonces that the issuer called stale. */
  readonly staleNonces: number
}

export type Served = Pick<Known, 'offer' | 'metadata' | 'server'>
type Granted = Served & Pick<Known, 'copies' | 'accessToken' | 'staleNonces'>

/** Named by the last thing obtained. */
export type Issuance =
  | ({ readonly has: 'offer' } & Pick<Known, 'offer'>)
  | ({ readonly has: 'metadata' } & Pick<Known, 'offer' | 'metadata'>)
  | ({ readonly has: 'server' } & Served)
  | ({ readonly has: 'consent' } & Served & Pick<Known, 'copies' | 'txCode'>)
  | ({ readonly has: 'token' } & Granted)
  | ({ readonly has: 'nonce' } & Granted & Pick<Known, 'nonce'>)
  | ({ readonly has: 'proofs' } & Granted & Pick<Known, 'nonce' | 'keys'>)
  | ({ readonly has: 'credentials' } & Pick<Known, 'offer' | 'metadata' | 'keys' | 'credentials'>)

/** What the wallet must do next: send a message, ask the person, or prove keys. Nothing else exists. */
export type Need =
  | { readonly need: 'answer'; readonly to: WireRequest }
  | { readonly need: 'consent'; readonly of: OfferTerms }
  | {
      readonly need: 'proofs'
      readonly of: ProofsNeeded
    }

export interface ProofsNeeded {
  readonly audience: string
  readonly count: number
  readonly nonce?: string
  /** JOSE names of the algorithms that the issuer takes. */
  readonly algs: readonly string[]
}

export type Answer =
  | { readonly answer: 'response'; readonly response: WireResponse }
  | { readonly answer: 'decision'; readonly decision: OfferDecision }
  | { readonly answer: 'proofs'; readonly keys: readonly ProvenKey[] }

export interface Wishes {
  readonly copies: number
  readonly scheme: Scheme
}

/**
 * The configuration that is offered, as the issuer's metadata describes it.
 *
 * @throws {HolderError} `metadata_mismatch`
 */
export function configurationOf(
  issuance: Pick<Known, 'offer' | 'metadata'>,
): CredentialConfigurationMetadata {
  const { credential_configurations_supported: all } = issuance.metadata
  const id = configurationId(issuance)
  const found = Object.hasOwn(all, id) ? all[id] : undefined
  if (found === undefined)
    throw new HolderError('metadata_mismatch', 'What is offered is not in the metadata of the issuer')
  return found
}

/** @throws {HolderError} `offer_unsupported` */
export function preAuthorizedCodeOf({ offer }: Pick<Known, 'offer'>): PreAuthorizedCodeGrant {
  const grant = offer.grants[PRE_AUTHORIZED_CODE_GRANT]
  if (grant === undefined) {
    throw new HolderError(
      'offer_unsupported',
      'Only offers with a pre-authorized code are supported: ask the issuer for one',
    )
  }
  return grant
}

/** @throws {HolderError} `offer_unsupported` */
export function configurationId({ offer }: Pick<Known, 'offer'>): string {
  const [id] = offer.credential_configuration_ids
  if (id === undefined) throw new HolderError('offer_unsupported', 'The offer names no credential')
  return id
}
