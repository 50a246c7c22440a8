/**
 * A role's `handle` behind node:http: one process, one port, plain HTTP/1.1. TLS ends in front of it.
 *
 * What arrives is read within bounds or refused with a code; what the role does not foresee is a 500
 * that tells nothing; what is under way when the server closes is finished.
 */
import { createServer, type Server } from 'node:http'
import type { Handle } from '@facet-id/protocol/wire'
import { createBodyBudget } from '../body-budget.ts'
import { completeAnswer } from '../complete-answer.ts'
import { checkLimits, type ServeLimits } from '../limits.ts'
import { checkHost, localOrigin, originOf } from '../public-origin.ts'
import { refusalOf } from '../refusal.ts'
import { type Connections, watchConnections } from './connections.ts'
import { type Door, exchange } from './exchange.ts'
import { listen } from './listen.ts'
import { refusalOfParser, writeLastAnswer } from './parser-refusal.ts'
import { createStreams } from './stream-answer.ts'

export interface ServeOptions {
  /** Address to listen on; `127.0.0.1` when absent. */
  readonly host?: string
  /** 0, or absent: any that is free. */
  readonly port?: number
  /**
   * How the world reaches this server: absolute URLs of requests begin with its origin, whatever the
   * request says in `Host`. Absent: `http://` with host and port.
   */
  readonly publicUrl?: string
  /** Whether pages of any origin may read the answers; true when absent. */
  readonly cors?: boolean
  /** Those that differ from the defaults. */
  readonly limits?: Partial<ServeLimits>
  /** Told of what the role threw; peers learn nothing of it. */
  readonly onUnforeseen?: (error: unknown) => void
}

export interface Served {
  /** Origin under which requests are read, without a slash at the end. */
  readonly url: string
  readonly port: number
  /**
   * Takes no more connections, finishes what is under way within `drainTimeoutMs`, and then cuts.
   * Safe to call twice.
   */
  close(): Promise<void>
}

/**
 * Serves a role.
 *
 * @throws {HttpError} `port_in_use`, `port_forbidden`, `host_unavailable`, `listen_failed`,
 * `option_refused`
 */
export async function serve(handle: Handle, options: ServeOptions = {}): Promise<Served> {
  const { host = '127.0.0.1', port = 0, publicUrl, cors = true, onUnforeseen = () => {} } = options
  checkHost(host, publicUrl)
  const publicOrigin = publicUrl === undefined ? undefined : originOf(publicUrl)
  const limits = checkLimits(options.limits)
  const budget = createBodyBudget(limits.maxHeldBytes)
  const streams = createStreams()
  const door: Door = { handle, limits, cors, onUnforeseen, budget, streams, origin: '', closing: false }
  const server = createBoundedServer(limits)
  const connections = watchConnections(server)
  answerUnreadable(server, connections, door)
  server.on('request', (request, response) => {
    const { socket } = request
    // Node takes in whatever comes on a connection, while what came before waits for its answer.
    if (connections.waitingOn(socket) > limits.maxPipelined) socket.destroy()
    if (!socket.destroyed) void exchange(request, response, door)
  })
  // Node would refuse in words of its own. Expectations may be passed over (RFC 9110 §10.1.1).
  server.on('checkExpectation', (request, response) => server.emit('request', request, response))
  const taken = await listen(server, host, port)
  door.origin = publicOrigin ?? localOrigin(host, taken)
  let closed: Promise<void> | undefined
  const close = (): Promise<void> => {
    closed ??= closeServer(server, connections, door)
    return closed
  }
  return { url: door.origin, port: taken, close }
}

function createBoundedServer(limits: ServeLimits): Server {
  const server = createServer({
    maxHeaderSize: limits.maxHeaderBytes,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: limits.checkingIntervalMs,
    // Checked with the other headers, so that the answer has a code.
    requireHostHeader: false,
  })
  // Node 22 leaves out, without a word, what comes after too many: take one more, and refuse.
  server.maxHeadersCount = limits.maxHeaders + 1
  server.maxConnections = limits.maxConnections
  server.setTimeout(limits.idleTimeoutMs)
  return server
}

/** What never became a request, or did not arrive in time. */
function answerUnreadable(server: Server, connections: Connections, { cors }: Door): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable || error.code === 'ECONNRESET' || connections.isAnswering(socket)) {
      socket.destroy()
      return
    }
    const refusal = completeAnswer(refusalOf(refusalOfParser(error.code)), cors)
    socket.end(writeLastAnswer(refusal), () => socket.destroy())
  })
}

async function closeServer(server: Server, connections: Connections, door: Door): Promise<void> {
  door.closing = true
  door.streams.end()
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  connections.cutUnused()
  const cut = setTimeout(() => server.closeAllConnections(), door.limits.drainTimeoutMs)
  await closed
  clearTimeout(cut)
}
