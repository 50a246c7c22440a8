/**
 * Group commit: one job after the other, many jobs to one write.
 *
 * Jobs that wait are taken as a group: what they will look at is read in one go, each is performed
 * over what those before it have changed, and all changes go to the disk in one synchronous write.
 * While it is under way the next group gathers. So a busy store pays for the disk once per group, two
 * commits on one key ride together, and there are no locks that could be taken in the wrong order.
 */
import type { StoreError } from '@facet-id/store'
import { codedError } from './coded-error.ts'
import type { Database } from './database.ts'

/** What a job sees and changes: the database with the changes of those before it. */
export interface View {
  get(key: string): Uint8Array | undefined
  /** `undefined` deletes. */
  set(key: string, cell: Uint8Array | undefined): void
}

/** One unit of work, whole or not at all. */
export interface Job<T> {
  /** The keys that it will look at, and no other. */
  readonly reads: readonly string[]
  /** How many versions it may use up. */
  readonly versions: number
  /** Roughly, what it writes. */
  readonly bytes: number
  /** Without `keep` its changes are dropped. What it throws goes to its caller and to no other. */
  perform(view: View): { readonly result: T; readonly keep: boolean }
}

export interface Committer {
  /** Answers when the job's group is on the disk. */
  run<T>(job: Job<T>): Promise<T>
  /** Answers when nothing waits any more; never rejects. */
  drain(): Promise<void>
  /** False once a write has failed: then nothing is written any more. */
  isSound(): boolean
}

/** Bounds of a group, so that no caller waits for the work of all. */
const MAX_GROUP_JOBS = 1000
const MAX_GROUP_BYTES = 2 ** 23

/**
 * Creates the one committer of a database.
 *
 * After a write that failed (a full disk, say) the engine refuses all later ones even when the cause
 * is gone, and what it holds in memory may not be what rests. So the committer refuses too, with the
 * code of that failure, until the database was opened again.
 *
 * @param reserve makes that many versions safe to give, before they are given
 */
export function createCommitter(database: Database, reserve: (versions: number) => Promise<void>): Committer {
  const queue: Waiting[] = []
  let working: Promise<void> | undefined
  let failure: StoreError | undefined

  async function work(): Promise<void> {
    // What is asked in one turn of the event loop goes together.
    await null
    while (queue.length > 0) await commitGroup(takeGroup(queue))
    working = undefined
  }

  async function commitGroup(group: readonly Waiting[]): Promise<void> {
    try {
      if (failure !== undefined) throw failure
      const loaded = await load(group)
      const changes: Changes = new Map()
      await write(() => reserve(group.reduce((sum, { job }) => sum + job.versions, 0)))
      const answers = group.map(({ perform }) => perform(loaded, changes))
      // A refusal, too, may rest on what an earlier job of the group did: all wait for the disk.
      if (changes.size > 0) await write(() => database.write(changes))
      for (const answer of answers) answer()
    } catch (error) {
      for (const { reject } of group) reject(codedError(error))
    }
  }

  async function load(group: readonly Waiting[]): Promise<Loaded> {
    const keys = [...new Set(group.flatMap(({ job }) => job.reads))]
    const cells = keys.length === 0 ? [] : await database.getMany(keys)
    return new Map(keys.map((key, index) => [key, cells[index]]))
  }

  async function write(writing: () => Promise<void>): Promise<void> {
    try {
      await writing()
    } catch (error) {
      failure = codedError(error)
      throw failure
    }
  }

  return {
    run<T>(job: Job<T>): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        queue.push(waitingFor(job, resolve, reject))
        working ??= work()
      })
    },
    async drain() {
      while (working !== undefined) await working
    },
    isSound: () => failure === undefined,
  }
}

type Loaded = ReadonlyMap<string, Uint8Array | undefined>
type Changes = Map<string, Uint8Array | undefined>

/** A job with its caller. */
interface Waiting {
  readonly job: Pick<Job<unknown>, 'reads' | 'versions' | 'bytes'>
  /** Adds to the changes, and gives how to answer the caller once they are on the disk. */
  readonly perform: (loaded: Loaded, changes: Changes) => () => void
  readonly reject: (error: unknown) => void
}

function waitingFor<T>(job: Job<T>, resolve: (result: T) => void, reject: (error: unknown) => void): Waiting {
  return {
    job,
    reject,
    perform(loaded, changes) {
      const own: Changes = new Map()
      try {
        const { result, keep } = job.perform({
          get: (key) => (own.has(key) ? own.get(key) : changes.has(key) ? changes.get(key) : loaded.get(key)),
          set: (key, cell) => own.set(key, cell),
        })
        if (keep) for (const [key, cell] of own) changes.set(key, cell)
        return () => resolve(result)
      } catch (error) {
        return () => reject(error)
      }
    },
  }
}

function takeGroup(queue: Waiting[]): readonly Waiting[] {
  let bytes = 0
  let count = 0
  for (const { job } of queue) {
    bytes += job.bytes
    if (count > 0 && (bytes > MAX_GROUP_BYTES || count >= MAX_GROUP_JOBS)) break
    count++
  }
  return queue.splice(0, count)
}
