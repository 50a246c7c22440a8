/** Servers that a transport under test is made to call. */
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type Server as BareServer, createServer as createBareServer, type Socket } from 'node:net'
import { afterEach } from 'vitest'
import type { TestCertificate } from './certificate.test-support.ts'

export interface Peer {
  readonly port: number
  /** `http://127.0.0.1:…` */
  readonly url: string
  /** Connections that were made so far. */
  connections(): number
}

export interface HttpPeer extends Peer {
  /** What was asked so far. */
  readonly asked: readonly Pick<IncomingMessage, 'method' | 'url' | 'rawHeaders'>[]
}

const open: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of open.splice(0)) await end()
})

/** A server that answers so; over TLS where it has a certificate. */
export async function httpPeer(listener: RequestListener, certificate?: TestCertificate): Promise<HttpPeer> {
  const asked: Pick<IncomingMessage, 'method' | 'url' | 'rawHeaders'>[] = []
  const server: Server =
    certificate === undefined
      ? createServer()
      : createTlsServer({
          cert: certificate.cert,
          key: certificate.key.export({ type: 'pkcs8', format: 'pem' }),
        })
  server.on('request', ({ method, url, rawHeaders }) => asked.push({ method, url, rawHeaders }))
  server.on('request', listener)
  return { ...(await listening(server)), asked }
}

/** A server that speaks no HTTP but what the test makes it say. */
export async function barePeer(onConnection: (socket: Socket) => void): Promise<Peer> {
  const server = createBareServer((socket) => {
    socket.on('error', () => {})
    onConnection(socket)
  })
  return listening(server)
}

async function listening(server: BareServer): Promise<Peer> {
  let connections = 0
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    connections++
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve))
  open.push(() => {
    for (const socket of sockets) socket.destroy()
    return new Promise((resolve) => server.close(resolve))
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { port, url: `http://127.0.0.1:${port}`, connections: () => connections }
}
