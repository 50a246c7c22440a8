/**
 * A platform with a page of its own and the verifier beside it, behind each framework, over HTTP: the browser starts,
 * the wallet on the same device answers, the browser comes back. Another browser gets nothing.
 */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { registerHooks } from 'node:module'
import type { AddressInfo } from 'node:net'
import { expressRole } from '@facet-id/http/express'
import { fastifyRole } from '@facet-id/http/fastify'
import { honoRole } from '@facet-id/http/hono'
import { mountRole } from '@facet-id/http/node'
import { readDcqlQuery } from '@facet-id/protocol/openid4vp'
import type { Transport } from '@facet-id/protocol/wire'
import type { Verifier } from '@facet-id/verifier'
import { serve as serveHono } from '@hono/node-server'
import { fastify } from 'fastify'
import { Hono } from 'hono'
import { afterEach, expect, test } from 'vitest'
import { type MemoryStage, memoryStage, VERIFIER } from './memory.ts'
import { personQuery, specimen } from './specimen.ts'

// The test runner gives Node the condition `import` for everything; what express requires must be what it expects.
registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier, specifier === 'is-promise' ? { ...context, conditions: ['node', 'require'] } : context),
})
const { default: express } = await import('express')

const baseUrl = `${VERIFIER}/wallets`
const query = readDcqlQuery(personQuery({ over: 18, nationality: 'UTO' }))

interface Answer {
  readonly status: number
  readonly body: unknown
  readonly cookie?: string
}

/** What the platform answers on pages of its own. */
type Pages = (path: string, session: string | undefined) => Promise<Answer>

/** One page starts, one takes the browser back, one tells what came of it; a session is a cookie. */
function pagesOf(verifier: Verifier): Pages {
  const transactions = new Map<string, string>()
  return async (path, session) => {
    const url = new URL(path, VERIFIER)
    if (url.pathname === '/start') {
      const cookie = crypto.randomUUID()
      const sameDevice = { session: cookie, returnTo: `${VERIFIER}/back` }
      const { link, transactionId } = await verifier.request(query, { sameDevice })
      transactions.set(cookie, transactionId)
      return { status: 200, body: { link }, cookie }
    }
    const transactionId = transactions.get(session ?? '')
    if (url.pathname === '/result' && transactionId !== undefined)
      return { status: 200, body: await verifier.result(transactionId) }
    if (url.pathname === '/back') {
      try {
        const responseCode = url.searchParams.get('response_code') ?? ''
        return { status: 200, body: await verifier.returned({ responseCode, session: session ?? '' }) }
      } catch (error) {
        return { status: 403, body: { code: error instanceof Error && 'code' in error ? error.code : '' } }
      }
    }
    return { status: 404, body: {} }
  }
}

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const end of open.splice(0).reverse()) await end()
})

function sessionIn(cookie: string | undefined): string | undefined {
  return /(?:^|; )sid=([^;]+)/.exec(cookie ?? '')?.[1]
}

function headersOf({ cookie }: Answer): Readonly<Record<string, string>> {
  const set = cookie === undefined ? {} : { 'set-cookie': `sid=${cookie}; HttpOnly; SameSite=Lax` }
  return { 'content-type': 'application/json', ...set }
}

