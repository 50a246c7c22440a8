/**
 * What the operator decides about an issuer: who it is, what it issues, how long things live.
 */
import { isJwsAlgorithm, type JwsAlgorithm, jwsAlgorithms, type PublicJwk } from '@facet-id/credential/jose'
import { type ClaimsPath, readClaimsPath } from '@facet-id/credential/sd-jwt'
import { protectedClaims } from '@facet-id/credential/sd-jwt-vc'
import type {
  ClaimDescription,
  CredentialConfigurationDisplay,
  IssuerDisplay,
} from '@facet-id/protocol/openid4vci'
import { readIdentifierUrl, type Scheme } from '@facet-id/protocol/url'
import {
  type AuthorizationSettings,
  checkAuthorization,
  defaultAuthorization,
} from './authorization/authorization-settings.ts'
import { IssuerError } from './error.ts'
import {
  defaultIssuance,
  defaultProofs,
  faultIn,
  faultInProofs,
  type IssuanceSettings,
  type ProofsTaken,
} from './issuance/issuance-settings.ts'
import type { IssuerPorts } from './ports.ts'
import { findHaipGaps } from './profile.ts'

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

/** What the issuer says itself, in every credential. */
const OWN_CLAIMS: readonly string[] = [...protectedClaims, 'iat']

/** The most proofs that any request is read with. */
const MAX_BATCH = 100
/** With fewer than one in a million nobody would hear of a disagreement in time. */
const MAX_EVERY = 1_000_000
const DAY = 24 * 3600
const SCOPE = /^[\x21\x23-\x5B\x5D-\x7E]+$/

/** @throws {IssuerError} `settings_invalid` */
export function checkSettings(settings: IssuerSettings): IssuerSettings {
  checkIdentifier(settings)
  checkAuthorization(settings.authorization)
  const servers = [settings.credential_issuer, ...settings.authorization.servers.map(({ issuer }) => issuer)]
  require(new Set(servers).size ===
    servers.length, 'authorization.servers names none twice, and not this issuer, whose own tokens are good anyway')
  const { configurations, statusList } = settings
  checkKnownBy(settings)
  require(isWhole(settings.batchSize, 2) &&
    settings.batchSize <= MAX_BATCH, `batchSize is a whole number from 2 to ${MAX_BATCH}`)
  require(settings.proofAlgs.length > 0 &&
    settings.proofAlgs.every(
      isJwsAlgorithm,
    ), `proofAlgs names one of ${jwsAlgorithms.join(', ')} at least, and nothing else`)
  for (const name of ['offerLifetime', 'tokenLifetime', 'nonceLifetime', 'txCodeTries'] as const) {
    require(isWhole(settings[name], 1), `${name} is a whole number of at least 1`)
  }
  require(isWhole(settings.secondOpinionEvery, 1) &&
    settings.secondOpinionEvery <= MAX_EVERY, `secondOpinionEvery is a whole number from 1 to ${MAX_EVERY}`)
  // OpenID4VCI §13.10: tokens that live longer must be bound to a key; see authorization.boundTokenLifetime.
  require(settings.tokenLifetime <= 300, 'tokenLifetime is at most 300 seconds')
  require(statusList.ttl > 0, 'statusList.ttl is positive')
  require(isWhole(statusList.lifetime, 1) &&
    statusList.lifetime >= statusList.ttl, 'statusList.lifetime is whole seconds, no fewer than its ttl')
  require(Object.keys(configurations).length > 0, 'configurations names at least one credential')
  for (const [id, { lifetime, scope, claims, mustConceal = [] }] of Object.entries(configurations)) {
    // RFC 6749 §3.3: with a blank it would be two, and without a character anybody's who asks for none.
    require(SCOPE.test(
      scope,
    ), `configurations.${id}.scope is one scope, without blanks, quotes and backslashes`)
    // Counted from midnight: with less, a credential could have expired before it is issued.
    require(isWhole(lifetime, DAY), `configurations.${id}.lifetime is whole seconds, at least a day`)
    require(claims.every(
      ({ path: [first] }) => typeof first === 'string' && !OWN_CLAIMS.includes(first),
    ), `configurations.${id}.claims describes no claim that the issuer or the format keeps to itself`)
    require(mustConceal.every(
      isConcealable,
    ), `configurations.${id}.mustConceal has paths of claims that may be concealed`)
  }
  return settings
}

