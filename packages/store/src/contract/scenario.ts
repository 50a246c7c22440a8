/**
 * What a test of the contract works with: a fresh store, a clock that it moves, and the runner's
 * `expect`. Runners are named by shape, so that this package needs none.
 */
import { StoreError } from '../error.ts'
import type { Committed, Entry, KeyRange, Namespace, Op, Out, Store } from '../store.ts'

export interface ContractExpectation {
  toBe(expected: unknown): void
  toEqual(expected: unknown): void
}

export interface ContractRunner {
  readonly test: (title: string, body: () => Promise<void>) => unknown
  readonly expect: (actual: unknown) => ContractExpectation
}

export interface OpenedStore {
  readonly store: Store
  /** Opens the same state again; called only after the store was closed. */
  readonly reopen?: () => Promise<Store>
}

/** @param clock its `now` is milliseconds since the epoch */
export type OpenStore = (clock: {
  readonly now: () => number
}) => Store | OpenedStore | Promise<Store | OpenedStore>

export interface Scenario {
  readonly store: Store
  readonly clock: { readonly now: () => number; advance(ms: number): void }
  /** Closes the store and opens it again; `undefined` where its state does not outlive it. */
  readonly reopen?: () => Promise<Store>
  readonly expect: ContractRunner['expect']
}

export type ScenarioTest = (title: string, body: (scenario: Scenario) => Promise<void>) => void

/** Makes the `test` of the contract's files: each body gets a store of its own, closed at its end. */
export function scenarios({ test, expect }: ContractRunner, name: string, open: OpenStore): ScenarioTest {
  return (title, body) => {
    test(`${title} [${name}]`, async () => {
      let moment = 1_800_000_000_000
      const clock = {
        now: () => moment,
        advance(ms: number) {
          moment += ms
        },
      }
      const opened = await open(clock)
      const { store, reopen } = 'store' in opened ? opened : { store: opened, reopen: undefined }
      let current = store
      async function again(): Promise<Store> {
        await current.close()
        current = (await reopen?.()) ?? current
        return current
      }
      try {
        await body({ store, clock, expect, ...(reopen === undefined ? {} : { reopen: again }) })
      } finally {
        await current.close()
      }
    })
  }
}

/** The namespace that most tests write to. */
export const NS: Namespace = 'contract/record'

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

export function textOf(value: Uint8Array | undefined): string | undefined {
  return value === undefined
    ? undefined
    : new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value)
}

export function put(key: string, text: string, more: Pick<Op & { op: 'put' }, 'if' | 'expiresAt'> = {}): Op {
  return { op: 'put', ns: NS, key, value: bytes(text), ...more }
}

export function take(key: string): Op {
  return { op: 'take', ns: NS, key }
}

/** Commits what must not be refused. */
export async function done(store: Store, ...ops: readonly Op[]): Promise<Committed['out']> {
  const result = await store.commit(ops)
  if (!result.ok) throw new Error(`operation ${result.failed} was refused`)
  return result.out
}

/** `done`, or the index of the operation that was refused. */
export async function verdictOf(store: Store, ...ops: readonly Op[]): Promise<'done' | number> {
  const result = await store.commit(ops)
  return result.ok ? 'done' : result.failed
}

/** `accepted`, or the code of the error. */
export async function outcomeOf(action: () => Promise<unknown>): Promise<string> {
  try {
    await action()
    return 'accepted'
  } catch (error) {
    if (error instanceof StoreError) return error.code
    throw error
  }
}

/** The first number that an `alloc` or `append` yielded. */
export function firstOf(out: Out | undefined): number {
  if (out?.op === 'alloc' || out?.op === 'append') return out.first
  throw new Error('an alloc or append yields its first number')
}

export async function textAt(store: Store, key: string): Promise<string | undefined> {
  return textOf((await store.get(NS, key))?.value)
}

export async function keysOf(store: Store, within?: KeyRange): Promise<readonly string[]> {
  const entries: Entry[] = []
  for await (const entry of store.range(NS, within)) entries.push(entry)
  return entries.map((entry) => entry.key)
}

export async function logOf(
  store: Store,
  name: string,
  from = 0,
  limit?: number,
): Promise<readonly (string | undefined)[]> {
  const found: (string | undefined)[] = []
  let expected = from
  for await (const { seq, value } of store.read(name, from, limit)) {
    if (seq !== expected++) throw new Error('a log is read in order and without gaps')
    found.push(textOf(value))
  }
  return found
}

/** `make` for 0 to `count` - 1. */
export function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index))
}
