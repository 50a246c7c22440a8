/** What the application decides about a holder. */
import { isJwsAlgorithm, type JwsAlgorithm, jwsAlgorithms } from '@facet-id/credential/jose'
import { didsOnly, type IssuerKeyPolicy } from '@facet-id/credential/sd-jwt-vc'
import type { TransactionType } from '@facet-id/protocol/openid4vp/transaction-data'
import type { Scheme } from '@facet-id/protocol/url'
import { HolderError } from './error.ts'

export interface HolderSettings {
  /** Copies to ask for; the issuer's `batch_size` may make it fewer. */
  readonly copies: number
  /** A credential with fewer unused copies than this is due for more; 0: never. What is more than `copies` counts as that. */
  readonly topUpBelow: number
  /** Seconds before its end from which a credential is due to be issued anew; 0: never. */
  readonly renewBefore: number
  /** Languages that the person reads, best first (RFC 4647 §3.4); issuers are told. Empty: none is preferred. */
  readonly languages: readonly string[]
  /**
   * Whether issuers are asked for signed metadata (OpenID4VCI §12.2.3). `when_served`: where it is not signed, or not
   * by someone who is trusted for it, the plain form at the same address counts.
   */
  readonly signedMetadata: 'ignored' | 'when_served' | 'required'
  /** The algorithms of the signatures that are taken: of credentials, and of requests. At least one. */
  readonly algs: readonly JwsAlgorithm[]
  /** How far two honest clocks may differ, in seconds. */
  readonly clockSkew: number
  /**
   * Claims without which no credential is accepted, besides `iss` and `vct`; none unless the application says
   * so: what a verifier must find is the verifier's to say.
   */
  readonly requiredClaims: readonly string[]
  /** Whether an accepted credential must name a status list, or is only looked up where it does. */
  readonly status: 'required' | 'when_present'
  /**
   * Whether a credential is accepted that was handed out with digests that stand for nothing, and shows no
   * end or no status. They are decoys, unless the issuer kept something back.
   */
  readonly withheldLimits: 'refused' | 'accepted'
  /** How issuers may show their keys, single ones too (SD-JWT VC §2.5). */
  readonly issuerKeys: IssuerKeyPolicy
  /**
   * Whether credentials are held against the document about their type. `when_available`: one that
   * cannot be had is gone without.
   */
  readonly typeMetadata: 'ignored' | 'when_available' | 'required'
  /** What the wallet is called where no attestation says it; absent: it has no name. */
  readonly clientId?: string
  /** Where the person's browser comes back to; absent: only offers with a pre-authorized code are taken. */
  readonly redirectUri?: string
  /**
   * Whether an authorization response must say whose it is (RFC 9207), or is only compared where it does. A wallet
   * has many servers: with less than `required`, one of them can make it send the code of another to itself.
   */
  readonly responseIssuer: 'required' | 'when_present'
  /** Whether an access token that anybody could use is refused, as HAIP wants it, or DPoP used where it is known. */
  readonly boundTokens: 'required' | 'when_supported'
  /** Kinds of transaction data that the application can show to the person; all others are refused. */
  readonly transactionTypes: readonly TransactionType[]
  /** `https` in production; development may also use plain http on loopback. */
  readonly scheme: Scheme
}

export const defaultSettings: HolderSettings = {
  copies: 10,
  topUpBelow: 3,
  renewBefore: 86_400,
  languages: [],
  signedMetadata: 'when_served',
  algs: jwsAlgorithms,
  clockSkew: 30,
  requiredClaims: [],
  status: 'when_present',
  withheldLimits: 'accepted',
  issuerKeys: didsOnly,
  typeMetadata: 'ignored',
  responseIssuer: 'required',
  boundTokens: 'when_supported',
  transactionTypes: [],
  scheme: 'https',
}

const LANGUAGES = 20
const LANGUAGE = /^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8}){0,8}$/

/** @throws {HolderError} `settings_invalid` */
export function checkSettings(settings: HolderSettings): HolderSettings {
  if (!Number.isInteger(settings.copies) || settings.copies < 1 || settings.copies > 100) {
    throw new HolderError('settings_invalid', 'copies is a whole number from 1 to 100')
  }
  if (!isCount(settings.topUpBelow)) {
    throw new HolderError('settings_invalid', 'topUpBelow is a whole number, 0 or more')
  }
  if (!isCount(settings.renewBefore)) {
    throw new HolderError('settings_invalid', 'renewBefore is a whole number of seconds, 0 or more')
  }
  if (settings.languages.length > LANGUAGES || !settings.languages.every((tag) => LANGUAGE.test(tag))) {
    throw new HolderError('settings_invalid', `languages are at most ${LANGUAGES} tags, such as de-AT`)
  }
  if (settings.algs.length === 0 || !settings.algs.every(isJwsAlgorithm)) {
    throw new HolderError('settings_invalid', `algs names one of ${jwsAlgorithms.join(', ')} at least`)
  }
  if (!Number.isInteger(settings.clockSkew) || settings.clockSkew < 0 || settings.clockSkew > 600) {
    throw new HolderError('settings_invalid', 'clockSkew is a whole number of seconds from 0 to 600')
  }
  return settings
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 0
}
