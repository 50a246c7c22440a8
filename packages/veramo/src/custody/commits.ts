/** Which records are written, and on what condition, when a DID is kept, taken over or changed. */
import type { Op, Version } from '@facet-id/store'
import type { HeldKeys } from './held-keys.ts'
import type { KeptDid } from './kept-did.ts'
import { aliasForm, type HeldKey, writeDid, writeKey } from './records.ts'

export const DIDS = 'agent/did'
export const ALIASES = 'agent/alias'
export const KEYS = 'agent/key'

/** A DID as it will be, and what its method adds to its history. */
export interface DidChange {
  readonly kept: KeptDid
  /** Lines of the method's own log, in order. */
  readonly history?: readonly string[]
}

/** A DID that was not there. Where it has an alias, that is the first condition. */
export function creating(
  { kept, history }: DidChange,
  keys: HeldKeys,
  more: readonly Op[] = [],
): readonly Op[] {
  const { did, alias } = kept
  return [
    ...(alias === undefined ? [] : [puttingAlias(alias, did, 'absent')]),
    { op: 'put', ns: DIDS, key: did, value: writeDid(kept), if: 'absent' },
    ...puttingKeys(keys),
    ...more,
    ...appending(kept, history),
  ]
}

/** Names of the records of keys that signed before a change, and do not after it. */
export function endedIn(before: KeptDid, kept: KeptDid): readonly string[] {
  return before.keys
    .filter((key) => key.state === 'active' && kept.keys.find(({ at }) => at === key.at)?.state !== 'active')
    .map(({ at }) => at)
}

/**
 * A DID in the place of what it was: keys that no longer sign are deleted, and an alias follows a DID that has
 * another name now.
 *
 * @param more what else must hold and be written with it
 */
export function changing(
  { before, version }: { readonly before: KeptDid; readonly version: Version },
  { kept, history }: DidChange,
  keys: HeldKeys,
  more: readonly Op[],
): readonly Op[] {
  const { did, alias } = kept
  const isMoved = did !== before.did
  return [
    { op: 'check', ns: DIDS, key: before.did, version },
    ...(isMoved ? [{ op: 'del', ns: DIDS, key: before.did } as const] : []),
    { op: 'put', ns: DIDS, key: did, value: writeDid(kept) },
    ...puttingKeys(keys),
    ...endedIn(before, kept).map((at): Op => ({ op: 'del', ns: KEYS, key: at })),
    ...more,
    ...(isMoved && alias !== undefined ? [puttingAlias(alias, did)] : []),
    ...appending(kept, history),
  ]
}

/** The log of a DID: of a did:webvh by its SCID, which stays when the DID moves. */
export function historyOf({ method, notes, did }: KeptDid): string {
  return `agent/history/${method}/${typeof notes?.scid === 'string' ? notes.scid : did}`
}

function puttingAlias(alias: string, did: string, condition?: 'absent'): Op {
  const value = aliasForm.write({ did })
  return { op: 'put', ns: ALIASES, key: alias, value, ...(condition === undefined ? {} : { if: condition }) }
}

function puttingKeys(keys: HeldKeys): readonly Op[] {
  return [...keys].map(
    ([at, key]: readonly [string, HeldKey]): Op => ({
      op: 'put',
      ns: KEYS,
      key: at,
      value: writeKey(key),
      if: 'absent',
    }),
  )
}

function appending(kept: KeptDid, history: readonly string[] = []): readonly Op[] {
  if (history.length === 0) return []
  const entries = history.map((line) => new TextEncoder().encode(line))
  return [{ op: 'append', name: historyOf(kept), entries }]
}
