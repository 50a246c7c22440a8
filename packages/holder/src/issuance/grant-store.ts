/**
 * The access that an authorization server gave: it outlives the issuance, so that copies can be topped up and the
 * issuer told what became of its credentials. Gone with the last thing that it is for.
 */
import { type Op, recordForm, type Store } from '@facet-id/store'
import type { Access } from '../authorization/authorization-state.ts'

const NS = 'holder/grant'

export interface Grant extends Access {
  readonly grantId: string
}

const form = recordForm<Grant>(1)

export function keepGrant(grant: Grant): Op {
  return { op: 'put', ns: NS, key: grant.grantId, value: form.write(grant) }
}

export function dropGrant(grantId: string): Op {
  return { op: 'del', ns: NS, key: grantId }
}

export async function findGrant(store: Store, grantId: string): Promise<Grant | undefined> {
  const entry = await store.get(NS, grantId)
  return entry && form.read(entry.value)
}

/** Whether anything can still be asked for with it. */
export function lives({ refreshToken, expiresAt }: Grant, now: number): boolean {
  return refreshToken !== undefined || expiresAt === undefined || expiresAt > now
}
