/**
 * An offer by reference: the wallet fetches it from where the link says.
 * OpenID4VCI 1.0 §4.1.3.
 *
 * The wallet asks the person, or knows the issuer, before it calls an address that a stranger chose (§15.6).
 */
import { documentRequest, JSON_MEDIA_TYPE, jsonResponse, NO_STORE, readAnswer } from '../body.ts'
import type { Scheme } from '../url.ts'
import type { WireRequest, WireResponse } from '../wire.ts'
import { type CredentialOffer, readCredentialOffer } from './credential-offer.ts'

/** Asks for the offer. `uri`: as `readOfferLink` gave it. */
export function credentialOfferRequest(uri: string): WireRequest {
  return documentRequest(uri, JSON_MEDIA_TYPE)
}

/** What the issuer answers: never signed, and kept by nobody, since the code in it is good for one use. */
export function writeCredentialOfferResponse(offer: CredentialOffer): WireResponse {
  return jsonResponse(JSON.stringify(offer), NO_STORE)
}

/**
 * Reads what was fetched. §4.1.3: "the media type … MUST be application/json".
 *
 * @throws {ProtocolError} `content_type_unexpected`, and those of `readCredentialOffer`
 */
export function readCredentialOfferResponse(
  response: WireResponse,
  scheme: Scheme = 'https',
): CredentialOffer {
  return readCredentialOffer(readAnswer(response, JSON_MEDIA_TYPE), scheme)
}
