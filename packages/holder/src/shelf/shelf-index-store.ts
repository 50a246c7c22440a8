/**
 * The shelf as queries are held against it: each credential opened once, and again only when something of it
 * was written. Made when the first request comes, and kept in memory as long as the holder lives.
 */
import type { Hash } from '@facet-id/credential/jose'
import { type ClaimPlace, openStoredSdJwt } from '@facet-id/credential/sd-jwt'
import { createHeldIndex, type HeldCredential, type HeldIndex } from '@facet-id/protocol/openid4vp/dcql'
import type { Op, Store } from '@facet-id/store'
import { oneByOne } from '../one-by-one-store.ts'
import { type HeldSignedWith, headerOf, signedWith } from '../presentation/signed-with.ts'
import { type AuthorityKeysOf, authorityFacts } from './authority-facts.ts'
import {
  COPY_NS,
  CREDENTIAL_NS,
  type CredentialRecord,
  copiesOf,
  findCredential,
  listCredentials,
  type StandingCopy,
} from './shelf-store.ts'

/** A credential on the shelf, opened: what can be asked of it, and what it can answer with. */
export interface ShelvedCredential extends HeldCredential {
  readonly record: CredentialRecord
  /** The places of the claims that can be withheld. */
  readonly disclosable: readonly ClaimPlace[]
  readonly signedWith: HeldSignedWith
  /** Copies that were never shown. */
  readonly unused: number
}

export interface ShelfIndex {
  /** The shelf as it is now. */
  current(): Promise<HeldIndex<ShelvedCredential>>
  /** The same store; what is written through it is noticed. All that changes the shelf goes through it. */
  readonly store: Store
}

interface Shelved {
  readonly store: Store
  readonly hash: Hash
  /** Absent: certificates say nothing of authorities. */
  readonly authorityKeysOf?: AuthorityKeysOf | undefined
}

export function createShelfIndex({ store, hash, authorityKeysOf }: Shelved): ShelfIndex {
  let built: HeldIndex<ShelvedCredential> | undefined
  const changed = new Set<string>()

  async function build(): Promise<HeldIndex<ShelvedCredential>> {
    const index = createHeldIndex<ShelvedCredential>()
    for await (const record of listCredentials(store)) await refresh(record, index)
    return index
  }

  async function refresh(record: CredentialRecord, index: HeldIndex<ShelvedCredential>): Promise<void> {
    const shelved = shelvedOf(record, await copiesOf(store, record.credentialId), {
      hash,
      authorityKeysOf,
    })
    if (shelved === undefined) index.remove(record.credentialId)
    else index.put(shelved)
  }

  async function caughtUp(): Promise<HeldIndex<ShelvedCredential>> {
    try {
      const index = built ?? (await build())
      built = index
      for (const id of changed) {
        // Before it is read: what is written meanwhile is noted anew.
        changed.delete(id)
        const record = await findCredential(store, id)
        if (record === undefined) index.remove(id)
        else await refresh(record, index)
      }
      return index
    } catch (error) {
      // Nobody knows what is missing: the next request begins anew.
      built = undefined
      throw error
    }
  }

  const note = (ops: readonly Op[]): void => {
    for (const op of ops) {
      const id = credentialIn(op)
      if (id !== undefined) changed.add(id)
    }
  }
  const inTurn = oneByOne()
  return { current: () => inTurn(caughtUp), store: watched(store, note) }
}

/** Tells of each commit after it was tried: also of one that failed, for it may have been done. */
function watched(store: Store, note: (ops: readonly Op[]) => void): Store {
  return {
    get capabilities() {
      return store.capabilities
    },
    get: (ns, key) => store.get(ns, key),
    async commit(ops) {
      try {
        return await store.commit(ops)
      } finally {
        note(ops)
      }
    },
    range: (ns, within) => store.range(ns, within),
    read: (log, from, limit) => store.read(log, from, limit),
    sweep: (max) => store.sweep(max),
    close: () => store.close(),
  }
}

function credentialIn(op: Op): string | undefined {
  if (!('ns' in op)) return undefined
  if (op.ns === CREDENTIAL_NS) return op.key
  return op.ns === COPY_NS ? op.key.slice(0, op.key.lastIndexOf('.')) : undefined
}

function shelvedOf(
  record: CredentialRecord,
  copies: readonly StandingCopy[],
  { hash, authorityKeysOf }: Omit<Shelved, 'store'>,
): ShelvedCredential | undefined {
  const unused = copies.filter((copy) => copy.record.usedAt === undefined)
  // Never one that was shown while there is another: whoever saw its key or its place in a status list
  // could ask for that value, and would know the wallet again by another copy.
  const [any] = [...unused, ...copies]
  if (any === undefined) return undefined
  const { jwt, opened } = openStoredSdJwt(any.record.compact, hash)
  const algs = signedWith(jwt, opened.claims)
  return {
    id: record.credentialId,
    vct: record.vct,
    ...(record.extended === undefined ? {} : { extended: record.extended }),
    claims: opened.claims,
    hasHolderKey: algs.holder !== undefined,
    authorities: { ...authorityFacts(record.issuer, headerOf(jwt), authorityKeysOf), ...record.certified },
    record,
    disclosable: opened.disclosed.map(({ at }) => at),
    signedWith: algs,
    unused: unused.length,
  }
}
