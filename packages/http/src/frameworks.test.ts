/** One role behind node:http, hono, express and fastify: the same answers, and streams, on real servers. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { registerHooks } from 'node:module'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { Handle, WireRequest } from '@facet-id/protocol/wire'
import { serve as serveHono } from '@hono/node-server'
import { fastify } from 'fastify'
import { Hono } from 'hono'
import { afterEach, expect, test } from 'vitest'
import { expressRole } from './express/index.ts'
import { fastifyRole } from './fastify/index.ts'
import { honoRole } from './hono/index.ts'
import { mountRole, serve } from './node/index.ts'

// The test runner gives Node the condition `import` for everything; what express requires must be what it expects.
registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier, specifier === 'is-promise' ? { ...context, conditions: ['node', 'require'] } : context),
})
const { default: express } = await import('express')

const publicUrl = 'https://platform.example/wallets'

type Options = Parameters<typeof mountRole>[1]

/** Each serves the role beside a page of its own at `/`. */
const servers: readonly (readonly [
  name: string,
  start: (handle: Handle, options?: Partial<Options>) => Promise<string>,
])[] = [
  [
    'node:http',
    async (handle, options) => {
      const role = mountRole(handle, { publicUrl, ...options })
      const server = createServer((request, response) =>
        role(request, response, () => response.end('a page of the platform')),
      )
      return listening(server, () => role.close())
    },
  ],
  [
    'hono',
    async (handle, options) => {
      const app = new Hono()
      const { maxBodyBytes } = options?.limits ?? {}
      const bounds = maxBodyBytes === undefined ? {} : { maxBodyBytes }
      app.use(honoRole(handle, { publicUrl, ...options, ...bounds }))
      app.get('/', (c) => c.text('a page of the platform'))
      const server = serveHono({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server
      return listening(server, () => {})
    },
  ],
  [
    'express',
    async (handle, options) => {
      const app = express()
      const role = expressRole(handle, { publicUrl, ...options })
      app.use(role)
      app.use(express.json())
      app.get('/', (_, response) => void response.send('a page of the platform'))
      return listening(createServer(app), () => role.close())
    },
  ],
  [
    'fastify',
    async (handle, options) => {
      const app = fastify()
      await app.register(fastifyRole(handle, { publicUrl, ...options }))
      app.get('/', async () => 'a page of the platform')
      open.push(() => app.close())
      return app.listen({ port: 0, host: '127.0.0.1' })
    },
  ],
]

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const end of open.splice(0).reverse()) await end()
})

