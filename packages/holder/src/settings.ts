/** What the application decides about a holder. */
import { isJwsAlgorithm, type JwsAlgorithm, jwsAlgorithms } from '@facet-id/credential/jose'
import { didsOnly, type IssuerKeyPolicy } from '@facet-id/credential/sd-jwt-vc'
import type { TransactionType } from '@facet-id/protocol/openid4vp/transaction-data'
import type { Scheme } from '@facet-id/protocol/url'
import { HolderError } from './error.ts'

export interface HolderSettings {
  /** Copies to ask for; the issuer's `batch_size` may make it fewer. */
  readonly copies: number
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
  /** Kinds of transaction data that the application can show to the person; all others are refused. */
  readonly transactionTypes: readonly TransactionType[]
  /** `https` in production; development may also use plain http on loopback. */
  readonly scheme: Scheme
}

export const defaultSettings: HolderSettings = {
  copies: 10,
  algs: jwsAlgorithms,
  clockSkew: 30,
  requiredClaims: [],
  status: 'when_present',
  withheldLimits: 'accepted',
  issuerKeys: didsOnly,
  typeMetadata: 'ignored',
  transactionTypes: [],
  scheme: 'https',
}

/** @throws {HolderError} `settings_invalid` */
export function checkSettings(settings: HolderSettings): HolderSettings {
  if (!Number.isInteger(settings.copies) || settings.copies < 1 || settings.copies > 100) {
    throw new HolderError('settings_invalid', 'copies is a whole number from 1 to 100')
  }
  if (settings.algs.length === 0 || !settings.algs.every(isJwsAlgorithm)) {
    throw new HolderError('settings_invalid', `algs names one of ${jwsAlgorithms.join(', ')} at least`)
  }
  if (!Number.isInteger(settings.clockSkew) || settings.clockSkew < 0 || settings.clockSkew > 600) {
    throw new HolderError('settings_invalid', 'clockSkew is a whole number of seconds from 0 to 600')
  }
  return settings
}
