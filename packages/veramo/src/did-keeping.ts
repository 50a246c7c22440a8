/**
 * DIDs in the course of their lives: made, looked at, changed, given up, carried elsewhere. Each change is
 * one commit, and of two that begin from the same state one is refused.
 */
import type { DidDocument } from '@facet-id/credential/did'
import type { Signer } from '@facet-id/credential/jose'
import type { Custody, CustodyPorts } from './custody/custody.ts'
import { type DidService, type KeptDid, type KeptKey, type KeyRole, kidOf } from './custody/kept-did.ts'
import { DidAgentError } from './error.ts'
import { readLuggage, writeLuggage } from './luggage.ts'
import type { DidMethod, DidWish, Making, PublishedFile } from './methods/method.ts'
import { methodOf } from './methods/methods.ts'
import { givenUp, requireSafe, withFreshKeys, withoutOldKeys, withoutService, withService } from './revise.ts'

/** What signs for a DID in one role. */
export interface Signing {
  readonly kept: KeptDid
  readonly key: KeptKey
  readonly kid: string
  readonly signer: Signer
}

export interface DidKeeping {
  /** Drafts a DID; Veramo's DID manager, or `custody.keep`, keeps it. */
  prepare(wish: DidWish): Promise<KeptDid>
  /** @throws {DidAgentError} `did_unknown` */
  get(did: string): Promise<KeptDid>
  /**
   * Replaces the keys with which it signs. The old ones never sign again, and stand in its document for
   * `overlap` seconds: at least as long as what they signed is to be verified.
   *
   * @throws {DidAgentError} `did_unknown`, `did_immutable`, `did_deactivated`, `wish_malformed`, `key_reused`,
   * `state_contended`
   */
  rotate(did: string, overlap: number): Promise<KeptDid>
  /**
   * Takes keys whose time is over out of what was written: a did:webvh shows them until it is changed. Changes
   * nothing when there are none. @throws as `rotate`
   */
  tidy(did: string): Promise<KeptDid>
  /** @throws as `rotate`; `service_taken` */
  addService(did: string, service: DidService): Promise<KeptDid>
  /** @throws as `rotate`; `service_unknown` */
  removeService(did: string, id: string): Promise<KeptDid>
  /** Gives it another host; the kept DID has another name then. @throws as `rotate`; `not_supported` */
  move(did: string, to: Pick<DidWish, 'domain' | 'path'>): Promise<KeptDid>
  /** For ever: its private keys are deleted. @throws as `rotate` */
  deactivate(did: string): Promise<KeptDid>
  /**
   * All that belongs to it, private keys included, as `seal` makes it. Whoever imports it takes it over: of two
   * stores that change one did:webvh, one tells lies; and of two that have keys of one holder, one destroys those of
   * the other when it replaces them.
   *
   * @throws {DidAgentError} `did_unknown`, `record_corrupt`; whatever `seal` throws
   */
  exportSealed<T>(did: string, seal: (plain: Uint8Array) => Promise<T>): Promise<T>
  /**
   * Takes over what another store exported.
   *
   * @param opened what the export held before it was sealed
   * @throws {DidAgentError} `import_malformed`, `did_taken`, `alias_taken`
   */
  importOpened(opened: Uint8Array): Promise<KeptDid>
  /** As it is resolved now; `undefined`: it is deactivated. @throws {DidAgentError} `did_unknown` */
  documentOf(did: string): Promise<DidDocument | undefined>
  /** What must be served for it to be found. @throws {DidAgentError} `did_unknown` */
  filesOf(did: string): Promise<readonly PublishedFile[]>
  /** @throws {DidAgentError} `did_unknown`, `did_deactivated`, `key_unknown`, `record_corrupt` */
  signerOf(did: string, role: KeyRole): Promise<Signing>
}

