import { once } from 'node:events'
import { gzipSync } from 'node:zlib'
import type { WireRequest } from '@facet-id/protocol/wire'
import { expect, test } from 'vitest'
import { codeOf, codeOfRaw, dial, echo, raw, restOf, seen, start } from './clients.test-support.ts'

test('a role gets method, URL, headers and body, and its answer goes back', async () => {
  const { url } = await start()
  const answer = await fetch(`${url}/token?a=1&b=%20`, {
    method: 'POST',
    headers: { 'Content-Type': 'text/plain', accept: 'application/json' },
    body: 'Grüße',
  })
  const request = await seen(answer)
  expect(request).toMatchObject({
    method: 'POST',
    url: `${url}/token?a=1&b=%20`,
    headers: { 'content-type': 'text/plain', accept: 'application/json' },
    body: 'Grüße',
  })
  expect(answer.headers.get('content-type')).toBe('application/json')
})

test('a request without a body has none', async () => {
  const { url } = await start()
  expect(await seen(await fetch(`${url}/`))).not.toHaveProperty('body')
  expect(await seen(await fetch(`${url}/`, { method: 'POST' }))).not.toHaveProperty('body')
})

test('a byte order mark is text like any other, for the reader to refuse', async () => {
  const { url } = await start()
  const answer = await fetch(url, { method: 'POST', body: Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b) })
  expect((await seen(answer)).body).toBe('\ufeff{')
})

test('NET-1 URLs begin with the public address, and Host and Forwarded are only headers', async () => {
  const served = await start(echo, { publicUrl: 'https://issuer.example/tenants/1' })
  expect(served.url).toBe('https://issuer.example')
  const answer = await raw(
    served,
    'GET /tenants/1/token HTTP/1.1\r\nHost: evil.example\r\nForwarded: host=evil.example\r\n' +
      'X-Forwarded-Host: evil.example\r\nConnection: close\r\n\r\n',
  )
  expect(answer).toContain('"url":"https://issuer.example/tenants/1/token"')
})

test('NET-1 without a public address they begin with where the server listens', async () => {
  const served = await start()
  expect(served.url).toBe(`http://127.0.0.1:${served.port}`)
  const answer = await raw(
    served,
    'GET //evil.example/x HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n',
  )
  expect(answer).toContain(`"url":"http://127.0.0.1:${served.port}//evil.example/x"`)
})

