import type { Handle } from '@facet-id/protocol/wire'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { HttpError } from '../error.ts'
import { refusalToListen } from './listen.ts'
import { type ServeOptions, serve } from './serve.ts'

const nothing: Handle = async () => ({ status: 204, headers: {}, body: '' })

/** What became of a server with these options; one that was started is closed again. */
function outcomeOfServing(options: ServeOptions): string | Promise<string> {
  return outcomeOf(async () => (await serve(nothing, options)).close())
}

async function errorOf(options: ServeOptions): Promise<HttpError> {
  try {
    await (await serve(nothing, options)).close()
  } catch (error) {
    if (error instanceof HttpError) return error
    throw error
  }
  return expect.unreachable()
}

test('NET-10 a port in use is named, with what to do', async () => {
  const served = await serve(nothing)
  const error = await errorOf({ port: served.port })
  await served.close()
  expect(error).toMatchObject({ code: 'port_in_use', cause: { code: 'EADDRINUSE' } })
  expect(error.message).toContain(`Port ${served.port} on 127.0.0.1 is in use`)
  expect(error.message).toContain('choose another port')
})

test.each<[string, string, RegExp]>([
  ['EADDRINUSE', 'port_in_use', /^Port 443 on 127\.0\.0\.1 is in use: .*choose another port$/],
  ['EACCES', 'port_forbidden', /^This user may not take port 443: choose one from 1024 on/],
  ['EADDRNOTAVAIL', 'host_unavailable', /^127\.0\.0\.1 is no address of this machine: choose one/],
  ['EMFILE', 'listen_failed', /^Port 443 on 127\.0\.0\.1 could not be taken$/],
])('NET-10 when the system says %s it is %s', (said, code, words) => {
  const cause = Object.assign(new Error('listen'), { code: said })
  const error = refusalToListen(cause, { host: '127.0.0.1', port: 443 })
  expect(error).toMatchObject({ code, cause })
  expect(error.message).toMatch(words)
})

test.each<[string, ServeOptions, string]>([
  ['an address of another machine', { host: '192.0.2.1' }, 'host_unavailable'],
  ['a name that is none', { host: 'nowhere.invalid' }, 'host_unavailable'],
  ['a port beyond all', { port: 65_536 }, 'option_refused'],
  ['half a port', { port: 0.5 }, 'option_refused'],
  ['no public address on every IPv4 address', { host: '0.0.0.0' }, 'option_refused'],
  ['no public address on every address', { host: '::' }, 'option_refused'],
  ['a public address that is no URL', { publicUrl: 'issuer.example' }, 'option_refused'],
  ['a public address of another scheme', { publicUrl: 'ftp://issuer.example' }, 'option_refused'],
  ['a public address with a user', { publicUrl: 'https://a:b@issuer.example' }, 'option_refused'],
  ['a public address with a query', { publicUrl: 'https://issuer.example?a' }, 'option_refused'],
  ['a limit of nothing', { limits: { maxBodyBytes: 0 } }, 'option_refused'],
  ['a limit that is none', { limits: { maxConnections: Number.POSITIVE_INFINITY } }, 'option_refused'],
  ['headers that may take longer than all', { limits: { headersTimeoutMs: 20_000 } }, 'option_refused'],
])('a server is not started with %s', async (_, options, code) => {
  expect(await outcomeOfServing(options)).toBe(code)
})

test('a server on every address is told how it is reached', async () => {
  const served = await serve(nothing, { host: '0.0.0.0', publicUrl: 'https://issuer.example/' })
  await served.close()
  expect(served.url).toBe('https://issuer.example')
})
