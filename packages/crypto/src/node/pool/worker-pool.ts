/**
 * Worker threads that answer tasks of one kind, many in a message: a message costs some tens of microseconds,
 * which one signature does not earn back and sixty do.
 *
 * Tasks that come while all workers are busy wait and travel together; so a pool that is little used answers
 * soon, and one that is much used answers many at once.
 */
import { Worker } from 'node:worker_threads'
import { CryptoError } from '../../error.ts'
import type { Answered, Asked } from './serve.ts'

export interface WorkerPoolSettings {
  /** Threads; as many as there are cores to spare. They start when there is work, and again when one died. */
  readonly workers: number
  /** Tasks in one message at the most; 64 when absent. */
  readonly perMessage?: number
  /** Tasks that may wait; 8,192 when absent. More are refused: whoever asks must slow down. */
  readonly maxWaiting?: number
}

export interface WorkerPool<Task, Answer> {
  /**
   * One answer a task, in order; all or none.
   *
   * @throws {CryptoError} rejects with `pool_overloaded`, `pool_closed`; `worker_failed` when a worker died, or
   * could not answer
   */
  run(tasks: readonly Task[]): Promise<readonly Answer[]>
  /** Ends the threads. What waits or is under way rejects with `pool_closed`. */
  close(): Promise<void>
}

/** Messages that a worker has at once: while it answers one, the next is on its way. */
const AT_ONCE = 2
const PER_MESSAGE = 64
/** Fewer do not earn back what a message costs. */
const LEAST_PER_MESSAGE = 8
const MAX_WAITING = 8192

interface Waiting<Task, Answer> {
  readonly task: Task
  readonly answer: (answer: Answer) => void
  readonly refuse: (reason: CryptoError) => void
}

interface Seat<Task, Answer> {
  readonly worker: Worker
  /** Messages that it has not answered yet, by number. */
  readonly given: Map<number, readonly Waiting<Task, Answer>[]>
}

/**
 * @param module of the worker, which calls `serveTasks`: a file that this Node can run, as a URL
 * @throws {CryptoError} `pool_settings_invalid`
 */
export function createWorkerPool<Task, Answer>(
  module: URL,
  settings: WorkerPoolSettings,
): WorkerPool<Task, Answer> {
  const { workers, perMessage = PER_MESSAGE, maxWaiting = MAX_WAITING } = settings
  ensureCounts([workers, perMessage, maxWaiting])
  const seats = new Set<Seat<Task, Answer>>()
  let waiting: Waiting<Task, Answer>[] = []
  let messages = 0
  let closed = false

  function start(): Seat<Task, Answer> {
    const seat: Seat<Task, Answer> = { worker: new Worker(module), given: new Map() }
    seats.add(seat)
    seat.worker.on('message', (answered: Answered<Answer>) => take(seat, answered))
    // A thread that fails tells so before it ends; that it ended is what counts.
    let cause: unknown
    seat.worker.on('error', (error) => {
      cause = error
    })
    seat.worker.on('exit', () => leave(seat, failed('A worker died', cause)))
    return seat
  }

  function leave(seat: Seat<Task, Answer>, reason: CryptoError): void {
    seats.delete(seat)
    for (const tasks of seat.given.values())
      for (const { refuse } of tasks) refuse(closed ? isClosed() : reason)
    seat.given.clear()
    // What waits goes to the others, or to the one that takes its place.
    if (!closed) distribute()
  }

  function take(seat: Seat<Task, Answer>, answered: Answered<Answer>): void {
    const tasks = seat.given.get(answered.message) ?? []
    seat.given.delete(answered.message)
    if (seat.given.size === 0) seat.worker.unref()
    tasks.forEach(({ answer, refuse }, at) => {
      const value = 'answers' in answered ? answered.answers[at] : undefined
      if (value === undefined)
        refuse(failed('A worker could not answer', 'error' in answered ? answered.error : undefined))
      else answer(value)
    })
    distribute()
  }

  /** To whoever has least to do; a new thread only when all that are there are busy. */
  function distribute(): void {
    while (waiting.length > 0) {
      const idle = [...seats].find(({ given }) => given.size === 0)
      const seat =
        idle ?? (seats.size < workers ? start() : [...seats].find(({ given }) => given.size < AT_ONCE))
      if (seat === undefined) return
      const count = portionOf(waiting.length)
      const tasks = waiting.slice(0, count)
      waiting = waiting.slice(count)
      const message = messages++
      seat.given.set(message, tasks)
      seat.worker.ref()
      const asked: Asked<Task> = { message, tasks: tasks.map(({ task }) => task) }
      try {
        seat.worker.postMessage(asked)
      } catch (cause) {
        // What cannot be copied reaches no worker.
        seat.given.delete(message)
        for (const { refuse } of tasks) refuse(failed('A task cannot be sent to a worker', cause))
      }
    }
  }

  /** Smaller ones towards the end, so that no worker has half a message left when the others are done. */
  function portionOf(left: number): number {
    if (workers === 1) return perMessage
    return Math.min(perMessage, Math.max(LEAST_PER_MESSAGE, Math.ceil(left / (AT_ONCE * workers))))
  }

  return {
    run(tasks) {
      if (closed) return Promise.reject(isClosed())
      if (waiting.length + tasks.length > maxWaiting) {
        return Promise.reject(
          new CryptoError('pool_overloaded', 'More waits for the workers than may: ask for less at once'),
        )
      }
      const answers = tasks.map(
        (task) => new Promise<Answer>((answer, refuse) => waiting.push({ task, answer, refuse })),
      )
      distribute()
      return Promise.all(answers)
    },

    async close() {
      closed = true
      const refused = waiting
      waiting = []
      for (const { refuse } of refused) refuse(isClosed())
      await Promise.all([...seats].map(({ worker }) => worker.terminate()))
    },
  }
}

function ensureCounts(counts: readonly number[]): void {
  if (counts.every((count) => Number.isSafeInteger(count) && count > 0)) return
  throw new CryptoError('pool_settings_invalid', 'Counts of workers and tasks are whole and at least 1')
}

function failed(message: string, cause?: unknown): CryptoError {
  return new CryptoError('worker_failed', message, { cause })
}

function isClosed(): CryptoError {
  return new CryptoError('pool_closed', 'The workers were closed')
}
