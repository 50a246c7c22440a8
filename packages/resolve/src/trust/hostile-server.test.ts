/** Servers that mean harm, over real connections. */
import { memoryStore } from '@facet-id/store'
import { checkSignatures, hash } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { barePeer, httpPeer } from '../node/peer.test-support.ts'
import { openTransport } from '../node/transports.test-support.ts'
import { followDocument } from './followed-document.ts'
import { ministry, start } from './following.test-support.ts'
import { trustListAt } from './trust-document.ts'

const ours = ministry()

async function failureAt(url: string): Promise<string | undefined> {
  const transport = openTransport({ limits: { maxResponseBytes: 100_000, totalTimeoutMs: 2000 } })
  const document = followDocument(
    trustListAt({ url, list: 'urn:uto:trust', environment: 'test', keys: ours.keys }),
    { transport, store: memoryStore({ now: () => start * 1000 }), checkSignatures, hash, now: () => start },
  )
  await document.refresh()
  expect(document.believed()).toBeUndefined()
  return document.failure()
}

test('TRU-25 a redirect goes nowhere, and one request is made', async () => {
  const elsewhere = await httpPeer((_, response) => response.end(ours.edition()))
  const peer = await httpPeer((_, response) => response.writeHead(302, { location: elsewhere.url }).end())
  expect(await failureAt(peer.url)).toBe('Its server answered with another status than 200.')
  expect([peer.asked.length, elsewhere.connections()]).toEqual([1, 0])
})

test('TRU-25 a body without end is cut, and one request is made', async () => {
  let requests = 0
  const peer = await barePeer((socket) => {
    const flood = (): void => {
      if (socket.writable) socket.write(`10000\r\n${'x'.repeat(65_536)}\r\n`, flood)
    }
    socket.on('data', () => {
      requests++
      const type = 'application/facet-trust-list+jwt'
      socket.write(`HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n`, flood)
    })
  })
  expect(await failureAt(peer.url)).toBe('It is larger than is read here.')
  expect(requests).toBe(1)
})

test('TRU-25 a list is at no address that a stranger must not choose', async () => {
  for (const url of ['http://trust.example/list', 'https://10.0.0.1/list', 'https://169.254.169.254/list'])
    expect(await failureAt(url)).toBe('It is at an address that is not called from here.')
})

test('TRU-25 another type, and a page in the place of a list, are none', async () => {
  const html = await httpPeer((_, response) =>
    response.setHeader('content-type', 'text/html').end('<p>moved</p>'),
  )
  expect(await failureAt(html.url)).toMatch(/^It is not given out as what it should be/)
  const page = await httpPeer((_, response) =>
    response.setHeader('content-type', 'application/jwt').end('<p>moved</p>'),
  )
  expect(await failureAt(page.url)).toBe('It cannot be read.')
})
