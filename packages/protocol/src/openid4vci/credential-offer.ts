/**
 * Credential Offer: the issuer's invitation that starts an issuance.
 * OpenID4VCI 1.0 §4.1.
 *
 * An offer arrives by value or by reference. This module reads either form; it does not follow the
 * reference, because following it is IO. Nothing in an offer makes its issuer trusted (§13.5).
 */
import type { JsonObject } from '@facet-id/credential/json'
import * as v from 'valibot'
import { ProtocolError } from '../error.ts'
import { readForm, writeForm } from '../form.ts'
import { PRE_AUTHORIZED_CODE_GRANT, PRE_AUTHORIZED_CODE_LENGTH } from '../oauth/token-request.ts'
import {
  jsonObject,
  list,
  members,
  optional,
  type Plain,
  type Reader,
  type Reads,
  readMessage,
  type Same,
  text,
  whole,
} from '../read.ts'
import { readHttpUrl, type Scheme } from '../url.ts'
import { type CredentialIssuerId, readCredentialIssuerId } from './credential-issuer-id.ts'

export interface CredentialOffer {
  readonly credential_issuer: CredentialIssuerId
  /** At least one, none twice; keys of `credential_configurations_supported` in the issuer's metadata. */
  readonly credential_configuration_ids: readonly string[]
  /** Empty: those of the authorization server's metadata count (§4.1.1). */
  readonly grants: Grants
}

/** Of several the wallet takes the one that it likes. Grants that are not known here are passed over. */
export interface Grants {
  readonly authorization_code?: AuthorizationCodeGrant
  readonly [PRE_AUTHORIZED_CODE_GRANT]?: PreAuthorizedCodeGrant
}

export interface AuthorizationCodeGrant {
  /** Goes unchanged into the authorization request; absent when there is none. */
  readonly issuer_state?: string
  /** Which of the issuer's authorization servers to ask; absent when there is one only. */
  readonly authorization_server?: string
}

export interface PreAuthorizedCodeGrant {
  /** Short-lived, good for one use. */
  readonly 'pre-authorized_code': string
  /** Present, even when it is empty: the user has a transaction code to type in. */
  readonly tx_code?: TxCode
  /** Which of the issuer's authorization servers to ask; absent when there is one only. */
  readonly authorization_server?: string
}

/** How the transaction code looks, for the field in which it is typed. */
export interface TxCode {
  /** Absent: `numeric`. */
  readonly input_mode?: 'numeric' | 'text'
  /** Characters of the code; absent when the issuer does not say. */
  readonly length?: number
  /** How the user came by the code; at most 300 characters. */
  readonly description?: string
}

/** How an offer reached the wallet: the offer itself (§4.1.2), or where to get it (§4.1.3). */
export type OfferLink =
  | { readonly by: 'value'; readonly offer: CredentialOffer }
  | { readonly by: 'reference'; readonly credential_offer_uri: string }

const DESCRIPTION_CHARACTERS = 300
const OFFERED_CONFIGURATIONS = 50
const ISSUER_STATE_LENGTH = 4096
const KNOWN = ['authorization_code', PRE_AUTHORIZED_CODE_GRANT] as const

const txCode = members({
  input_mode: optional(v.picklist(['numeric', 'text'], 'must be numeric or text')),
  length: optional(whole(1)),
  description: optional(
    v.pipe(
      v.string(),
      v.check(
        (words) => [...words].length <= DESCRIPTION_CHARACTERS,
        'must not be longer than 300 characters',
      ),
    ),
  ),
})

const preAuthorizedCodeGrant = members({
  'pre-authorized_code': text(PRE_AUTHORIZED_CODE_LENGTH),
  tx_code: optional(txCode),
  authorization_server: optional(text()),
})

const authorizationCodeGrant = members({
  issuer_state: optional(text(ISSUER_STATE_LENGTH)),
  authorization_server: optional(text()),
})

const known = members({
  authorization_code: optional(authorizationCodeGrant),
  [PRE_AUTHORIZED_CODE_GRANT]: optional(preAuthorizedCodeGrant),
})

true satisfies Same<Plain<Grants>, Reads<typeof known>>

const grants: Reader<Grants> = v.pipe(
  jsonObject,
  v.transform((object): unknown => requireKnownGrant(object)),
  known,
)

const schema = members({
  credential_issuer: text(),
  credential_configuration_ids: v.pipe(
    list(text(), OFFERED_CONFIGURATIONS),
    v.check((ids) => new Set(ids).size === ids.length, 'must not repeat an identifier'),
  ),
  // §4.1.1: without grants the wallet "MUST determine" them from the metadata of the server.
  grants: v.optional(grants, {}),
})

true satisfies Same<Plain<CredentialOffer>, Reads<typeof schema>>

const LINK = /^openid-credential-offer:(?:\/\/[^?#]*)?\?([^#]*)/i

/**
 * Reads an `openid-credential-offer://` link.
 *
 * @throws {ProtocolError} `message_malformed`, `message_too_large`, `https_required`;
 * `feature_unsupported` for an offer whose grants are all unknown
 */
export function readOfferLink(link: string, scheme: Scheme = 'https'): OfferLink {
  const query = LINK.exec(link)?.[1]
  if (query === undefined) {
    throw new ProtocolError(
      'message_malformed',
      'An offer is a link that begins with openid-credential-offer://',
    )
  }
  const { credential_offer, credential_offer_uri } = readForm(query)
  // §4.1: the link has one of the two, and "The two parameters MUST NOT be used together".
  if (credential_offer !== undefined && credential_offer_uri === undefined) {
    return { by: 'value', offer: readCredentialOffer(credential_offer, scheme) }
  }
  if (credential_offer_uri !== undefined && credential_offer === undefined) {
    return { by: 'reference', credential_offer_uri: readHttpUrl(credential_offer_uri, scheme).href }
  }
  throw new ProtocolError(
    'message_malformed',
    'An offer link needs credential_offer or credential_offer_uri, not both',
  )
}

/** The link for a QR code or a button. */
export function writeOfferLink(link: OfferLink): string {
  const query =
    link.by === 'value'
      ? { credential_offer: JSON.stringify(link.offer) }
      : { credential_offer_uri: link.credential_offer_uri }
  return `openid-credential-offer://?${writeForm(query)}`
}

/**
 * Reads the offer itself, from its JSON text.
 *
 * @throws {ProtocolError} `message_malformed`, `message_too_large`, `https_required`;
 * `feature_unsupported` for an offer whose grants are all unknown
 */
export function readCredentialOffer(json: string, scheme: Scheme = 'https'): CredentialOffer {
  const offer = readMessage(schema, json, { name: 'credential offer' })
  return { ...offer, credential_issuer: readCredentialIssuerId(offer.credential_issuer, scheme) }
}

/** Other grants alone do not mean that those of the metadata count: the issuer named what it takes. */
function requireKnownGrant(grants: JsonObject): JsonObject {
  const names = Object.keys(grants)
  if (names.length === 0 || KNOWN.some((name) => Object.hasOwn(grants, name))) return grants
  throw new ProtocolError(
    'feature_unsupported',
    'The offer has no grant that is known here: a pre-authorized code, or an authorization code',
  )
}
