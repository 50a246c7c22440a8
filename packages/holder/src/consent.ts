/**
 * What the person is asked, as data: an application draws it, the person decides, and nothing
 * happens before. OpenID4VCI §13.5, §15.1; OpenID4VP §15.1.
 */

import type { MaybePromise } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import type { CredentialConfigurationDisplay, IssuerDisplay, TxCode } from '@facet-id/protocol/openid4vci'
import type { CertificateIdentity, FederationIdentity, TrustDecision } from '@facet-id/trust'
import type { PresentationConsent, PresentationDecision } from './presentation/consent.ts'

/** An offer would have somebody called of whom nothing is known. Nothing was fetched from there yet. */
export interface FetchConsent {
  /**
   * What would be fetched: the offer itself, where a link only names its address (OpenID4VCI §4.1.3); or what the
   * credential issuer of an offer says of itself (§12.2).
   */
  readonly what: 'offer' | 'issuer'
  /** Whose server would be called: a host, with its port where one is written. */
  readonly host: string
  /** The address of the offer, or the Credential Issuer Identifier. */
  readonly uri: string
}

/** What was proven of an issuer. Its address always is: its own server answered there. */
export interface IssuerProof {
  /** Whose signature stands under the metadata; absent: it came unsigned. */
  readonly signedBy?: { readonly did: string } | { readonly certificate: CertificateIdentity }
  /** What a federation says of it; absent: nothing. */
  readonly federation?: FederationIdentity
}

/** One credential of an offer, as its issuer describes it. */
export interface OfferedCredential {
  readonly configurationId: string
  readonly vct: string
  readonly display: readonly CredentialConfigurationDisplay[]
  /** The entry for the person's languages; absent when the issuer gave none. */
  readonly shown?: CredentialConfigurationDisplay
  /** Copies that will be asked for: each can be shown once without being recognised. */
  readonly copies: number
}

/** What is offered, and on which terms. */
export interface OfferTerms {
  /** The Credential Issuer Identifier: whose server answered. */
  readonly issuer: string
  /** What the issuer calls itself; unproven. */
  readonly issuerDisplay: readonly IssuerDisplay[]
  /** The entry for the person's languages; absent when the issuer gave none. */
  readonly issuerShown?: IssuerDisplay
  readonly provenBy: IssuerProof
  /** At least one; the person may take some of them. */
  readonly credentials: readonly OfferedCredential[]
  /** Present when the issuer sent a code by another channel: the answer must carry it. */
  readonly txCode?: TxCode
  /** Where the transaction code would go. */
  readonly tokenEndpoint: string
}

/** May this issuer give me this? Credentials that a list forbids it to issue are not among them. */
export interface OfferConsent extends Omit<OfferTerms, 'credentials'> {
  readonly credentials: readonly (OfferedCredential & {
    /** Whether some list says that it may issue this, and why. */
    readonly trust: TrustDecision
  })[]
}

export type OfferDecision =
  | {
      readonly agreed: true
      /** As the person typed it; passed over when the offer asks for none. */
      readonly txCode?: string
      /** Which of the offered credentials; absent: all. None is as good as no. */
      readonly configurationIds?: readonly string[]
    }
  | { readonly agreed: false }

/** New copies say something else than those that are held. */
export interface ChangeConsent {
  readonly credentialId: string
  readonly issuer: string
  readonly vct: string
  /** All that each says, without what differs from copy to copy. */
  readonly before: JsonObject
  readonly after: JsonObject
}

/** The port. Whatever it answers, a verifier cannot tell "no" from "has nothing". */
export interface Consent {
  /**
   * May it be fetched from there? Whoever wrote the link learns that this wallet followed it (OpenID4VCI §15.6). Asked
   * once for a host, and not for issuers of which something is held, or that `trust` trusts for everything. Absent:
   * offers of others are refused, and so are all by reference.
   */
  toFetch?(ask: FetchConsent): MaybePromise<{ readonly agreed: boolean }>
  toReceive(ask: OfferConsent): MaybePromise<OfferDecision>
  /** May what was issued anew take the place of what is held? Absent: what changed is refused. */
  toReplace?(ask: ChangeConsent): MaybePromise<{ readonly agreed: boolean }>
  toPresent(ask: PresentationConsent): MaybePromise<PresentationDecision>
}