function checkIdentifier({ credential_issuer, scheme }: IssuerSettings): void {
  let href: string
  try {
    href = readIdentifierUrl(credential_issuer, scheme).href
  } catch (cause) {
    throw new IssuerError(
      'settings_invalid',
      'credential_issuer must be an https URL without query or fragment; plain http is for loopback in development',
      { cause },
    )
  }
  require(!href.endsWith('/'), 'credential_issuer has no slash at its end')
}

/**
 * Holds settings against what the issuer is given.
 *
 * @throws {IssuerError} `settings_invalid`
 */
export function checkAgainstPorts(settings: IssuerSettings, ports: IssuerPorts): void {
  const given = { resolveKey: ports.resolveKey !== undefined, encryption: ports.encryption !== undefined }
  const fault = faultIn(settings, given)
  require(fault === undefined, fault ?? '')
  for (const [id, { proofs = defaultProofs }] of Object.entries(settings.configurations)) {
    const wrong = faultInProofs(proofs, ports.keyAttesters !== undefined)
    require(wrong === undefined, `configurations.${id}.proofs ${wrong}`)
  }
  const gaps = settings.profile === 'haip' ? findHaipGaps({ settings, ports }) : []
  require(gaps.length === 0, gaps.join('; '))
  const { servers, clientAttestation } = settings.authorization
  require(clientAttestation !== 'required' ||
    ports.walletProviderKey !== undefined, 'walletProviderKey is given where wallets must be attested')
  require(ports.introspect !== undefined ||
    servers.every(
      ({ tokens }) => tokens !== 'introspection',
    ), 'introspect is given where a server is asked about its tokens')
  require(ports.serverKey !== undefined ||
    ports.verifyServerToken !== undefined ||
    servers.every(
      ({ tokens }) => tokens !== 'jwt',
    ), 'serverKey or verifyServerToken is given where a server signs its tokens')
}

function checkKnownBy(settings: IssuerSettings): void {
  const { knownBy, configurations } = settings
  const all = [knownBy, ...Object.values(configurations).flatMap((own) => own.knownBy ?? [])]
  for (const known of all) {
    require(known.by !== 'jwt_vc_issuer' ||
      haveNames([
        known,
        ...(known.retired ?? []),
      ]), 'each key in knownBy has a kid of its own, and not an empty one')
    // One status list has entries of all of them, and one signature.
    require(all.every(
      (other) => other.by !== known.by || isAlike(other, known),
    ), 'all that are known in one way, by knownBy, are known by the same key or certificates')
  }
}

function isAlike(one: KnownBy, other: KnownBy): boolean {
  return JSON.stringify(plainOf(one)) === JSON.stringify(plainOf(other))
}

function plainOf(known: KnownBy): unknown {
  return known.by === 'x5c' ? known.chain.map((certificate) => [...certificate]) : known
}

function haveNames(keys: readonly Pick<RetiredKey, 'kid'>[]): boolean {
  return new Set(keys.map(({ kid }) => kid)).size === keys.length && keys.every(({ kid }) => kid !== '')
}

function isConcealable(path: ClaimsPath): boolean {
  try {
    const [first] = readClaimsPath(path)
    return typeof first === 'string' && !protectedClaims.includes(first)
  } catch {
    return false
  }
}

function isWhole(value: number, least: number): boolean {
  return Number.isSafeInteger(value) && value >= least
}

function require(holds: boolean, rule: string): void {
  if (!holds) throw new IssuerError('settings_invalid', `The issuer's settings must be such that ${rule}`)
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
