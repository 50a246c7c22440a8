/**
 * What rests: DIDs, their aliases and their private keys, in a store that the caller has sealed.
 *
 * This is the one place that holds private keys. Veramo's own plugins hand them through agent calls,
 * whose arguments and results are written to a log when someone asks for it; here nothing that a
 * caller or the agent can reach ever yields one. What comes out are public keys and signers.
 *
 * A DID, its keys and its alias are committed together, and so is every change with the keys that it
 * makes and those that it ends. So an interruption leaves the old or the new, never a part; and an
 * alias has one DID however many ask for it at once.
 */
import type { WebLocationRules } from '@facet-id/credential/did'
import { algorithmOf, type Hash, type Signer, sameKey } from '@facet-id/credential/jose'
import type { Op, Store } from '@facet-id/store'
import { DidAgentError } from '../error.ts'
import type { WitnessPort } from '../methods/witnesses.ts'
import { ALIASES, changing, creating, DIDS, type DidChange, endedIn, historyOf, KEYS } from './commits.ts'
import { createDrafts, type Drafts } from './drafts.ts'
import { type HeldKeys, type KeyPorts, keysOf } from './held-keys.ts'
import { findActiveKey, type KeptDid, type KeptKey, type KeyRole, kidOf } from './kept-did.ts'
import { createLooseKeys, type LooseKeys } from './loose-keys.ts'
import { aliasForm, corrupt, type HeldKey, readDidRecord, readKeyRecord } from './records.ts'

export interface CustodyPorts extends KeyPorts {
  /** The caller seals it. */
  readonly store: Store
  readonly hash: Hash
  /** Seconds since the epoch. */
  readonly now: () => number
  /** Which hosts a DID may name; absent: those that the world can reach. */
  readonly location?: WebLocationRules
  /** Who is asked to be a witness of a did:webvh; absent: nobody is, and none is made that needs some. */
  readonly witnesses?: WitnessPort
}

export interface Custody {
  /** A fresh key; its private half waits here until a DID is kept that names it as `at`. */
  readonly draft: Drafts['draft']
  /** What signs with a key that was drafted, before its DID is kept: a DID may have to sign itself. */
  readonly draftSigner: Drafts['signer']
  /** Forgets keys that were drafted for what was refused, also at their holder. Never rejects. */
  readonly discard: Drafts['discard']
  /** Notes a DID whose keys were drafted, for `keep`. */
  prepare(change: DidChange): void
  isPrepared(did: string): boolean
  /**
   * Keeps a DID that was prepared. What was prepared is good for one attempt.
   *
   * @throws {DidAgentError} `alias_taken`, `did_taken`; `key_unknown`: it was not prepared here
   */
  keep(did: string, alias: string | undefined): Promise<void>
  /**
   * Puts a DID in the place of what it was, with the keys that were drafted for it. The private halves of
   * keys that no longer sign are deleted: here in the same commit, and after it at the holder of those that
   * another holds. The DID itself may have another name then; the old one is gone.
   *
   * @throws {DidAgentError} `state_contended`: another change came first
   */
  change(before: KeptDid, change: DidChange): Promise<void>
  /** Keeps what was taken from another store; `keys` by their `at`. @throws as `keep` */
  adopt(change: DidChange, keys: HeldKeys): Promise<void>
  find(did: string): Promise<KeptDid | undefined>
  findByAlias(alias: string): Promise<KeptDid | undefined>
  list(): AsyncIterable<KeptDid>
  /** The method's own log of a DID, from its beginning. */
  history(kept: KeptDid): Promise<readonly string[]>
  /** Private keys, for what seals them at once. @throws {DidAgentError} `record_corrupt` */
  held(kept: KeptDid): Promise<HeldKeys>
  /**
   * What signs for the DID in that role, at once.
   *
   * @throws {DidAgentError} `key_unknown`: no key of it signs in that role (any more); `record_corrupt`
   */
  signerOf(kept: KeptDid, role: KeyRole): Promise<{ readonly key: KeptKey; readonly signer: Signer }>
  /** The same for a key by its name. */
  signerOfKey(kept: KeptDid, id: string): Promise<Signer>
  /**
   * Destroys private keys that were to be destroyed at their holder and could not be: to be called at each start.
   * Yields how many are left, because their holder is another or cannot be reached. Never rejects.
   */
  readonly sweepKeys: LooseKeys['sweep']
}

