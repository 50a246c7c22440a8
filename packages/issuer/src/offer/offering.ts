/**
 * The issuer's invitation: a pre-authorized code, the transaction code that guards it, and the link
 * that carries the first to a wallet. OpenID4VCI 1.0 §4.1.
 */
import { writeBase64url } from '@facet-id/credential/base64url'
import type { Hash, Mac, Random } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import { PRE_AUTHORIZED_CODE_GRANT } from '@facet-id/protocol/oauth'
import { type CredentialOffer, readCredentialIssuerId, writeOfferLink } from '@facet-id/protocol/openid4vci'
import { namedServer } from '../authorization/listed-servers.ts'
import { IssuerError } from '../error.ts'
import type { IssuerSettings } from '../settings.ts'
import type { OfferRecord } from './offer-store.ts'

/** What the operator asks for. */
export interface OfferRequest {
  readonly configurationId: string
  /** The claims about the subject; kept sealed until the offer is redeemed or expires. */
  readonly claims: JsonObject
  /** Characters of the transaction code, 4 to 32; 0: none, for channels that nobody else can read. Default 6. */
  readonly txCodeLength?: number
  /** Digits, or letters, small or large, and digits of which no two look alike. Default `numeric`. */
  readonly txCodeMode?: 'numeric' | 'text'
  /** Tells the person where the transaction code is found; at most 300 characters. Absent: nothing does. */
  readonly txCodeDescription?: string
  /** Whether the link brings the offer along, or says where to get it: that is short, for a small QR code. Default `value`. */
  readonly by?: 'value' | 'reference'
}

export interface MadeOffer {
  /** Names the issuance from now on: to find it, and to revoke it. */
  readonly issuanceId: string
  readonly offer: CredentialOffer
  /** `openid-credential-offer://…`, for a QR code or a button. */
  readonly link: string
  /** Goes to the person by another channel than the link; absent when none is asked for. */
  readonly txCode?: string
  /** Seconds since the epoch. */
  readonly expiresAt: number
}

const CODE_BYTES = 32
const MAX_DESCRIPTION = 300
/** Typed by persons: without 0 and O, 1, I and L. */
const alphabets = { numeric: '0123456789', text: '23456789ABCDEFGHJKMNPQRSTUVWXYZ' } as const
const CODE = /^[A-Za-z0-9_-]{43}$/

interface Making {
  readonly settings: IssuerSettings
  readonly now: number
  readonly hash: Hash
  readonly mac: Mac
  readonly random: Random
}

/**
 * The offer, and what the issuer keeps of it.
 *
 * @throws {IssuerError} `settings_invalid`
 */
export function makeOffer(
  request: OfferRequest,
  making: Making,
): { made: MadeOffer; key: string; record: OfferRecord } {
  const { settings, now, hash, mac, random } = making
  const issuanceId = writeBase64url(random(16))
  const code = writeBase64url(random(CODE_BYTES))
  const length = readTxCodeLength(request)
  const { txCodeMode: mode = 'numeric', txCodeDescription: description } = request
  const txCode = length === 0 ? undefined : randomText(length, alphabets[mode], random)
  const expiresAt = now + settings.offerLifetime
  const offer: CredentialOffer = {
    credential_issuer: readCredentialIssuerId(settings.credential_issuer, settings.scheme),
    credential_configuration_ids: [request.configurationId],
    grants: {
      [PRE_AUTHORIZED_CODE_GRANT]: {
        'pre-authorized_code': code,
        ...namedServer(settings.credential_issuer, settings),
        ...(txCode === undefined
          ? {}
          : { tx_code: { input_mode: mode, length, ...(description === undefined ? {} : { description }) } }),
      },
    },
  }
  return {
    made: {
      issuanceId,
      offer,
      link: writeOfferLink(
        request.by === 'reference'
          ? { by: 'reference', credential_offer_uri: offerUri(issuanceId, settings, mac) }
          : { by: 'value', offer },
      ),
      expiresAt,
      ...(txCode === undefined ? {} : { txCode }),
    },
    key: hash('sha-256', code),
    record: {
      issuanceId,
      configurationId: request.configurationId,
      claims: request.claims,
      tries: 0,
      expiresAt,
      ...(txCode === undefined ? {} : { txCodeDigest: txCodeDigest(code, txCode, mac) }),
    },
  }
}

/**
 * Codes are kept as digests: who reads the store cannot redeem what is in it. `undefined`: no code of
 * ours looks like that.
 */
export function codeKey(code: string, hash: Hash): string | undefined {
  return CODE.test(code) ? hash('sha-256', code) : undefined
}

/**
 * Keyed, since six digits are guessed in a moment from a plain digest. Small letters are as good as the large ones that
 * we draw: a person reads the code and types it.
 */
export function txCodeDigest(code: string, txCode: string, mac: Mac): string {
  const large = [...txCode].map((c) => (/[a-z]/.test(c) ? c.toUpperCase() : c))
  return mac(`tx_code.${code}.${txCode.length}.${large.map((c) => c.codePointAt(0)).join('.')}`)
}

/**
 * Where an offer by reference is: nobody can guess it, and whoever knows the name finds it again: the id of the issuance,
 * or the state of an invitation.
 */
export function offerReference(name: string, mac: Mac): string {
  return mac(`offer_reference.${name}`)
}

export function offerUri(name: string, { credential_issuer }: IssuerSettings, mac: Mac): string {
  return `${credential_issuer}/offers/${offerReference(name, mac)}`
}

function readTxCodeLength({ txCodeLength = 6, txCodeDescription = '' }: OfferRequest): number {
  // §4.1.1: the description "MUST NOT exceed 300 characters".
  if (txCodeDescription.length > MAX_DESCRIPTION)
    throw new IssuerError('settings_invalid', `txCodeDescription has at most ${MAX_DESCRIPTION} characters`)
  if (Number.isInteger(txCodeLength) && (txCodeLength === 0 || (txCodeLength >= 4 && txCodeLength <= 32))) {
    return txCodeLength
  }
  throw new IssuerError(
    'settings_invalid',
    'txCodeLength is a whole number from 4 to 32, or 0 for no transaction code',
  )
}

function randomText(length: number, alphabet: string, random: Random): string {
  // What is beyond the last whole multiple is thrown away, so that every character is equally likely.
  const fair = 256 - (256 % alphabet.length)
  let text = ''
  while (text.length < length) {
    for (const byte of random(length))
      if (byte < fair && text.length < length) text += alphabet[byte % alphabet.length] ?? ''
  }
  return text
}
