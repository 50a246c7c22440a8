/**
 * What the operator decides about an issuer: who it is, what it issues, how long things live.
 */
import type { JsonObject, JsonValue } from '@facet-id/credential/json'
import { isJsonObject } from '@facet-id/credential/json'
import { protectedClaims } from '@facet-id/credential/sd-jwt-vc'
import type {
  ClaimDescription,
  CredentialConfigurationDisplay,
  IssuerDisplay,
} from '@facet-id/protocol/openid4vci'
import { readIdentifierUrl, type Scheme } from '@facet-id/protocol/url'
import { IssuerError } from './error.ts'

/** One kind of credential. */
export interface CredentialConfiguration {
  /** SD-JWT VC type: a collision-resistant name (SD-JWT VC §2.2.2.1). */
  readonly vct: string
  readonly scope: string
  readonly display: readonly CredentialConfigurationDisplay[]
  /** What it says about its subject, in the order of display. Claims not described are not issued. */
  readonly claims: readonly ClaimDescription[]
  /** Seconds from the day of issuance on. */
  readonly lifetime: number
}

export interface IssuerSettings {
  /** The Credential Issuer Identifier: an https URL without query or fragment (OpenID4VCI §12.2.1). */
  readonly credential_issuer: string
  /** The DID that stands as `iss` in credentials; the signer's `kid` belongs to it. */
  readonly did: string
  readonly display: readonly IssuerDisplay[]
  readonly configurations: Readonly<Record<string, CredentialConfiguration>>
  /** The most copies of one credential in one answer; at least 2. */
  readonly batchSize: number
  /** How long an offer can be redeemed, in seconds. */
  readonly offerLifetime: number
  /** How long a bearer access token lives, in seconds; at most 300 (OpenID4VCI §13.10). */
  readonly tokenLifetime: number
  /** How long a nonce is believed, in seconds. */
  readonly nonceLifetime: number
  /** Wrong transaction codes until the pre-authorized code dies (OpenID4VCI §13.6.3). */
  readonly txCodeTries: number
  readonly statusList: {
    /** Seconds that a verifier may keep a list before it fetches a newer one. */
    readonly ttl: number
    /** Seconds until a list must not be relied on any more. */
    readonly lifetime: number
  }
  /** `https` in production; development may also use plain http on loopback. */
  readonly scheme: Scheme
}

/** What the operator may leave to us. */
export const defaultSettings: Pick<
  IssuerSettings,
  'batchSize' | 'offerLifetime' | 'tokenLifetime' | 'nonceLifetime' | 'txCodeTries' | 'statusList' | 'scheme'
> = {
  batchSize: 10,
  offerLifetime: 24 * 3600,
  tokenLifetime: 300,
  nonceLifetime: 300,
  txCodeTries: 5,
  statusList: { ttl: 300, lifetime: 24 * 3600 },
  scheme: 'https',
}

/** @throws {IssuerError} `settings_invalid` */
export function checkSettings(settings: IssuerSettings): IssuerSettings {
  const { href } = readIdentifierUrl(settings.credential_issuer, settings.scheme)
  require(!href.endsWith('/'), 'credential_issuer has no slash at its end')
  require(Object.keys(settings.configurations).length > 0, 'configurations names at least one credential')
  require(Number.isInteger(settings.batchSize) &&
    settings.batchSize >= 2, 'batchSize is a whole number of at least 2')
  require(settings.tokenLifetime > 0 && settings.tokenLifetime <= 300, 'tokenLifetime is at most 300 seconds')
  require(settings.statusList.ttl > 0, 'statusList.ttl is positive')
  require(settings.statusList.lifetime >=
    settings.statusList.ttl, 'statusList.lifetime is no shorter than its ttl')
  for (const [id, configuration] of Object.entries(settings.configurations)) {
    require(configuration.lifetime > 0, `configurations.${id}.lifetime is positive`)
    require(configuration.claims.every(
      ({ path }) => !protectedClaims.includes(String(path[0])),
    ), `configurations.${id}.claims describes no claim that the format keeps to itself`)
  }
  return settings
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

/**
 * Refuses claims that the configuration does not describe, and the lack of those that it makes
 * mandatory, before anything is promised to anyone.
 *
 * @throws {IssuerError} `claims_do_not_fit`
 */
export function checkClaims(claims: JsonObject, configuration: CredentialConfiguration): void {
  for (const name of Object.keys(claims)) {
    if (!configuration.claims.some(({ path }) => path[0] === name)) {
      throw new IssuerError(
        'claims_do_not_fit',
        `The claim ${JSON.stringify(name)} is not one that this configuration describes`,
      )
    }
  }
  for (const { path, mandatory } of configuration.claims) {
    if (mandatory === true && !isPresent(claims, path)) {
      throw new IssuerError(
        'claims_do_not_fit',
        `The claim at ${JSON.stringify(path)} is mandatory in this configuration and is missing`,
      )
    }
  }
}

function isPresent(root: JsonValue, path: readonly (string | number | null)[]): boolean {
  const [step, ...rest] = path
  if (step === undefined) return true
  if (typeof step === 'string') {
    const member = isJsonObject(root) && Object.hasOwn(root, step) ? root[step] : undefined
    return member !== undefined && isPresent(member, rest)
  }
  if (!Array.isArray(root)) return false
  return (step === null ? root : root.slice(step, step + 1)).some((element) => isPresent(element, rest))
}