async function listening(server: Server, close: () => void): Promise<string> {
  if (!server.listening) {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  }
  open.push(async () => {
    close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Answers with what it was asked. */
const echo: Handle = async (request) => ({
  status: 200,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  body: JSON.stringify(request),
})

const form = { 'content-type': 'application/x-www-form-urlencoded' }

test.each(servers)('NET-16 %s: a role gets requests as they are, under its own address', async (_, start) => {
  const url = await start(echo)
  const posted = await fetch(`${url}/wallets/responses/x?a=%20b`, {
    method: 'POST',
    headers: { ...form, 'x-forwarded-host': 'evil.example' },
    body: 'vp_token=%7B%7D&state=é',
  })
  const heard: WireRequest = JSON.parse(await posted.text())
  expect(heard).toMatchObject({
    method: 'POST',
    url: 'https://platform.example/wallets/responses/x?a=%20b',
    body: 'vp_token=%7B%7D&state=é',
  })
  expect(heard.headers['content-type']).toBe('application/x-www-form-urlencoded')
  for (const [name, value] of [
    ['cache-control', 'no-store'],
    ['x-content-type-options', 'nosniff'],
    ['access-control-allow-origin', '*'],
    ['x-powered-by', null],
  ] as const) {
    expect([name, posted.headers.get(name)]).toEqual([name, value])
  }
})

test.each(servers)(
  'NET-16 %s: what is not the role’s is the server’s, and well-known documents are the role’s',
  async (_, start) => {
    const url = await start(echo)
    expect(await (await fetch(`${url}/`)).text()).toBe('a page of the platform')
    const document = await fetch(`${url}/.well-known/openid-credential-issuer/wallets`)
    expect(await document.json()).toMatchObject({
      url: 'https://platform.example/.well-known/openid-credential-issuer/wallets',
    })
  },
)

test.each(servers)(
  'NET-3, NET-4, NET-13 %s: a body beyond the limit, compressed or no text is refused with a code',
  async (_, start) => {
    const url = await start(echo, { limits: { maxBodyBytes: 100 } })
    const post = (body: string | Uint8Array<ArrayBuffer>, headers = {}) =>
      fetch(`${url}/wallets/x`, { method: 'POST', headers: { ...form, ...headers }, body })
    const codeOf = async (answer: Response) => [answer.status, JSON.parse(await answer.text()).error]
    expect(await codeOf(await post('x'.repeat(101)))).toEqual([413, 'request_too_large'])
    expect(await codeOf(await post('x', { 'content-encoding': 'gzip' }))).toEqual([
      415,
      'encoding_unsupported',
    ])
    expect(await codeOf(await post(new Uint8Array([0xff])))).toEqual([400, 'invalid_request'])
    expect(await codeOf(await fetch(`${url}/wallets/x`, { method: 'DELETE' }))).toEqual([
      405,
      'method_not_allowed',
    ])
    expect((await post('x'.repeat(100))).status).toBe(200)
  },
)

test.each(servers)(
  'NET-6 %s: tells nothing of what a role did not foresee, except to who runs it',
  async (_, start) => {
    const told: unknown[] = []
    const url = await start(() => Promise.reject(new Error('SPECIMEN')), {
      onUnforeseen: (error) => told.push(error),
    })
    const answer = await fetch(`${url}/wallets/x`)
    expect([answer.status, await answer.text()]).toEqual([500, expect.not.stringContaining('SPECIMEN')])
    expect(told).toEqual([new Error('SPECIMEN')])
  },
)

test.each(servers)('NET-8 %s: a page may ask beforehand, and send a token', async (_, start) => {
  const url = await start(echo)
  const headers = { origin: 'https://wallet.example', 'access-control-request-method': 'POST' }
  const answer = await fetch(`${url}/wallets/x`, { method: 'OPTIONS', headers })
  expect([answer.status, answer.headers.get('access-control-allow-headers')]).toEqual([
    204,
    expect.stringContaining('authorization'),
  ])
})

/** Two events, then waits until nobody listens. */
function eventsThatWait(): { readonly handle: Handle; readonly ended: Promise<void> } {
  let end = (): void => {}
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  async function* events() {
    try {
      yield 'data: 1\n\n'
      yield 'data: 2\n\n'
      for (;;) {
        await pause(1)
        yield ':\n\n'
      }
    } finally {
      end()
    }
  }
  const headers = { 'content-type': 'text/event-stream' }
  return { ended, handle: async () => ({ status: 200, headers, body: '', stream: events() }) }
}

test.each(servers)(
  'NET-17 %s: events are sent as they come, and who makes them is told when nobody listens',
  async (_, start) => {
    const { handle, ended } = eventsThatWait()
    const url = await start(handle)
    const away = new AbortController()
    const answer = await fetch(`${url}/wallets/results`, { signal: away.signal })
    expect(answer.headers.get('content-type')).toBe('text/event-stream')
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    while (!text.includes('data: 2\n\n')) text += (await reader?.read())?.value ?? ''
    expect(text.startsWith('data: 1\n\ndata: 2\n\n')).toBe(true)
    away.abort()
    await ended
  },
)

test.each(servers)('NET-17 %s: events that end, end the answer', async (_, start) => {
  async function* events() {
    yield 'data: 1\n\n'
    yield 'data: 2\n\n'
  }
  const url = await start(async () => ({ status: 200, headers: {}, body: 'x', stream: events() }))
  expect(await (await fetch(`${url}/wallets/results`)).text()).toBe('xdata: 1\n\ndata: 2\n\n')
})

test('NET-17, NET-9 a server that closes ends its events, and waits for nobody', async () => {
  const { handle, ended } = eventsThatWait()
  const served = await serve(handle)
  const answer = await fetch(served.url)
  const rest = answer.text()
  await served.close()
  await ended
  expect(await rest).toContain('data: 1')
})

test('NET-17 events that fail cut the connection, and who runs the server hears why', async () => {
  async function* events() {
    yield 'data: 1\n\n'
    throw new Error('SPECIMEN')
  }
  const told: unknown[] = []
  const served = await serve(async () => ({ status: 200, headers: {}, body: '', stream: events() }), {
    onUnforeseen: (error) => told.push(error),
  })
  open.push(() => served.close())
  await expect(fetch(served.url).then((answer) => answer.text())).rejects.toThrow()
  expect(told).toEqual([new Error('SPECIMEN')])
})

test('NET-16 express: mounted behind a body parser a role says so to who runs it, and nothing is misread', async () => {
  const told: unknown[] = []
  const app = express()
  app.use(express.urlencoded({ extended: false }))
  app.use(expressRole(echo, { publicUrl, onUnforeseen: (error) => told.push(error) }))
  const url = await listening(createServer(app), () => {})
  const answer = await fetch(`${url}/wallets/x`, { method: 'POST', headers: form, body: 'a=b' })
  expect(answer.status).toBe(500)
  expect(told).toMatchObject([{ code: 'body_taken' }])
})

test('NET-16 express: mounted below a path a role still reads its whole address', async () => {
  const app = express()
  app.use('/wallets', expressRole(echo, { publicUrl }))
  const url = await listening(createServer(app), () => {})
  const heard = await (await fetch(`${url}/wallets/requests/x`)).json()
  expect(heard).toMatchObject({ url: 'https://platform.example/wallets/requests/x' })
})

test.each(servers)(
  'NET-16 %s: a public address that is none is refused before anything is served',
  async (_, start) => {
    await expect(start(echo, { publicUrl: 'platform' })).rejects.toMatchObject({ code: 'option_refused' })
  },
)
