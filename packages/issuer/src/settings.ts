/**
 * What the operator decides about an issuer: who it is, what it issues, how long things live.
 */
import { type JwsAlgorithm, jwsAlgorithms, type PublicJwk } from '@facet-id/credential/jose'
import type { ClaimsPath } from '@facet-id/credential/sd-jwt'
import type {
  ClaimDescription,
  CredentialConfigurationDisplay,
  IssuerDisplay,
} from '@facet-id/protocol/openid4vci'
import type { Scheme } from '@facet-id/protocol/url'
import { type AuthorizationSettings, defaultAuthorization } from './authorization/authorization-settings.ts'
import { IssuerError } from './error.ts'
import { defaultIssuance, type IssuanceSettings, type ProofsTaken } from './issuance/issuance-settings.ts'

/** One kind of credential. */
export interface CredentialConfiguration {
  /** SD-JWT VC type: a collision-resistant name (SD-JWT VC §2.2.2.1). */
  readonly vct: string
  readonly scope: string
  readonly display: readonly CredentialConfigurationDisplay[]
  /** What it says about its subject, in the order of display. Claims not described are not issued. */
  readonly claims: readonly ClaimDescription[]
  /**
   * What of it must not stand in the clear, whatever its type says (RFC 9901 §4.2): no offer is made otherwise. A
   * path reaches with all that is inside. Absent: nothing is said, and all is concealed but what the type
   * never lets anybody withhold.
   */
  readonly mustConceal?: readonly ClaimsPath[]
  /** How this one identifies its issuer; absent: as the issuer's own `knownBy` says. */
  readonly knownBy?: KnownBy
  /** Which key proofs it takes; absent: of the type `jwt`, without attestations. */
  readonly proofs?: ProofsTaken
  /** Whether the operator says yes to each before it is issued; absent: nobody is waited for. */
  readonly approval?: 'required'
  /** What its type demands; absent: the issuer knows of no rules, and publishes none. */
  readonly type?: TypeSettings
  /** Whole seconds from the day of issuance on; at least a day. */
  readonly lifetime: number
}

/** The documents about a type (SD-JWT VC §5). */
export interface TypeSettings {
  /**
   * The type's own, then those that it extends, as they are published, byte for byte. The type's own is
   * published by the issuer where its `vct` is an address below the Credential Issuer Identifier.
   */
  readonly documents: readonly string[]
  /**
   * Whether credentials say `vct#integrity`: then they are good with this very document, and the least
   * change to it needs a new type. Not when absent.
   */
  readonly pinned?: boolean
}

/** How whoever receives a credential finds the issuer's key (SD-JWT VC §2.5). */
export type KnownBy =
  /** `iss` is the DID. */
  | { readonly by: 'did' }
  /** `iss` is the Credential Issuer Identifier; this key, which is the signer's, is published below it. */
  | {
      readonly by: 'jwt_vc_issuer'
      readonly kid: string
      readonly publicJwk: PublicJwk
      /** Keys that sign no more, published beside it for what they signed; none when absent. */
      readonly retired?: readonly RetiredKey[]
    }
  /** There is no `iss`: the certificate says who it is. DER, that of the signer's key first, the anchor left out. */
  | { readonly by: 'x5c'; readonly chain: readonly Uint8Array[] }

/** A key that was replaced. */
export interface RetiredKey {
  readonly kid: string
  readonly publicJwk: PublicJwk
  /** Seconds since the epoch; until then it is published. What it signed should have expired by then. */
  readonly until: number
}

export interface IssuerSettings extends IssuanceSettings {
  /**
   * `haip`: wallets must do what HAIP 1.0 wants of them, whatever `authorization` says, and an issuer that lacks
   * something for it is not made: `findHaipGaps` lists what.
   */
  readonly profile: 'none' | 'haip'
  /** The Credential Issuer Identifier: an https URL without query or fragment (OpenID4VCI §12.2.1). */
  readonly credential_issuer: string
  /** The DID that stands as `iss` in credentials, if the issuer is known by it; the signer's `kid` belongs to it. */
  readonly did: string
  readonly knownBy: KnownBy
  readonly display: readonly IssuerDisplay[]
  readonly configurations: Readonly<Record<string, CredentialConfiguration>>
  /** The most copies of one credential in one answer; 2 to 100. */
  readonly batchSize: number
  /** The algorithms of the key proofs that are taken, and that the metadata names; at least one. */
  readonly proofAlgs: readonly JwsAlgorithm[]
  /** How long an offer can be redeemed, in seconds. */
  readonly offerLifetime: number
  /** How long a bearer access token lives, in seconds; at most 300 (OpenID4VCI §13.10). */
  readonly tokenLifetime: number
  /** How long a nonce is believed, in seconds. */
  readonly nonceLifetime: number
  /** Wrong transaction codes until the pre-authorized code dies (OpenID4VCI §13.6.3). */
  readonly txCodeTries: number
  /**
   * Of so many copies one, by chance, is read back by the second engine before it is handed out, besides the
   * first of each configuration after a start; 1 takes all.
   */
  readonly secondOpinionEvery: number
  readonly statusList: {
    /** Seconds that a verifier may keep a list before it fetches a newer one. */
    readonly ttl: number
    /** Seconds until a list must not be relied on any more. */
    readonly lifetime: number
  }
  /** Who may ask for credentials, and how. */
  readonly authorization: AuthorizationSettings
  /** `https` in production; development may also use plain http on loopback. */
  readonly scheme: Scheme
}

/** What the operator may leave to us. */
export const defaultSettings: Pick<
  IssuerSettings,
  | keyof IssuanceSettings
  | 'profile'
  | 'knownBy'
  | 'batchSize'
  | 'proofAlgs'
  | 'offerLifetime'
  | 'tokenLifetime'
  | 'nonceLifetime'
  | 'txCodeTries'
  | 'secondOpinionEvery'
  | 'statusList'
  | 'authorization'
  | 'scheme'
> = {
  ...defaultIssuance,
  profile: 'none',
  knownBy: { by: 'did' },
  batchSize: 10,
  proofAlgs: jwsAlgorithms,
  offerLifetime: 24 * 3600,
  tokenLifetime: 300,
  nonceLifetime: 300,
  txCodeTries: 5,
  secondOpinionEvery: 100,
  statusList: { ttl: 300, lifetime: 24 * 3600 },
  authorization: defaultAuthorization,
  scheme: 'https',
}

/** @throws {IssuerError} `configuration_unknown` */
export function configurationOf(settings: IssuerSettings, id: string): CredentialConfiguration {
  const known = Object.hasOwn(settings.configurations, id) ? settings.configurations[id] : undefined
  if (known === undefined) {
    throw new IssuerError(
      'configuration_unknown',
      'No credential configuration has that name; the metadata lists those that exist',
    )
  }
  return known
}