export function createDidKeeping(
  custody: Custody,
  { now, hash, location = {}, witnesses }: Pick<CustodyPorts, 'now' | 'hash' | 'location' | 'witnesses'>,
): DidKeeping {
  const making = (): Making => ({
    custody,
    hash,
    location,
    now: now(),
    ...(witnesses === undefined ? {} : { witnesses }),
  })

  /** Private keys that were made for what is refused are forgotten, and destroyed where they are held. */
  async function attempt<T>(act: (at: Making) => Promise<T>): Promise<T> {
    const drafted: string[] = []
    const draft: Custody['draft'] = async (alg) => {
      const made = await custody.draft(alg)
      drafted.push(made.at)
      return made
    }
    try {
      return await act({ ...making(), custody: { ...custody, draft } })
    } catch (error) {
      await custody.discard(drafted)
      throw error
    }
  }

  async function get(did: string): Promise<KeptDid> {
    const kept = await custody.find(did)
    if (kept === undefined) throw new DidAgentError('did_unknown', 'This agent made no such DID')
    return kept
  }

  /** What is there, if it may change, and how its method changes it. */
  async function changeable(did: string): Promise<{ before: KeptDid; method: DidMethod }> {
    const before = await get(did)
    if (before.deactivatedAt !== undefined) throw deactivated()
    return { before, method: methodOf(before.method) }
  }

  async function change(
    did: string,
    revise: (before: KeptDid, making: Making) => KeptDid | Promise<KeptDid>,
  ): Promise<KeptDid> {
    const { before, method } = await changeable(did)
    if (method.change === undefined) throw immutable(method)
    const { change: asMethod } = method
    return attempt(async (at) => {
      const changed = await asMethod(before, await revise(before, at), at)
      await custody.change(before, changed)
      return changed.kept
    })
  }

  return {
    async prepare(wish) {
      for (const service of wish.services ?? []) requireSafe(service, location)
      const change = await attempt((at) => methodOf(wish.method).create(wish, at))
      custody.prepare(change)
      return change.kept
    },
    get,
    rotate: (did, overlap) => change(did, (before, at) => withFreshKeys(before, overlap, at)),
    async tidy(did) {
      const kept = await get(did)
      const isOver = kept.keys.some(({ state, until }) => state === 'retired' && (until ?? 0) <= now())
      if (!isOver || kept.deactivatedAt !== undefined) return kept
      return change(did, withoutOldKeys)
    },
    addService: (did, service) => change(did, (before, at) => withService(before, service, at)),
    removeService: (did, id) => change(did, (before, at) => withoutService(before, id, at)),
    deactivate: (did) => change(did, givenUp),
    async move(did, to) {
      const { before, method } = await changeable(did)
      if (method.move === undefined) throw immutable(method)
      const { move } = method
      return attempt(async (at) => {
        const moved = await move(before, to, at)
        await custody.change(before, moved)
        return moved.kept
      })
    },
    async exportSealed(did, seal) {
      const kept = await get(did)
      return seal(writeLuggage(kept, await custody.history(kept), await custody.held(kept)))
    },
    async importOpened(opened) {
      const { change, keys } = readLuggage(opened)
      await custody.adopt(change, keys)
      return change.kept
    },
    async documentOf(did) {
      const kept = await get(did)
      return methodOf(kept.method).documentOf(kept, making())
    },
    async filesOf(did) {
      const kept = await get(did)
      return (await methodOf(kept.method).filesOf?.(kept, making())) ?? []
    },
    async signerOf(did, role) {
      const kept = await get(did)
      if (kept.deactivatedAt !== undefined) throw deactivated()
      const { key, signer } = await custody.signerOf(kept, role)
      return { kept, key, kid: kidOf(kept, key), signer }
    },
  }
}

function immutable({ name }: DidMethod): DidAgentError {
  return new DidAgentError('did_immutable', `A did:${name} cannot be changed so: make another DID`)
}

function deactivated(): DidAgentError {
  return new DidAgentError('did_deactivated', 'This DID was given up: it neither signs nor changes')
}
