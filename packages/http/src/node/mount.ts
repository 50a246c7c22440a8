/**
 * A role among other things that a server does: three lines in plain node:http, or in a framework that stands on it.
 * Whoever runs the server bounds its connections and its patience; bodies and headers are bounded here.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Handle } from '@facet-id/protocol/wire'
import { createBodyBudget } from '../body-budget.ts'
import { completeAnswer } from '../complete-answer.ts'
import { HttpError } from '../error.ts'
import { checkLimits, type ServeLimits } from '../limits.ts'
import { pathsOf } from '../owned-paths.ts'
import { originOf } from '../public-origin.ts'
import { refusalOf } from '../refusal.ts'
import { type Door, exchange } from './exchange.ts'
import { createStreams } from './stream-answer.ts'
import { sendAnswer } from './write-response.ts'

export interface MountOptions {
  /**
   * The role's own address, as it was configured with it: requests are read under its origin, whatever they say in
   * `Host`, and only what is below its path is the role's, and `/.well-known/`.
   */
  readonly publicUrl: string
  /** Whether pages of any origin may read the answers; true when absent. */
  readonly cors?: boolean
  /** Those of bodies and headers that differ from the defaults; the others are the server's. */
  readonly limits?: Partial<
    Pick<ServeLimits, 'maxBodyBytes' | 'maxHeldBytes' | 'maxHeaders' | 'idleTimeoutMs'>
  >
  /** Told of what the role threw; peers learn nothing of it. */
  readonly onUnforeseen?: (error: unknown) => void
}

/** A listener of node:http, and a middleware of whatever calls those with `next`. */
export interface Mounted {
  (request: IncomingMessage, response: ServerResponse, next?: () => void): void
  /** Ends the answers that go on, so that the server can close. */
  close(): void
}

/** @throws {HttpError} `option_refused` */
export function mountRole(handle: Handle, options: MountOptions): Mounted {
  const { publicUrl, cors = true, onUnforeseen = () => {} } = options
  const limits = checkLimits(options.limits)
  const door: Door = {
    handle,
    limits,
    cors,
    onUnforeseen,
    budget: createBodyBudget(limits.maxHeldBytes),
    streams: createStreams(),
    origin: originOf(publicUrl),
    closing: false,
  }
  const isOurs = pathsOf(publicUrl)
  const mounted = (request: IncomingMessage, response: ServerResponse, next?: () => void): void => {
    const target = targetOf(request)
    if (next !== undefined && !isOurs(target)) {
      next()
      return
    }
    if (request.readableEnded || request.readableDidRead) {
      onUnforeseen(new HttpError('body_taken', 'A body parser took the body: mount the role before it'))
      sendAnswer(response, completeAnswer(refusalOf('server_error'), cors), true)
      return
    }
    // What made the server is nobody's business, and express tells it.
    response.removeHeader('x-powered-by')
    // A framework that mounts below a path cuts it off; the role's addresses have it.
    request.url = target
    void exchange(request, response, door)
  }
  const close = (): void => {
    door.closing = true
    door.streams.end()
  }
  return Object.assign(mounted, { close })
}

function targetOf(request: IncomingMessage & { readonly originalUrl?: unknown }): string {
  return typeof request.originalUrl === 'string' ? request.originalUrl : (request.url ?? '')
}
