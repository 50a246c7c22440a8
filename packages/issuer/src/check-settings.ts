/** Refuses settings that no issuer could keep, and those that it lacks something for. */
import { isJwsAlgorithm, jwsAlgorithms } from '@facet-id/credential/jose'
import { type ClaimsPath, readClaimsPath } from '@facet-id/credential/sd-jwt'
import { protectedClaims } from '@facet-id/credential/sd-jwt-vc'
import { readIdentifierUrl } from '@facet-id/protocol/url'
import { checkAuthorization } from './authorization/authorization-settings.ts'
import { IssuerError } from './error.ts'
import { defaultProofs, faultIn, faultInProofs } from './issuance/issuance-settings.ts'
import type { IssuerPorts } from './ports.ts'
import { findHaipGaps } from './profile.ts'
import type { IssuerSettings, KnownBy, RetiredKey } from './settings.ts'

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
