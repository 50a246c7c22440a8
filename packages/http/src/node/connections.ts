/** The connections of a server, and what is under way on each: Node tells of neither. */
import type { Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

export interface Connections {
  /** Whether a request of that connection is being answered: then nothing else may be written to it. */
  isAnswering(socket: Duplex): boolean
  /** How many requests of that connection wait for their answers. */
  waitingOn(socket: Duplex): number
  /** Cuts those on which nothing was ever sent: browsers open such, and Node 24 and older wait for them. */
  cutUnused(): void
}

export function watchConnections(server: Server): Connections {
  const open = new Map<
    Duplex,
    { readonly responses: Set<ServerResponse>; readonly isUnused: () => boolean }
  >()
  server.on('connection', (socket) => {
    open.set(socket, { responses: new Set(), isUnused: () => socket.bytesRead === 0 })
    socket.once('close', () => open.delete(socket))
  })
  server.on('request', ({ socket }, response) => {
    const responses = open.get(socket)?.responses
    responses?.add(response)
    response.once('close', () => responses?.delete(response))
  })
  return {
    isAnswering(socket) {
      const responses = open.get(socket)?.responses ?? []
      return [...responses].some((response) => response.req.complete || response.headersSent)
    },
    waitingOn: (socket) => open.get(socket)?.responses.size ?? 0,
    cutUnused() {
      for (const [socket, { isUnused }] of open) if (isUnused()) socket.destroy()
    },
  }
}