test.each(['PUT', 'DELETE', 'PATCH', 'HEAD', 'TRACE', 'PROPFIND'])('NET-2 refuses %s', async (method) => {
  const answer = await raw(await start(), `${method} / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
  expect(answer).toMatch(/^HTTP\/1\.1 405 /)
  expect(answer).toContain('\r\nallow: GET, POST, OPTIONS\r\n')
})

test('NET-2 hands OPTIONS to the role', async () => {
  const { url } = await start()
  expect((await seen(await fetch(url, { method: 'OPTIONS' }))).method).toBe('OPTIONS')
})

test('NET-3, NET-13 refuses a body beyond the limit, and takes one at it', async () => {
  const { url } = await start(echo, { limits: { maxBodyBytes: 1000 } })
  const post = (bytes: number) => fetch(url, { method: 'POST', body: 'x'.repeat(bytes) })
  expect((await seen(await post(1000))).body).toHaveLength(1000)
  expect(await codeOf(await post(1001))).toEqual([413, 'request_too_large'])
  expect(await codeOf(await post(5_000_000))).toEqual([413, 'request_too_large'])
})

test('NET-3 counts bytes as they come, where no length is announced', async () => {
  const answer = await raw(
    await start(echo, { limits: { maxBodyBytes: 4 } }),
    'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n',
  )
  expect(codeOfRaw(answer)).toEqual(['413', 'request_too_large'])
})

test('NET-3 does not wait for a body that is announced as huge', async () => {
  const answer = await raw(await start(), 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n')
  expect(codeOfRaw(answer)).toEqual(['413', 'request_too_large'])
  expect(answer).toContain('\r\nconnection: close\r\n')
})

test('NET-3 does not read on forever where no length is announced', async () => {
  const socket = await dial(await start())
  const rest = restOf(socket)
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n')
  const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`
  const flood = (): void => {
    if (socket.writable) socket.write(chunk, flood)
  }
  flood()
  expect(codeOfRaw(await rest)[0] ?? '413').toBe('413')
  expect(socket.bytesWritten).toBeLessThan(64 * 1_048_576)
})

test.each<[string, Uint8Array<ArrayBuffer>]>([
  ['a lone continuation byte', Uint8Array.of(0x80)],
  ['an overlong form', Uint8Array.of(0xc0, 0xaf)],
  ['half a surrogate pair', Uint8Array.of(0xed, 0xa0, 0x80)],
  ['a character cut short', Uint8Array.of(0x61, 0xe2, 0x82)],
])('NET-4, NET-13 refuses a body with %s', async (_, body) => {
  const { url } = await start()
  expect(await codeOf(await fetch(url, { method: 'POST', body }))).toEqual([400, 'invalid_request'])
})

test('NET-4 refuses a compressed body, and takes one that says it is none', async () => {
  const { url } = await start()
  const post = (encoding: string, body: Uint8Array<ArrayBuffer>) =>
    fetch(url, { method: 'POST', headers: { 'content-encoding': encoding }, body })
  const zipped = new Uint8Array(gzipSync('x'))
  expect(await codeOf(await post('gzip', zipped))).toEqual([415, 'encoding_unsupported'])
  expect((await seen(await post('Identity', Uint8Array.of(0x78)))).body).toBe('x')
})

test.each<[string, string]>([
  [
    'two access tokens',
    'GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n',
  ],
  [
    'two types',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: a/b\r\nContent-Type: c/d\r\nContent-Length: 0\r\n\r\n',
  ],
  ['two hosts', 'GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n'],
  ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
  [
    'a length and chunks',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  ['no host', 'GET / HTTP/1.1\r\n\r\n'],
  ['another server as target', 'GET http://evil.example/ HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['no target', 'OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['a backslash in the target', 'GET /a\\b HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['a fragment in the target', 'GET /a#b HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['a target beyond ASCII', 'GET /\xe4 HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['a body to GET', 'GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na'],
  ['bare line feeds', 'GET / HTTP/1.1\nHost: x\n\n'],
  ['a folded header', 'GET / HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n'],
  ['no HTTP', 'EHLO mail.example\r\n'],
])('NET-11, NET-13 refuses %s', async (_, text) => {
  const heard: WireRequest[] = []
  const served = await start(async (request) => {
    heard.push(request)
    return echo(request)
  })
  const socket = await dial(served)
  const answered = once(socket, 'data')
  socket.write(text, 'latin1')
  const [data] = await answered
  expect(codeOfRaw(String(data))).toEqual(['400', 'invalid_request'])
  expect(heard).toEqual([])
})

test('NET-11 headers that are lists may be repeated, and hostile names are only names', async () => {
  const answer = await raw(
    await start(),
    'GET / HTTP/1.1\r\nHost: x\r\nAccept: a\r\naccept: b\r\n__proto__: p\r\nconstructor: c\r\nConnection: close\r\n\r\n',
  )
  expect(answer).toContain('"accept":"a, b"')
  expect(answer).toContain('"__proto__":"p","constructor":"c"')
})

// Node 22 takes headers in by 31, and leaves out in silence what comes after too many.
test.each([20, 31, 62])(
  'NET-12, NET-13 refuses more than %i headers, and leaves none out in silence',
  async (maxHeaders) => {
    const served = await start(echo, { limits: { maxHeaders } })
    const ask = (count: number) => {
      const more = Array.from({ length: count - 2 }, (_, i) => `x-${i}: 1\r\n`).join('')
      return raw(served, `GET / HTTP/1.1\r\nHost: x\r\n${more}Connection: close\r\n\r\n`)
    }
    expect(await ask(maxHeaders)).toContain(`"x-${maxHeaders - 3}":"1"`)
    for (const count of [maxHeaders + 1, maxHeaders + 33, 500]) {
      expect(codeOfRaw(await ask(count))).toEqual(['431', 'headers_too_large'])
    }
  },
)

test('NET-12, NET-13 refuses headers that are too long', async () => {
  const served = await start()
  const answer = await raw(served, `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(17_000)}\r\n\r\n`)
  expect(codeOfRaw(answer)).toEqual(['431', 'headers_too_large'])
  const target = await raw(served, `GET /${'a'.repeat(17_000)} HTTP/1.1\r\nHost: x\r\n\r\n`)
  expect(codeOfRaw(target)).toEqual(['431', 'headers_too_large'])
})

test('NET-13 what a request expects of the server is passed over, and no refusal is in words of Node', async () => {
  const ask =
    'POST / HTTP/1.1\r\nHost: x\r\nExpect: 200-maybe\r\nContent-Length: 2\r\nConnection: close\r\n\r\nab'
  const answer = await raw(await start(), ask)
  expect(answer).toMatch(/^HTTP\/1\.1 200 /)
  expect(answer).toContain('"body":"ab"')
})