async function listening(server: Server): Promise<string> {
  if (!server.listening) {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  }
  open.push(() => new Promise((resolve) => server.close(resolve).closeAllConnections()))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const servers: readonly (readonly [name: string, start: (verifier: Verifier) => Promise<string>])[] = [
  [
    'node:http',
    (verifier) => {
      const pages = pagesOf(verifier)
      const role = mountRole(verifier.handle, { publicUrl: baseUrl })
      const server = createServer((request, response) =>
        role(request, response, async () => {
          const answer = await pages(request.url ?? '/', sessionIn(request.headers.cookie))
          response.writeHead(answer.status, headersOf(answer)).end(JSON.stringify(answer.body))
        }),
      )
      return listening(server)
    },
  ],
  [
    'hono',
    (verifier) => {
      const pages = pagesOf(verifier)
      const app = new Hono()
      app.use(honoRole(verifier.handle, { publicUrl: baseUrl }))
      app.get('*', async (c) => {
        const answer = await pages(
          c.req.url.replace(/^https?:\/\/[^/]+/, ''),
          sessionIn(c.req.header('cookie')),
        )
        return new Response(JSON.stringify(answer.body), {
          status: answer.status,
          headers: headersOf(answer),
        })
      })
      return listening(serveHono({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server)
    },
  ],
  [
    'express',
    (verifier) => {
      const pages = pagesOf(verifier)
      const app = express()
      app.use(expressRole(verifier.handle, { publicUrl: baseUrl }))
      app.use(async (request, response) => {
        const answer = await pages(request.url, sessionIn(request.headers.cookie))
        response.status(answer.status).set(headersOf(answer)).send(JSON.stringify(answer.body))
      })
      return listening(createServer(app))
    },
  ],
  [
    'fastify',
    async (verifier) => {
      const pages = pagesOf(verifier)
      const app = fastify()
      await app.register(fastifyRole(verifier.handle, { publicUrl: baseUrl }))
      app.get('/*', async (request, reply) => {
        const answer = await pages(request.url, sessionIn(request.headers.cookie))
        return reply.code(answer.status).headers(headersOf(answer)).send(JSON.stringify(answer.body))
      })
      open.push(() => app.close())
      return app.listen({ port: 0, host: '127.0.0.1' })
    },
  ],
]

/** A browser: it keeps its cookie, and goes where it is sent. */
function browserAt(origin: () => string) {
  let sid: string | undefined
  return async (
    url: string,
  ): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> => {
    const headers = sid === undefined ? {} : { cookie: `sid=${sid}` }
    const response = await fetch(url.replace(VERIFIER, origin()), { headers })
    sid = sessionIn(response.headers.get('set-cookie')?.split(';')[0]) ?? sid
    return { status: response.status, body: JSON.parse(await response.text()) }
  }
}

async function stageAt(origin: () => string): Promise<MemoryStage> {
  const stage = memoryStage({
    verifierSettings: { baseUrl },
    around: (wire): Transport => ({
      async send(request) {
        if (!request.url.startsWith(VERIFIER)) return wire.send(request)
        const { method, url, headers, body } = request
        const answer = await fetch(url.replace(VERIFIER, origin()), {
          method,
          headers: { ...headers },
          ...(body === undefined ? {} : { body }),
        })
        const own = Object.fromEntries(answer.headers)
        return { status: answer.status, headers: own, body: await answer.text() }
      },
    }),
  })
  const { txCode, link } = await stage.issuer.offer({ configurationId: 'person', claims: specimen })
  if (txCode !== undefined) stage.person.txCode = txCode
  await stage.holder.accept(link)
  return stage
}

for (const [name, start] of servers) {
  test(`VRF-4, VP-14.3-1 behind ${name} the browser that asked gets the result, once it is back`, async () => {
    let origin = ''
    const stage = await stageAt(() => origin)
    origin = await start(stage.verifier)
    const browser = browserAt(() => origin)
    const { body } = await browser(`${VERIFIER}/start`)
    const { redirectUri = '' } = await stage.holder.present(String(body.link))
    expect((await browser(`${VERIFIER}/result`)).body).toEqual({ outcome: 'awaiting_return' })
    expect(await browser(redirectUri)).toMatchObject({
      status: 200,
      body: {
        outcome: 'verified',
        flow: 'same_device',
        reports: { person: { shown: { nationalities: ['UTO'] } } },
      },
    })
    expect((await browser(`${VERIFIER}/result`)).body).toMatchObject({ outcome: 'verified' })
    // The code was good once.
    expect(await browser(redirectUri)).toEqual({ status: 403, body: { code: 'response_code_unknown' } })
  })

  test(`VRF-4, HAIP-5.1-7 behind ${name} another browser that comes back gets nothing, and neither does the first`, async () => {
    let origin = ''
    const stage = await stageAt(() => origin)
    origin = await start(stage.verifier)
    const [first, second] = [browserAt(() => origin), browserAt(() => origin)]
    const { body } = await first(`${VERIFIER}/start`)
    await second(`${VERIFIER}/start`)
    const { redirectUri = '' } = await stage.holder.present(String(body.link))
    expect(await second(redirectUri)).toEqual({ status: 403, body: { code: 'session_mismatch' } })
    expect((await second(`${VERIFIER}/result`)).body).toEqual({ outcome: 'pending' })
    const told = await first(`${VERIFIER}/result`)
    expect(told.body).toMatchObject({ outcome: 'refused', reason: 'other_session' })
    expect(JSON.stringify(told.body)).not.toMatch(/"shown"|UTO/)
    expect((await first(redirectUri)).status).toBe(403)
  })
}
