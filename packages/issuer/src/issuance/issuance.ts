/**
 * From an access token and some keys to signed copies: what each copy says, and to whom it is bound.
 * OpenID4VCI 1.0 §8.3; SD-JWT VC §2.2.2.
 *
 * Copies of one credential must not be recognised as such: each has its own key, salts, order of
 * digests and status entry, and all share a day as their time (OpenID4VCI §15.4.1).
 */
import {
  bareJwk,
  type Hash,
  type JwsAlgorithm,
  type PublicJwk,
  type Random,
  writeJws,
} from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import { writeSdJwt } from '@facet-id/credential/sd-jwt'
import {
  type CredentialToSign,
  type UnsignedCredential,
  writeCredentialToSign,
} from '@facet-id/credential/sd-jwt-vc'
import type { IssuerPorts } from '../ports.ts'
import type { CredentialConfiguration, IssuerSettings, KnownBy } from '../settings.ts'
import type { StatusEntry } from '../status/status.ts'
import type { OwnType } from './credential-types.ts'
import { frameForAll } from './frame.ts'
import { issuerName, keyNaming, knownByOf, signerFor } from './known-by.ts'

const DAY = 24 * 3600

export interface Drafting {
  readonly settings: IssuerSettings
  readonly configuration: CredentialConfiguration
  readonly claims: JsonObject
  readonly now: number
  readonly knownBy: KnownBy
  readonly kid: string
  readonly alg: JwsAlgorithm
  /** Absent: the type has no rules, or they are not to be held against this draft. */
  readonly own?: OwnType
  readonly hash: Hash
  readonly random: Random
}

export function draftingOf(
  claims: JsonObject,
  configuration: CredentialConfiguration,
  { settings, ports, own, at }: Drawing,
): Drafting {
  const { hash, random, now } = ports
  const knownBy = knownByOf(configuration, settings)
  const signer = signerFor(knownBy, ports)
  const drafting = {
    settings,
    configuration,
    claims,
    now: at ?? now(),
    knownBy,
    kid: signer.kid,
    alg: signer.alg,
    hash,
    random,
  }
  return own === undefined ? drafting : { ...drafting, own }
}

interface Drawing {
  readonly settings: IssuerSettings
  readonly ports: IssuerPorts
  readonly own?: OwnType | undefined
  /** Seconds since the epoch; absent: now. */
  readonly at?: number
}

/** Midnight before, so that a time tells apart no more than a day's issuances. */
export function roundedToDay(now: number): number {
  return now - (now % DAY)
}

export function expiryOf(configuration: CredentialConfiguration, now: number): number {
  return roundedToDay(now) + configuration.lifetime
}

/** A credential that lacks its signature. */
export interface Draft extends CredentialToSign {
  /** All that it says: the claims about the subject, and the registered ones. */
  readonly says: JsonObject
}

export function draftCredential(key: PublicJwk, entry: StatusEntry, drafting: Drafting): Draft {
  const { settings, configuration, claims, now, knownBy, alg, own, hash, random } = drafting
  const iss = issuerName(knownBy, settings)
  const registered: JsonObject = {
    ...(iss === undefined ? {} : { iss }),
    vct: configuration.vct,
    ...(own?.integrity === undefined ? {} : { 'vct#integrity': own.integrity }),
    iat: roundedToDay(now),
    exp: expiryOf(configuration, now),
    cnf: { jwk: { ...bareJwk(key) } },
    status: { status_list: { idx: entry.index, uri: statusListUri(settings, entry.list) } },
  }
  const says = { ...claims, ...registered }
  const unsigned: UnsignedCredential = {
    claims: says,
    frame: frameForAll(claims, own?.type),
    issuerKey: keyNaming(knownBy, settings, drafting),
    alg,
    ...(own === undefined ? {} : { type: own.type }),
  }
  const { mustConceal = [] } = configuration
  return { ...writeCredentialToSign(unsigned, { hash, random, mustConceal }), says }
}

export function signedCredential(
  { signingInput, disclosures }: CredentialToSign,
  signature: Uint8Array,
): string {
  return writeSdJwt(writeJws(signingInput, signature), disclosures)
}

export function statusListUri(settings: IssuerSettings, list: number): string {
  return `${settings.credential_issuer}/status-lists/${list}`
}

/** The same items in an order that says nothing: wallets match copies by key, not by place. */
export function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  const drawn = items.map((item) => ({ item, at: [...random(8)].join('.') }))
  return drawn.sort((a, b) => (a.at < b.at ? -1 : 1)).map(({ item }) => item)
}
