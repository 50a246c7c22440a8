/**
 * Where state rests. A commit happens whole or not at all; a refused one names the operation that
 * refused it. `contract.ts` is the full definition: every adapter runs it.
 *
 * Commits are as if one came after the other, and within one each operation sees what those before it
 * did. All methods reject with {StoreError}: `store_closed` after closing, `store_corrupt` where what
 * rests is damaged, `key_malformed` and `op_malformed` for questions that are none.
 */

/** A family of records, such as `issuer/offer`: lower-case words joined by `/`. */
export type Namespace = string

/** Opaque; equal only for the same write of the same key. Deleting and writing again changes it. */
export type Version = string

export type Op =
  /** The key must exist and be unexpired: its value is returned and it is deleted. */
  | { readonly op: 'take'; readonly ns: Namespace; readonly key: string }
  /**
   * `if` absent: write whatever stands there. `expiresAt`: milliseconds since the epoch; from that
   * moment on the record is absent for every question. `new`: the key was drawn at random, so that nothing can be
   * there; a store need not look, and what is there against the promise is refused or replaced.
   */
  | {
      readonly op: 'put'
      readonly ns: Namespace
      readonly key: string
      readonly value: Uint8Array
      readonly if?: 'absent' | 'new' | { readonly version: Version }
      readonly expiresAt?: number
    }
  /** Deletes; absence is no refusal. */
  | { readonly op: 'del'; readonly ns: Namespace; readonly key: string }
  /** The key must stand at `version`; without `version` it must be absent. */
  | { readonly op: 'check'; readonly ns: Namespace; readonly key: string; readonly version?: Version }
  /** Takes `count` numbers never given before from a counter; yields the first. Gaps may appear. */
  | { readonly op: 'alloc'; readonly name: string; readonly count: number }
  /**
   * Adds to an ordered log without gaps; yields the sequence number of the first entry. A log begins
   * at 0. Towards `maxOps` each entry counts as an operation.
   */
  | { readonly op: 'append'; readonly name: string; readonly entries: readonly Uint8Array[] }
  /**
   * Deletes `count` entries of a log from the sequence number `from` on; absence is no refusal. Their numbers are not
   * given again. Towards `maxOps` each entry counts as an operation.
   */
  | { readonly op: 'trim'; readonly name: string; readonly from: number; readonly count: number }

/** What one operation yielded, in the place of the operation. */
export type Out =
  | { readonly op: 'take'; readonly value: Uint8Array }
  | { readonly op: 'put'; readonly version: Version }
  | { readonly op: 'del' | 'check' | 'trim' }
  | { readonly op: 'alloc' | 'append'; readonly first: number }

export interface Committed {
  readonly ok: true
  readonly out: readonly Out[]
}

/** Nothing was changed; `failed` is the index of the operation whose condition did not hold. */
export interface Refused {
  readonly ok: false
  readonly failed: number
}

export interface Entry {
  readonly key: string
  readonly value: Uint8Array
  readonly version: Version
  /** Milliseconds since the epoch; absent when the record does not expire. */
  readonly expiresAt?: number
}

/** Bounds in the order of the keys' UTF-8 bytes. */
export interface KeyRange {
  readonly gte?: string
  readonly lt?: string
  readonly limit?: number
}

export interface StoreCapabilities {
  /** More than one process may hold it at the same time. */
  readonly shared: boolean
  /** What an acknowledged commit has survived: nothing, the process, the machine. */
  readonly durability: 'memory' | 'process' | 'disk'
  readonly maxOps: number
  readonly maxValueBytes: number
}

export interface Store {
  readonly capabilities: StoreCapabilities
  /** The unexpired record, or `undefined`. */
  get(ns: Namespace, key: string): Promise<Entry | undefined>
  /**
   * Performs all operations or none. Acknowledged, it has survived what `durability` says.
   *
   * @throws {StoreError} also `too_many_ops`, `value_too_large`; `store_full` and `store_unavailable`:
   *   the commit is in doubt, and nothing more is written until the store is opened again
   */
  commit(ops: readonly Op[]): Promise<Committed | Refused>
  /** In the order of the keys' bytes; expired records left out; not a snapshot. */
  range(ns: Namespace, within?: KeyRange): AsyncIterable<Entry>
  /** Entries of a log from a sequence number on, in order; those that were trimmed are left out. */
  read(
    log: string,
    from: number,
    limit?: number,
  ): AsyncIterable<{ readonly seq: number; readonly value: Uint8Array }>
  /** Deletes up to `max` expired records and says how many went. */
  sweep(max: number): Promise<number>
  /** Releases what it holds; whatever was acknowledged is kept. Safe to call twice. */
  close(): Promise<void>
}
