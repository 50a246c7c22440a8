/** Clients of a server under test: fetch, and a bare connection for what no client would send. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { Handle, WireRequest } from '@facet-id/protocol/wire'
import { afterEach } from 'vitest'
import { type Served, type ServeOptions, serve } from './serve.ts'

/** Answers with what it was asked. */
export const echo: Handle = async (request) => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(request),
})

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const end of open.splice(0).reverse()) await end()
})

/** A server that is closed when the test ends. */
export async function start(handle: Handle = echo, options: ServeOptions = {}): Promise<Served> {
  const served = await serve(handle, options)
  open.push(() => served.close())
  return served
}

/** A connection on which a test says what it likes. */
export async function dial({ port }: Served): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => {})
  open.push(() => socket.destroy())
  await once(socket, 'connect')
  return socket
}

/** All that comes until the server closes the connection. */
export async function restOf(socket: Socket): Promise<string> {
  let text = ''
  socket.on('data', (data: Buffer) => {
    text += data.toString('latin1')
  })
  // A connection that is reset is one that is closed; `once` would reject.
  if (!socket.closed) await new Promise((resolve) => socket.on('close', resolve))
  return text
}

/** What a server sends to that text, until it closes the connection. */
export async function raw(served: Served, text: string): Promise<string> {
  const socket = await dial(served)
  socket.write(text, 'latin1')
  return restOf(socket)
}

/** What `echo` saw. */
export async function seen(answer: Response): Promise<WireRequest> {
  return JSON.parse(await answer.text())
}

/** Status and code of a refusal. */
export async function codeOf(answer: Response): Promise<[number, unknown]> {
  return [answer.status, JSON.parse(await answer.text()).error]
}

export function codeOfRaw(answer: string): [string | undefined, string | undefined] {
  return [/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1], /"error":"(\w+)"/.exec(answer)?.[1]]
}

/** A moment that can be waited for, and what brings it about. */
function signal(): readonly [moment: Promise<void>, come: () => void] {
  let come = (): void => {}
  const moment = new Promise<void>((resolve) => {
    come = resolve
  })
  return [moment, () => come()]
}

/** A role that answers when it is told to. */
export function waiting(): {
  readonly handle: Handle
  readonly asked: Promise<void>
  readonly answer: () => void
} {
  const [asked, onAsked] = signal()
  const [told, answer] = signal()
  return {
    asked,
    answer,
    handle: async (request) => {
      onAsked()
      await told
      return echo(request)
    },
  }
}
