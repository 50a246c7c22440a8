/**
 * What the person is asked, as data: an application draws it, the person decides, and nothing
 * happens before. OpenID4VCI §13.5, §15.1; OpenID4VP §15.1.
 */

import type { MaybePromise } from '@facet-id/credential/jose'
import type { CredentialConfigurationDisplay, IssuerDisplay, TxCode } from '@facet-id/protocol/openid4vci'
import type { TrustDecision } from '@facet-id/trust'
import type { PresentationConsent, PresentationDecision } from './presentation/consent.ts'

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

/** The port. Whatever it answers, a verifier cannot tell "no" from "has nothing". */
export interface Consent {
  toReceive(ask: OfferConsent): MaybePromise<OfferDecision>
  toPresent(ask: PresentationConsent): MaybePromise<PresentationDecision>
}
