/** The other end of a pool: what a worker does. */
import { parentPort } from 'node:worker_threads'

export interface Asked<Task> {
  readonly message: number
  readonly tasks: readonly Task[]
}

export type Answered<Answer> =
  | { readonly message: number; readonly answers: readonly Answer[] }
  | { readonly message: number; readonly error: unknown }

/**
 * Answers what the pool sends, message after message. Called once, by the module of a worker.
 *
 * @param answer one answer a task, in order; what it throws goes back as the cause of `worker_failed`
 */
export function serveTasks<Task, Answer>(answer: (tasks: readonly Task[]) => readonly Answer[]): void {
  const port = parentPort
  if (port === null) throw new Error('Tasks are served in a worker, which this is not')
  port.on('message', ({ message, tasks }: Asked<Task>) => {
    port.postMessage(answered(message, () => answer(tasks)))
  })
}

function answered<Answer>(message: number, answers: () => readonly Answer[]): Answered<Answer> {
  try {
    return { message, answers: answers() }
  } catch (error) {
    return { message, error }
  }
}
