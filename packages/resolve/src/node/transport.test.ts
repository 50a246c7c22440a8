import { once } from 'node:events'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { barePeer, httpPeer } from './peer.test-support.ts'
import { get, openTransport, outcomeOfSaying } from './transports.test-support.ts'

test('a message goes there and its answer comes back', async () => {
  const peer = await httpPeer(async (request, response) => {
    const [body] = await once(request, 'data')
    response.writeHead(201, { 'Content-Type': 'text/plain', 'X-Two': ['a', 'b'] }).end(`${body}!`)
  })
  const answer = await openTransport().send({
    method: 'POST',
    url: `${peer.url}/token?a=1#not-sent`,
    headers: { 'content-type': 'text/plain', accept: 'text/plain', authorization: 'Bearer abc' },
    body: 'Grüße',
  })
  expect(answer).toMatchObject({
    status: 201,
    headers: { 'content-type': 'text/plain', 'x-two': 'a, b' },
    body: 'Grüße!',
  })
  expect(peer.asked).toMatchObject([{ method: 'POST', url: '/token?a=1' }])
})

test('connections are kept for the next message', async () => {
  const peer = await httpPeer((_, response) => response.end())
  const transport = openTransport()
  for (let i = 0; i < 3; i++) await transport.send(get(peer.url))
  expect(peer.connections()).toBe(1)
})

test.each([301, 302, 303, 307, 308])(
  'NET-23 a redirect by %i is an answer, and goes nowhere',
  async (status) => {
    const elsewhere = await httpPeer((_, response) => response.end('secret'))
    const peer = await httpPeer((_, response) =>
      response.writeHead(status, { location: elsewhere.url }).end(),
    )
    const answer = await openTransport().send(get(peer.url))
    expect(answer).toMatchObject({ status, headers: { location: elsewhere.url }, body: '' })
    expect(elsewhere.connections()).toBe(0)
  },
)

test('NET-24 nothing is sent that tells who asks', async () => {
  const peer = await httpPeer((_, response) => response.setHeader('set-cookie', 'id=1').end())
  const transport = openTransport()
  const headers = {
    accept: 'application/json',
    'user-agent': 'SPECIMEN',
    cookie: 'SPECIMEN',
    referer: 'SPECIMEN',
    from: 'SPECIMEN',
    'x-forwarded-for': 'SPECIMEN',
    host: 'SPECIMEN',
  }
  await transport.send(get(peer.url, headers))
  const answer = await transport.send(get(peer.url, headers))
  expect(answer.headers).not.toHaveProperty('set-cookie')
  for (const { rawHeaders } of peer.asked) {
    expect(rawHeaders).toEqual([
      'accept',
      'application/json',
      'accept-encoding',
      'identity',
      'Host',
      `127.0.0.1:${peer.port}`,
      'Connection',
      'keep-alive',
    ])
  }
})

test('NET-24 what a message needs is sent: keys that are proven, attestations, languages', async () => {
  const peer = await httpPeer((_, response) => response.end())
  const needed = {
    authorization: 'DPoP token',
    dpop: 'proof',
    'oauth-client-attestation': 'attestation',
    'oauth-client-attestation-pop': 'its proof',
    'accept-language': 'de-AT',
    'idempotency-key': 'one',
    'facet-signature': 't=1,v1=digest',
  }
  await openTransport().send(get(peer.url, needed))
  const { rawHeaders } = peer.asked[0] ?? { rawHeaders: [] }
  for (const [name, value] of Object.entries(needed)) {
    expect(rawHeaders[rawHeaders.indexOf(name) + 1]).toBe(value)
  }
})

test.each([200, 204, 304, 400, 404, 418, 500, 503])('NET-29 status %i is an answer', async (status) => {
  const peer = await httpPeer((_, response) => response.writeHead(status).end())
  expect(await openTransport().send(get(peer.url))).toMatchObject({ status, body: '' })
})

test.each<[string, string]>([
  ['hangs up', ''],
  ['speaks something else', 'SSH-2.0-OpenSSH\r\n'],
  ['stops within its headers', 'HTTP/1.1 200 OK\r\nContent-'],
  ['stops within its body', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc'],
  ['announces two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
  ['changes the protocol', 'HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'],
])('NET-29 a peer that %s is not reached', async (_, text) => {
  expect(await outcomeOfSaying(text)).toBe('peer_unreachable')
})

test('NET-29 a port on which nobody listens, and TLS where there is none, are peers not reached', async () => {
  const peer = await httpPeer((_, response) => response.end())
  expect(await outcomeOf(() => openTransport().send(get(`https://127.0.0.1:${peer.port}/`)))).toBe(
    'peer_unreachable',
  )
  expect(await outcomeOf(() => openTransport().send(get('http://127.0.0.1:1/')))).toBe('peer_unreachable')
})

test('NET-29 what HTTP cannot carry is not sent', async () => {
  const peer = await httpPeer((_, response) => response.end())
  const sent = outcomeOf(() => openTransport().send(get(peer.url, { authorization: 'Bearer a\r\nx: y' })))
  expect(await sent).toBe('message_malformed')
  expect(peer.connections()).toBe(0)
})

test('NET-29 an error has its cause, and words without data of the request', async () => {
  const request = {
    method: 'POST',
    url: 'http://127.0.0.1:1/SPECIMEN?SPECIMEN',
    headers: {},
    body: 'SPECIMEN',
  } as const
  const error: unknown = await openTransport()
    .send(request)
    .catch((caught: unknown) => caught)
  expect(error).toMatchObject({
    name: 'ProtocolError',
    code: 'peer_unreachable',
    cause: { code: 'ECONNREFUSED' },
  })
  expect(String(error)).not.toMatch(/SPECIMEN|127\.0\.0\.1/)
})

/** Answers the first request of a connection, and hangs up on the second. */
async function fickle(): Promise<{ readonly url: string; readonly heard: string[] }> {
  const heard: string[] = []
  const { url } = await barePeer((socket) => {
    let first = true
    socket.on('data', (data) => {
      heard.push(data.toString().slice(0, 4))
      if (first) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
      else socket.destroy()
      first = false
    })
  })
  return { url, heard }
}

test('NET-30 a request with a body is not sent again when a kept connection ends', async () => {
  const { url, heard } = await fickle()
  const transport = openTransport()
  await transport.send(get(url))
  expect(await outcomeOf(() => transport.send({ method: 'POST', url, headers: {}, body: 'x' }))).toBe(
    'peer_unreachable',
  )
  expect(heard).toEqual(['GET ', 'POST'])
})

test('a document is asked for again, once, when a kept connection ends', async () => {
  const { url, heard } = await fickle()
  const transport = openTransport()
  await transport.send(get(url))
  await transport.send(get(url))
  expect(heard).toEqual(['GET ', 'GET ', 'GET '])
})

test('what is under way fails when the transport is closed', async () => {
  const transport = openTransport()
  const peer = await barePeer((socket) => socket.once('data', () => transport.close()))
  expect(await outcomeOf(() => transport.send(get(peer.url)))).toBe('peer_unreachable')
})
