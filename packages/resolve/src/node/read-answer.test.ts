import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { barePeer, httpPeer } from './peer.test-support.ts'
import { get, openTransport, outcomeOfSaying } from './transports.test-support.ts'

test('NET-25 an answer is read up to the limit, whatever its length says, and no further', async () => {
  const body = (bytes: number) => 'x'.repeat(bytes)
  const chunked = (bytes: number) =>
    `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${bytes.toString(16)}\r\n${body(bytes)}\r\n0\r\n\r\n`
  const announced = (length: number, bytes: number) =>
    `HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n${body(bytes)}`
  const unannounced = (bytes: number) => `HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n${body(bytes)}`
  const limits = { maxResponseBytes: 1000 }
  expect(await outcomeOfSaying(chunked(1000), limits)).toBe('accepted')
  expect(await outcomeOfSaying(chunked(1001), limits)).toBe('response_too_large')
  expect(await outcomeOfSaying(announced(1000, 1000), limits)).toBe('accepted')
  expect(await outcomeOfSaying(announced(1001, 1001), limits)).toBe('response_too_large')
  expect(await outcomeOfSaying(announced(99_999_999_999, 1), limits)).toBe('response_too_large')
  expect(await outcomeOfSaying(unannounced(1000), limits)).toBe('accepted')
  expect(await outcomeOfSaying(unannounced(1001), limits)).toBe('response_too_large')
})

test('NET-25 an answer without end is cut', async () => {
  const socketsClosed: Promise<unknown>[] = []
  const peer = await barePeer((socket) => {
    socketsClosed.push(new Promise((resolve) => socket.on('close', resolve)))
    const flood = (): void => {
      if (socket.writable) socket.write(`10000\r\n${'x'.repeat(65_536)}\r\n`, flood)
    }
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', flood)
    })
  })
  expect(await outcomeOf(() => openTransport().send(get(peer.url)))).toBe('response_too_large')
  await Promise.all(socketsClosed)
})

test('NET-25 headers are read up to the limit', async () => {
  const answer = `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(17_000)}\r\nContent-Length: 0\r\n\r\n`
  expect(await outcomeOfSaying(answer)).toBe('response_too_large')
  expect(await outcomeOfSaying(answer, { maxHeaderBytes: 32_768 })).toBe('accepted')
})

const impatient = { totalTimeoutMs: 60 }

/** Says one thing more whenever the other end has had time to lose patience with it. */
function dribble(socket: Socket, text: string): void {
  const timer = setInterval(() => socket.write(text), 5)
  socket.on('close', () => clearInterval(timer))
}

test.each<[string, (socket: Socket) => void]>([
  ['says nothing', () => {}],
  [
    'never ends its headers',
    (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nX: ')
      dribble(socket, 'x')
    },
  ],
  [
    'never ends its body',
    (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n')
      dribble(socket, 'x')
    },
  ],
  ['only says that it goes on', (socket) => dribble(socket, 'HTTP/1.1 102 Processing\r\n\r\n')],
])('NET-26 a peer that %s is given up', async (_, speak) => {
  const peer = await barePeer((socket) => socket.once('data', () => speak(socket)))
  expect(await outcomeOf(() => openTransport({ limits: impatient }).send(get(peer.url)))).toBe(
    'peer_timed_out',
  )
})

test('NET-26 a name that is never resolved is given up', async () => {
  const transport = openTransport({ limits: impatient, resolveName: () => new Promise(() => {}) })
  expect(await outcomeOf(() => transport.send(get('https://peer.example/')))).toBe('peer_timed_out')
})

test('NET-26 waiting for a connection counts too', async () => {
  const peer = await barePeer(() => {})
  const transport = openTransport({ limits: { ...impatient, maxConnectionsPerHost: 1 } })
  const sent = [1, 2, 3].map(() => outcomeOf(() => transport.send(get(peer.url))))
  expect(await Promise.all(sent)).toEqual(['peer_timed_out', 'peer_timed_out', 'peer_timed_out'])
})

test.each<[string, number[]]>([
  ['a lone continuation byte', [0x80]],
  ['an overlong form', [0xc0, 0xaf]],
  ['half a surrogate pair', [0xed, 0xa0, 0x80]],
  ['Latin-1', [0x47, 0x72, 0xfc, 0xdf]],
])('NET-27 a body with %s is refused', async (_, bytes) => {
  const head = Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${bytes.length}\r\n\r\n`)
  expect(await outcomeOfSaying(Buffer.concat([head, Buffer.from(bytes)]))).toBe('message_malformed')
})

test('NET-27 compression is not asked for, and refused when it comes', async () => {
  const zipped = gzipSync('x'.repeat(10_000))
  const peer = await httpPeer((_, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(zipped),
  )
  expect(await outcomeOf(() => openTransport().send(get(peer.url)))).toBe('message_malformed')
  expect(peer.asked[0]?.rawHeaders.join(' ')).toContain('accept-encoding identity')
  expect(
    await outcomeOfSaying('HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\nContent-Length: 0\r\n\r\n'),
  ).toBe('accepted')
})

test('NET-27 a byte order mark is text like any other, for the reader to refuse', async () => {
  const peer = await httpPeer((_, response) => response.end('\ufeff{}'))
  expect((await openTransport().send(get(peer.url))).body).toBe('\ufeff{}')
})

test('NET-33 a document of bytes is fetched as it is, within the same bounds', async () => {
  const bytes = Uint8Array.of(0x30, 0x82, 0xff, 0xfe, 0)
  const peer = await httpPeer((_, response) => response.end(bytes))
  const { fetchBytes } = openTransport({ limits: { maxResponseBytes: 5 } })
  const answer = await fetchBytes({ url: peer.url, accept: 'application/pkix-crl' })
  expect(new Uint8Array(answer.body)).toEqual(bytes)
  expect(answer.status).toBe(200)
  const larger = await httpPeer((_, response) => response.end(Buffer.concat([bytes, bytes])))
  const refused = (url: string) => outcomeOf(() => fetchBytes({ url, accept: 'application/pkix-crl' }))
  expect(await refused(larger.url)).toBe('response_too_large')
  expect(await refused('http://issuer.example/')).toBe('https_required')
  expect(await refused('https://10.0.0.1/')).toBe('address_refused')
  expect(peer.asked[0]?.rawHeaders.slice(0, 2)).toEqual(['accept', 'application/pkix-crl'])
})
