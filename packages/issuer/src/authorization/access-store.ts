/**
 * Access tokens by their digests, until they expire. A token outlives its first credential: others,
 * deferred ones and notifications follow. But each credential is issued once on it, and the claims go then.
 */
import { type Op, recordForm, type Store, type Version } from '@facet-id/store'
import type { Access, AllowedCredential } from './access.ts'

const NS = 'issuer/session'
const REVOKED_NS = 'issuer/grant-revoked'

export type AccessRecord = Omit<Access, 'tokenKey'>

/** Access, and where it stands: what is spent of it is written in the same place. */
export interface StandingAccess extends Access {
  readonly version: Version
}

const form = recordForm<AccessRecord>(2)

/** The `jkt` of the record is the key that every use must prove. */
export function openAccess(tokenKey: string, record: AccessRecord): Op {
  return { ...opening(tokenKey, record), if: 'new' }
}

/** Of a token that we did not draw: one that was opened before stands as it is. */
export function openForeignAccess(tokenKey: string, record: AccessRecord): Op {
  return { ...opening(tokenKey, record), if: 'absent' }
}

function opening(tokenKey: string, record: AccessRecord): Extract<Op, { op: 'put' }> {
  return { op: 'put', ns: NS, key: tokenKey, value: form.write(record), expiresAt: record.expiresAt * 1000 }
}

/** `undefined` where the token is unknown, expired or of a grant that was revoked. */
export async function findAccess(store: Store, tokenKey: string): Promise<StandingAccess | undefined> {
  const entry = await store.get(NS, tokenKey)
  if (entry === undefined) return undefined
  const record = form.read(entry.value)
  if ((await store.get(REVOKED_NS, record.grantId)) !== undefined) return undefined
  return { ...record, tokenKey, version: entry.version }
}

/** Until when what stands for that token is kept, also where its grant was revoked; seconds since the epoch. */
export async function accessEnds(store: Store, tokenKey: string): Promise<number | undefined> {
  const entry = await store.get(NS, tokenKey)
  return entry && form.read(entry.value).expiresAt
}

/** That credential is issued on this token now, and never again: whoever is second is refused. */
export function spendAccess(access: StandingAccess, spent: AllowedCredential): Op {
  const { tokenKey, version, ...record } = access
  const allowed = record.allowed.map((one) => {
    if (one !== spent) return one
    const { claims: _, ...kept } = one
    return { ...kept, issued: true as const }
  })
  return {
    op: 'put',
    ns: NS,
    key: tokenKey,
    value: form.write({ ...record, allowed }),
    if: { version },
    expiresAt: record.expiresAt * 1000,
  }
}

/** In the commit that hands something out: the grant was not revoked meanwhile. */
export function checkGranted(grantId: string): Op {
  return { op: 'check', ns: REVOKED_NS, key: grantId }
}

/**
 * All tokens of that grant are worth nothing from now on.
 *
 * @param until seconds since the epoch, when the last of them would have expired
 */
export function revokeGranted(grantId: string, until: number): Op {
  return { op: 'put', ns: REVOKED_NS, key: grantId, value: new Uint8Array(), expiresAt: until * 1000 }
}
