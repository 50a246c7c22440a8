/**
 * What is known of a DID that is kept here, without any private key: its keys with their roles, its
 * services, and where it stands in its life.
 */
import type { PublicJwk } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'

/** The methods of DIDs that can be made here. */
export type MethodName = 'jwk' | 'key' | 'peer' | 'web' | 'webvh'

/**
 * What a key is for: `assertion` to issue, `authentication` to prove who one is, `update` to change the
 * DID, `next-update` to take the place of the key for updates at the next change, and not before.
 */
export type KeyRole = 'assertion' | 'authentication' | 'update' | 'next-update'

export interface KeptKey {
  /** The fragment of its DID URL; never given to another key of this DID. */
  readonly id: string
  readonly publicJwk: PublicJwk
  readonly roles: readonly KeyRole[]
  /**
   * `active` signs. `retired` never signs again: its private half is gone from here; what it signed is
   * still verified until `until`.
   */
  readonly state: 'active' | 'retired'
  /** Names the record of its private half. */
  readonly at: string
  /** Seconds since the epoch. */
  readonly createdAt: number
  /** Seconds since the epoch; until then a retired key stands in the document. Absent: not retired. */
  readonly until?: number
}

/** A service of a DID document (DID 1.1, Services). */
export interface DidService {
  /** The fragment of its DID URL. */
  readonly id: string
  readonly type: string
  readonly serviceEndpoint: string
}

export interface KeptDid {
  readonly did: string
  readonly method: MethodName
  readonly alias?: string
  /** Seconds since the epoch. */
  readonly createdAt: number
  /** How often it was changed, and one: every change finds the number that it began with, or is refused. */
  readonly revision: number
  /** In the order in which they were made; those whose time is over are left out at the next change. */
  readonly keys: readonly KeptKey[]
  readonly services: readonly DidService[]
  /** Seconds since the epoch; absent: it is in use. */
  readonly deactivatedAt?: number
  /** What the method itself must remember. */
  readonly notes?: JsonObject
}

/** The DID URL of a key: its name in Veramo, and in `kid` headers. */
export function kidOf({ did }: Pick<KeptDid, 'did'>, { id }: Pick<KeptKey, 'id'>): string {
  return `${did}#${id}`
}

/** The DID of a DID URL with a fragment; `undefined` when it has none. */
export function didOfKid(kid: string): string | undefined {
  const end = kid.indexOf('#')
  return end < 1 ? undefined : kid.slice(0, end)
}

/** The key that signs in that role, if one does. */
export function findActiveKey(kept: KeptDid, role: KeyRole): KeptKey | undefined {
  return kept.keys.find(({ state, roles }) => state === 'active' && roles.includes(role))
}

/** Whether a key stands in the document at that time, and may be verified with. */
export function isPublished({ state, roles, until }: KeptKey, now: number): boolean {
  const isForOthers = roles.includes('assertion') || roles.includes('authentication')
  return isForOthers && (state === 'active' || (until !== undefined && until > now))
}
