/** Taking a port, and the words for it when that does not work. */
import type { Server } from 'node:http'
import { HttpError, type HttpErrorCode } from '../error.ts'

/**
 * Listens, and says on which port.
 *
 * @param port 0 for any that is free
 * @throws {HttpError} `port_in_use`, `port_forbidden`, `host_unavailable`, `listen_failed`,
 * `option_refused`
 */
export async function listen(server: Server, host: string, port: number): Promise<number> {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new HttpError('option_refused', 'A port is a whole number from 0 to 65535, and 0 means any')
  }
  await new Promise<void>((resolve, reject) => {
    const refuse = (cause: NodeJS.ErrnoException): void => reject(refusalToListen(cause, { host, port }))
    server.once('error', refuse)
    server.listen({ host, port }, () => {
      server.off('error', refuse)
      resolve()
    })
  })
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : port
}

interface Place {
  readonly host: string
  readonly port: number
}

const refusals: Readonly<Record<string, readonly [HttpErrorCode, (place: Place) => string]>> = {
  EADDRINUSE: [
    'port_in_use',
    ({ host, port }) =>
      `Port ${port} on ${host} is in use: stop the program that holds it, or choose another port`,
  ],
  EACCES: [
    'port_forbidden',
    ({ port }) => `This user may not take port ${port}: choose one from 1024 on, or allow it`,
  ],
  EADDRNOTAVAIL: [
    'host_unavailable',
    ({ host }) => `${host} is no address of this machine: choose one that is`,
  ],
  ENOTFOUND: ['host_unavailable', ({ host }) => `${host} is not known: choose an address of this machine`],
}

/** What the system's refusal means, and what to do about it. */
export function refusalToListen(cause: NodeJS.ErrnoException, place: Place): HttpError {
  const [code, text] = refusals[cause.code ?? ''] ?? [
    'listen_failed' as const,
    ({ host, port }: Place) => `Port ${port} on ${host} could not be taken`,
  ]
  return new HttpError(code, text(place), { cause })
}
