/** How much of a stranger's patience, bytes and connections is taken. */
import { HttpError } from './error.ts'

export interface ServeLimits {
  /** Bytes of a request's body; 1 MiB. */
  readonly maxBodyBytes: number
  /** Bytes of bodies at a time, over all connections, but for the first 64 KiB of each; 64 MiB. */
  readonly maxHeldBytes: number
  /** Bytes of a request's first line and headers; 16 KiB. */
  readonly maxHeaderBytes: number
  /** Headers of a request; 100. */
  readonly maxHeaders: number
  /** Connections at a time; 1,000. Those beyond are closed at once. */
  readonly maxConnections: number
  /** Requests of a connection that wait for their answers; 8. One that sends more without waiting is cut. */
  readonly maxPipelined: number
  /** Milliseconds in which the headers must be there; 5,000. */
  readonly headersTimeoutMs: number
  /** Milliseconds in which the whole request must be there; 10,000. */
  readonly requestTimeoutMs: number
  /** Milliseconds between two looks at how long requests take; 1,000. */
  readonly checkingIntervalMs: number
  /** Milliseconds in which nothing moves on a connection before it is cut, whosever fault it is; 60,000. */
  readonly idleTimeoutMs: number
  /** Milliseconds that a connection is kept for another request; 5,000. */
  readonly keepAliveTimeoutMs: number
  /** Milliseconds that answers under way may take when the server closes; 5,000. */
  readonly drainTimeoutMs: number
}

const defaults: ServeLimits = {
  maxBodyBytes: 1_048_576,
  maxHeldBytes: 67_108_864,
  maxHeaderBytes: 16_384,
  maxHeaders: 100,
  maxConnections: 1000,
  maxPipelined: 8,
  headersTimeoutMs: 5000,
  requestTimeoutMs: 10_000,
  checkingIntervalMs: 1000,
  idleTimeoutMs: 60_000,
  keepAliveTimeoutMs: 5000,
  drainTimeoutMs: 5000,
}

/** A timer of Node holds no more. */
const max = 2 ** 31 - 1

/** @throws {HttpError} `option_refused` */
export function checkLimits(given: Partial<ServeLimits> = {}): ServeLimits {
  const limits = { ...defaults, ...given }
  for (const [name, limit] of Object.entries(limits)) {
    if (!Number.isSafeInteger(limit) || limit < 1 || limit > max) {
      throw new HttpError('option_refused', `The limit ${name} must be a whole number from 1 to ${max}`)
    }
  }
  if (limits.headersTimeoutMs > limits.requestTimeoutMs) {
    throw new HttpError('option_refused', 'headersTimeoutMs must not be longer than requestTimeoutMs')
  }
  return limits
}
