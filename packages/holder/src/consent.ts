/**
 * What the person is asked, as data: an application draws it, the person decides, and nothing
 * happens before. OpenID4VCI §13.5, §15.1; OpenID4VP §15.1.
 */

import type { MaybePromise } from '@facet-id/credential/jose'
import type { JsonValue } from '@facet-id/credential/json'
import type { ClaimsPath } from '@facet-id/credential/sd-jwt'
import type { CredentialConfigurationDisplay, IssuerDisplay, TxCode } from '@facet-id/protocol/openid4vci'
import type { TrustDecision } from '@facet-id/trust'
import type { Transaction } from './presentation/transactions.ts'
import type { CredentialName } from './shelf/name.ts'

/** What is offered, and on which terms. */
export interface OfferTerms {
  /** The Credential Issuer Identifier: whose server answered. */
  readonly issuer: string
  /** What the issuer calls itself; unproven. */
  readonly issuerDisplay: readonly IssuerDisplay[]
  readonly configurationId: string
  readonly vct: string
  readonly display: readonly CredentialConfigurationDisplay[]
  /** Copies that will be asked for: each can be shown once without being recognised. */
  readonly copies: number
  /** Present when the issuer sent a code by another channel: the answer must carry it. */
  readonly txCode?: TxCode
  /** Where the transaction code would go. */
  readonly tokenEndpoint: string
}

/** May this issuer give me this? */
export interface OfferConsent extends OfferTerms {
  /** Whether some list says that it may issue this, and why. */
  readonly trust: TrustDecision
}

/** `txCode` as the person typed it; passed over when the offer asks for none. */
export type OfferDecision = { readonly agreed: true; readonly txCode?: string } | { readonly agreed: false }

/** One credential that answers one query of the verifier. */
export interface PresentationItem {
  readonly queryId: string
  readonly credentialId: string
  readonly issuer: string
  readonly vct: string
  /** What it is called, for `nameOf`; absent when nobody gave it a name. */
  readonly names?: readonly CredentialName[]
  /**
   * What the verifier will learn, value by value: what it asked for, what cannot be shown without, and
   * what the credential always shows. Left out are the members that say what a credential is (`iss`,
   * `vct`, `cnf`, `status`, dates).
   */
  readonly discloses: readonly { readonly path: ClaimsPath; readonly value: JsonValue }[]
  /** Unused copies after this one. */
  readonly copiesLeft: number
}

/** May this verifier see this? */
export interface PresentationConsent {
  /** Full client id, as proven by the signature of the request. */
  readonly verifier: string
  /** Whether some list says that it may ask for this, and why. */
  readonly trust: TrustDecision
  /** Where the answer goes: an address, or the origin of the page that asks. */
  readonly responseUri: string
  /** What the person authorizes by agreeing; empty where nothing. */
  readonly transactions: readonly Transaction[]
  /** Empty when nothing held answers the request: then there is nothing to agree to. */
  readonly items: readonly PresentationItem[]
}

/** The port. Whatever it answers, a verifier cannot tell "no" from "has nothing". */
export interface Consent {
  toReceive(ask: OfferConsent): MaybePromise<OfferDecision>
  toPresent(ask: PresentationConsent): MaybePromise<{ readonly agreed: boolean }>
}