export function createCustody(ports: CustodyPorts): Custody {
  const { store } = ports
  const keys = keysOf(ports)
  const loose = createLooseKeys(ports, keys)
  const drafts = createDrafts(keys, loose)
  /** By DID: two may prepare the same did:web at once. */
  const prepared = new Map<string, DidChange[]>()

  async function find(did: string): Promise<KeptDid | undefined> {
    const entry = await store.get(DIDS, did)
    return entry === undefined ? undefined : readDidRecord(did, entry.value)
  }

  async function create(change: DidChange, held: HeldKeys, more?: readonly Op[]): Promise<void> {
    const done = await store.commit(creating(change, held, more))
    if (done.ok) return
    if (change.kept.alias !== undefined && done.failed === 0) {
      throw new DidAgentError('alias_taken', 'Another DID has this alias: choose another')
    }
    throw new DidAgentError('did_taken', 'This DID, or a key of it, is kept here already')
  }

  async function recordsOf(ats: readonly string[]): Promise<HeldKeys> {
    const found = new Map<string, HeldKey>()
    for (const at of ats) {
      const entry = await store.get(KEYS, at)
      if (entry !== undefined) found.set(at, readKeyRecord(entry.value))
    }
    return found
  }

  async function openKey(kept: KeptDid, key: KeptKey): Promise<Signer> {
    const entry = await store.get(KEYS, key.at)
    if (entry === undefined) throw corrupt('A DID is there without its key')
    const held = readKeyRecord(entry.value)
    if (held.held === 'here' && !sameKey(held.privateJwk, key.publicJwk)) {
      throw corrupt('The key kept for a DID is that of another')
    }
    const signer = await keys.open(held, kidOf(kept, key))
    if (signer.alg !== algorithmOf(key.publicJwk)) throw corrupt('The key kept for a DID is that of another')
    return signer
  }

  return {
    draft: drafts.draft,
    draftSigner: drafts.signer,
    discard: drafts.discard,
    prepare(change) {
      const { did } = change.kept
      prepared.set(did, [...(prepared.get(did) ?? []), change])
    },
    isPrepared: (did) => prepared.has(did),
    async keep(did, alias) {
      const [change, ...others] = prepared.get(did) ?? []
      if (change === undefined) {
        throw new DidAgentError('key_unknown', 'A DID is made by a provider of this agent, and kept at once')
      }
      if (others.length === 0) prepared.delete(did)
      else prepared.set(did, others)
      const kept = alias === undefined ? change.kept : { ...change.kept, alias }
      const fresh = drafts.take(kept)
      try {
        await create({ ...change, kept }, fresh, loose.taking(fresh))
      } catch (error) {
        await drafts.discard([...fresh.keys()])
        throw error
      }
    },
    adopt: (change, held) => create(change, held),
    async change(before, change) {
      const fresh = drafts.take(change.kept, before)
      const entry = await store.get(DIDS, before.did)
      if (entry === undefined || readDidRecord(before.did, entry.value).revision !== before.revision) {
        throw contended()
      }
      const { version } = entry
      const ended = await recordsOf(endedIn(before, change.kept))
      const more = [...loose.taking(fresh), ...loose.ending(ended)]
      const done = await store.commit(changing({ before, version }, change, fresh, more))
      if (!done.ok) throw contended()
      if (loose.ending(ended).length > 0) await loose.sweep()
    },
    find,
    async findByAlias(alias) {
      const entry = await store.get(ALIASES, alias)
      if (entry === undefined) return undefined
      const kept = await find(aliasForm.read(entry.value).did)
      if (kept === undefined) throw corrupt('An alias names a DID that is not there')
      return kept
    },
    async *list() {
      for await (const { key, value } of store.range(DIDS)) yield readDidRecord(key, value)
    },
    async history(kept) {
      const lines: string[] = []
      for await (const { value } of store.read(historyOf(kept), 0))
        lines.push(new TextDecoder().decode(value))
      return lines
    },
    async held(kept) {
      const active = kept.keys.filter(({ state }) => state === 'active').map(({ at }) => at)
      const found = await recordsOf(active)
      if (active.some((at) => !found.has(at))) throw corrupt('A DID is there without its key')
      return found
    },
    async signerOf(kept, role) {
      const key = findActiveKey(kept, role)
      if (key === undefined) {
        throw new DidAgentError('key_unknown', `No key of this DID signs in the role "${role}"`)
      }
      return { key, signer: await openKey(kept, key) }
    },
    async signerOfKey(kept, id) {
      const key = kept.keys.find((known) => known.id === id)
      if (key === undefined) throw new DidAgentError('key_unknown', 'This agent holds no such key')
      if (key.state !== 'active') {
        throw new DidAgentError('key_retired', 'This key was replaced: it verifies, and never signs again')
      }
      return openKey(kept, key)
    },
    sweepKeys: loose.sweep,
  }
}

function contended(): DidAgentError {
  return new DidAgentError('state_contended', 'The DID was changed meanwhile: look at it and do it again')
}
