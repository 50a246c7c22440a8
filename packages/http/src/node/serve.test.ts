import type { Handle, WireRequest } from '@facet-id/protocol/wire'
import { expect, test } from 'vitest'
import { codeOfRaw, dial, echo, raw, restOf, seen, start, waiting } from './clients.test-support.ts'

const impatient = { headersTimeoutMs: 40, requestTimeoutMs: 80, checkingIntervalMs: 10 }

test('NET-5, NET-13 cuts a connection whose headers do not come', async () => {
  const answer = await raw(await start(echo, { limits: impatient }), 'GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ')
  expect(codeOfRaw(answer)).toEqual(['408', 'request_timeout'])
})

test('NET-5 cuts a connection on which nothing comes at all', async () => {
  expect(await raw(await start(echo, { limits: impatient }), '')).not.toContain(' 200 ')
})

test('NET-5 cuts a connection whose body does not come, and the role hears nothing of it', async () => {
  const heard: WireRequest[] = []
  const served = await start(
    async (request) => {
      heard.push(request)
      return echo(request)
    },
    { limits: impatient },
  )
  const answer = await raw(served, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc')
  expect(codeOfRaw(answer)).toEqual(['408', 'request_timeout'])
  expect(heard).toEqual([])
})

test('NET-5 answers others while many connections dawdle', async () => {
  const served = await start()
  for (let i = 0; i < 100; i++) (await dial(served)).write('GET / HTTP/1.1\r\nX-Slow: ')
  expect((await fetch(served.url)).status).toBe(200)
})

test('NET-5 takes so many connections and no more', async () => {
  const served = await start(echo, { limits: { maxConnections: 2 } })
  const first = await dial(served)
  await dial(served)
  const third = await dial(served)
  expect(await restOf(third)).toBe('')
  first.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
  expect(await restOf(first)).toMatch(/^HTTP\/1\.1 200 /)
})

test('NET-5 cuts a connection on which nothing moves, even for a role that never answers', async () => {
  const served = await start(() => new Promise(() => {}), { limits: { idleTimeoutMs: 30 } })
  expect(await raw(served, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n')).toBe('')
})

test.each<[string, Handle]>([
  ['rejects', () => Promise.reject(new Error('SPECIMEN'))],
  [
    'throws',
    () => {
      throw new Error('SPECIMEN')
    },
  ],
  [
    'answers with a header that splits',
    async () => ({ status: 200, headers: { x: 'a\r\nSPECIMEN: b' }, body: '' }),
  ],
  [
    'answers with a name that is none',
    async () => ({ status: 200, headers: { 'SPECIMEN x': '' }, body: '' }),
  ],
  ['answers with a status that is none', async () => ({ status: 42, headers: {}, body: 'SPECIMEN' })],
  ['answers with what is not final', async () => ({ status: 100, headers: {}, body: 'SPECIMEN' })],
])('NET-6, NET-13 tells nothing when a role %s, except to who runs it', async (_, handle) => {
  const told: unknown[] = []
  const served = await start(handle, { onUnforeseen: (error) => told.push(error) })
  const answer = await raw(served, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
  expect(codeOfRaw(answer)).toEqual(['500', 'server_error'])
  expect(answer).not.toContain('SPECIMEN')
  expect(told).toHaveLength(1)
})

test('NET-6 survives a report that fails too', async () => {
  const served = await start(() => Promise.reject(new Error('x')), {
    onUnforeseen: () => {
      throw new Error('y')
    },
  })
  expect((await fetch(served.url)).status).toBe(500)
  expect((await fetch(served.url)).status).toBe(500)
})

test('NET-7, SVC-7.2-1 says nosniff and not who made it, on answers and on refusals', async () => {
  const served = await start(async () => ({
    status: 200,
    headers: { server: 'SPECIMEN', 'x-powered-by': 'SPECIMEN', 'x-content-type-options': 'sniff' },
    body: '',
  }))
  for (const text of ['GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 'NONSENSE\r\n\r\n']) {
    const answer = (await raw(served, text)).toLowerCase()
    expect(answer).toContain('\r\nx-content-type-options: nosniff\r\n')
    expect(answer).not.toMatch(/sniff\r\n.*: sniff|server:|powered-by|specimen|node/)
  }
})

test('NET-7 a role has the last word on what pages may do with its answer', async () => {
  const policy = "default-src 'self'"
  const served = await start(async ({ url }) => ({
    status: 200,
    headers: url.endsWith('/page') ? { 'content-security-policy': policy } : {},
    body: '',
  }))
  const policyOf = async (path: string) =>
    (await fetch(`${served.url}${path}`)).headers.get('content-security-policy')
  expect(await policyOf('/page')).toBe(policy)
  expect(await policyOf('/data')).toBe("default-src 'none'; frame-ancestors 'none'")
})

test('NET-8, DPOP-CORS, DWEB-7 pages of any origin read answers and refusals, without cookies', async () => {
  const served = await start()
  for (const answer of [await fetch(served.url), await fetch(served.url, { method: 'DELETE' })]) {
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    expect(answer.headers.get('access-control-expose-headers')).toBe(
      'www-authenticate, dpop-nonce, oauth-client-attestation-challenge',
    )
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
  }
  expect((await raw(served, 'NONSENSE\r\n\r\n')).toLowerCase()).toContain('access-control-allow-origin: *')
})

test('NET-8, BCP-2.6-1 what a role keeps to its own origin is read by no page of others', async () => {
  const headers = { 'cross-origin-resource-policy': 'same-origin' }
  const served = await start(async () => ({ status: 200, headers, body: 'a page for a person' }))
  const answer = await fetch(served.url, { headers: { origin: 'https://wallet.example' } })
  expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
})

const preflight = {
  method: 'OPTIONS',
  headers: {
    origin: 'https://wallet.example',
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,content-type',
  },
}

test('NET-8, DPOP-CORS a page may send an access token, and what proves whose it is', async () => {
  const answer = await fetch((await start()).url, preflight)
  expect(answer.status).toBe(204)
  expect(answer.headers.get('access-control-allow-origin')).toBe('*')
  expect(answer.headers.get('access-control-allow-methods')).toBe('GET, POST')
  const allowed = answer.headers.get('access-control-allow-headers')?.split(', ')
  const proofs = ['dpop', 'oauth-client-attestation', 'oauth-client-attestation-pop']
  expect(allowed).toEqual(expect.arrayContaining(['authorization', ...proofs]))
})

test('NET-8 where it is switched off no page reads anything, and the role sees the preflight', async () => {
  const answer = await fetch((await start(echo, { cors: false })).url, preflight)
  expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  expect((await seen(answer)).method).toBe('OPTIONS')
})

test('NET-11 nothing is written between answers when the next request on a connection is none', async () => {
  const { handle, asked, answer } = waiting()
  const socket = await dial(await start(handle))
  const rest = restOf(socket)
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  await asked
  socket.write('NONSENSE\r\n\r\n')
  const text = await rest
  answer()
  expect(text).toBe('')
})

test('a peer that goes away while it is answered disturbs nobody', async () => {
  const { handle, asked, answer } = waiting()
  const served = await start(handle)
  const socket = await dial(served)
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  await asked
  socket.destroy()
  answer()
  expect((await fetch(served.url)).status).toBe(200)
})
