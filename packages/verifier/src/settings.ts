/** What the operator decides about a verifier: who it is, and how long things live. */
import { isJwsAlgorithm, type JwsAlgorithm, jwsAlgorithms } from '@facet-id/credential/jose'
import { didsOnly, type IssuerKeyPolicy } from '@facet-id/credential/sd-jwt-vc'
import { readIdentifierUrl, type Scheme } from '@facet-id/protocol/url'
import { invalidSetting } from './settings-error.ts'

export interface VerifierSettings {
  /** Whole, prefix included, as it stands in requests and as the audience of answers: `decentralized_identifier:did:…`. */
  readonly client_id: string
  /** How wallets answer where a request does not say. */
  readonly responseMode: 'direct_post' | 'direct_post.jwt'
  /** `haip`: nothing but what HAIP 1.0 allows is asked, and what lacks for it is said when the verifier is made. */
  readonly profile: 'none' | 'haip'
  /** Where wallets reach this verifier: a URL without query, fragment or a slash at its end. */
  readonly baseUrl: string
  /** The algorithms of the signatures that are taken, issuers' and holders'; requests name them. At least one. */
  readonly algs: readonly JwsAlgorithm[]
  /** How long a request can be answered, in whole seconds. */
  readonly requestLifetime: number
  /** How long a result is kept, in whole seconds, before it is deleted with the claims in it. */
  readonly resultLifetime: number
  /** For how long a result is sent again to a webhook that does not take it, in whole seconds; it rests that long. */
  readonly deliveryLifetime: number
  /** Types of credentials that a description asks for when it names none. */
  readonly describedTypes: readonly string[]
  /** The oldest key binding that is believed, in whole seconds. */
  readonly keyBindingMaxAge: number
  /** How far two honest clocks may differ, in whole seconds; none is allowed. */
  readonly clockSkew: number
  /**
   * Claims without which no credential is taken, besides `iss` and `vct`: `exp` unless the operator takes
   * credentials that never end (RFC 9901 §9.7).
   */
  readonly requiredClaims: readonly string[]
  /** Whether a credential must name a status list, or is only looked up where it does. */
  readonly status: 'required' | 'when_present'
  /**
   * What becomes of a credential whose holder may have withheld its end or its status: `accepted` only where
   * all issuers are known to conceal neither.
   */
  readonly withheldLimits: 'refused' | 'accepted'
  /** How issuers may show their keys, single ones too (SD-JWT VC §2.5). */
  readonly issuerKeys: IssuerKeyPolicy
  /**
   * Whether credentials are held against the document about their type. `when_available`: one that
   * cannot be had is gone without.
   */
  readonly typeMetadata: 'ignored' | 'when_available' | 'required'
  /**
   * Whether a credential answers also for the types that its type extends, as the documents about them say (OpenID4VP
   * 1.0 §B.3.5). `accepted` needs `typeMetadata`; without a document the type is the credential's own. Its issuer must
   * be believed for that type, and not for the one that was asked for (SD-JWT VC §7.7).
   */
  readonly extendedTypes: 'refused' | 'accepted'
  /** `https` in production; development may also use plain http on loopback. */
  readonly scheme: Scheme
}

/** What the operator may leave to us. */
export const defaultSettings: Omit<VerifierSettings, 'client_id' | 'baseUrl'> = {
  responseMode: 'direct_post',
  profile: 'none',
  algs: jwsAlgorithms,
  requestLifetime: 300,
  resultLifetime: 600,
  deliveryLifetime: 86_400,
  describedTypes: [],
  keyBindingMaxAge: 300,
  clockSkew: 30,
  requiredClaims: ['exp'],
  status: 'when_present',
  withheldLimits: 'refused',
  issuerKeys: didsOnly,
  typeMetadata: 'ignored',
  extendedTypes: 'refused',
  scheme: 'https',
}

/** @throws {VerifierError} `settings_invalid` */
export function checkSettings(settings: VerifierSettings): VerifierSettings {
  const { baseUrl, scheme } = settings
  const { href } = reading('baseUrl is an https URL without query or fragment', () =>
    readIdentifierUrl(baseUrl, scheme),
  )
  require(!href.endsWith('/'), 'baseUrl has no slash at its end')
  require(settings.algs.length > 0 &&
    settings.algs.every(
      isJwsAlgorithm,
    ), `algs names one of ${jwsAlgorithms.join(', ')} at least, and nothing else`)
  for (const name of ['requestLifetime', 'resultLifetime', 'deliveryLifetime', 'keyBindingMaxAge'] as const) {
    require(isWhole(settings[name], 1), `${name} is a whole number of at least 1`)
  }
  require(!settings.requiredClaims.includes(''), 'requiredClaims names claims')
  require(settings.extendedTypes === 'refused' ||
    settings.typeMetadata !==
      'ignored', 'extendedTypes is accepted only where typeMetadata says which they are')
  require(isWhole(settings.clockSkew, 0), 'clockSkew is a whole number, 0 or more')
  return settings
}

function isWhole(value: number, least: number): boolean {
  return Number.isSafeInteger(value) && value >= least
}

function reading<T>(rule: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    throw invalidSetting(rule, cause)
  }
}

function require(holds: boolean, rule: string): void {
  if (!holds) throw invalidSetting(rule)
}
