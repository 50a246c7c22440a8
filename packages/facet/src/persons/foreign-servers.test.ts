import { readForm } from '@facet-id/protocol/form'
import type { Transport, WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { checkSignatures, clock, keyPair, outcomeOf, signerOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { foreignServers } from './foreign-servers.ts'

const SERVER = 'https://as.example/tenant'
const keys = keyPair()

const json = (value: unknown): WireResponse => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
})

function server(metadata = {}): { transport: Transport; asked: WireRequest[] } {
  const asked: WireRequest[] = []
  return {
    asked,
    transport: {
      async send(request) {
        asked.push(request)
        switch (request.url) {
          case 'https://as.example/.well-known/oauth-authorization-server/tenant':
            return json({
              issuer: SERVER,
              token_endpoint: `${SERVER}/token`,
              jwks_uri: `${SERVER}/keys`,
              introspection_endpoint: `${SERVER}/introspect`,
              ...metadata,
            })
          case `${SERVER}/keys`:
            return json({
              keys: [
                { kty: 'RSA', n: 'x', e: 'AQAB' },
                { ...keys.publicJwk, kid: 'a' },
              ],
            })
          case `${SERVER}/introspect`:
            return json({ active: readForm(request.body ?? '').token === 'good', sub: 'anna' })
          default:
            return { ...json({}), status: 404 }
        }
      },
    },
  }
}

test('OAS-7-1 the key of a server is found where its metadata says, and kept', async () => {
  const { transport, asked } = server()
  const { serverKey } = foreignServers({ transport, now: clock().now })
  const key = await serverKey({ issuer: SERVER, alg: 'ES256', kid: 'a' })
  if (key === undefined) throw new Error('the server publishes that key')
  const data = 'x'
  const signature = await signerOf(keys.privateJwk).sign(new TextEncoder().encode(data))
  expect(await checkSignatures([{ alg: 'ES256', key, data, signature }])).toEqual(['valid'])
  for (let times = 0; times < 10; times++) await serverKey({ issuer: SERVER, alg: 'ES256', kid: 'unknown' })
  expect(asked).toHaveLength(2)
})

test('OAS-7-2 a server that says it is another, or is not there, has no key', async () => {
  for (const metadata of [{ issuer: 'https://evil.example' }, { jwks_uri: `${SERVER}/nothing` }]) {
    const { serverKey } = foreignServers({ transport: server(metadata).transport, now: clock().now })
    expect(await serverKey({ issuer: SERVER, alg: 'ES256', kid: 'a' })).toBeUndefined()
  }
})

test('OAS-7-4 a server is asked about a token by whom it knows', async () => {
  const { transport, asked } = server()
  const clients = { [SERVER]: { id: 'issuer', secret: 'a:b' } }
  const { introspect } = foreignServers({ transport, now: clock().now, clients })
  expect(await introspect({ issuer: SERVER, token: 'good' })).toMatchObject({ active: true, sub: 'anna' })
  expect(await introspect({ issuer: SERVER, token: 'bad' })).toMatchObject({ active: false })
  const request = asked.find(({ url }) => url === `${SERVER}/introspect`)
  expect(request?.headers.authorization).toBe(`Basic ${Buffer.from('issuer:a%3Ab').toString('base64')}`)
})

test('OAS-7-4 a server that does not know us, or has no such endpoint, is not asked', async () => {
  const clients = { [SERVER]: { id: 'issuer', secret: 's' } }
  for (const options of [
    { ...server(), now: clock().now },
    { ...server({ introspection_endpoint: 'http://as.example/introspect' }), now: clock().now, clients },
  ]) {
    const { introspect } = foreignServers(options)
    expect(await outcomeOf(() => introspect({ issuer: SERVER, token: 'good' }))).toBe('server_not_asked')
    expect(options.asked.filter(({ url }) => url.includes('introspect'))).toEqual([])
  }
})

test('OAS-7-6 a text that the server called inactive is asked about once in a while, however often it comes', async () => {
  const time = clock()
  const { transport, asked } = server()
  const clients = { [SERVER]: { id: 'issuer', secret: 's' } }
  const { introspect } = foreignServers({ transport, now: time.now, clients })
  const questions = (): number => asked.filter(({ url }) => url.endsWith('/introspect')).length
  for (let times = 0; times < 50; times++) {
    expect(await introspect({ issuer: SERVER, token: 'bad' })).toMatchObject({ active: false })
  }
  expect(questions()).toBe(1)
  time.advance(31)
  await introspect({ issuer: SERVER, token: 'bad' })
  expect(questions()).toBe(2)
  // What is active is asked about at each use: it may have been revoked.
  for (let times = 0; times < 3; times++) await introspect({ issuer: SERVER, token: 'good' })
  expect(questions()).toBe(5)
})

test('OAS-7-6 random texts are asked about so often in a minute and no more, and tokens that were good still are', async () => {
  const time = clock()
  const { transport, asked } = server()
  const clients = { [SERVER]: { id: 'issuer', secret: 's' } }
  const { introspect } = foreignServers({ transport, now: time.now, clients, unknownPerMinute: 10 })
  expect(await introspect({ issuer: SERVER, token: 'good' })).toMatchObject({ active: true })
  const outcomes: string[] = []
  for (let times = 0; times < 30; times++) {
    outcomes.push(await outcomeOf(() => introspect({ issuer: SERVER, token: `random ${times}` })))
  }
  expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(9)
  expect(new Set(outcomes.slice(9))).toEqual(new Set(['server_not_asked']))
  expect(asked.filter(({ url }) => url.endsWith('/introspect'))).toHaveLength(10)
  expect(await introspect({ issuer: SERVER, token: 'good' })).toMatchObject({ active: true })
  time.advance(60)
  expect(await introspect({ issuer: SERVER, token: 'another' })).toMatchObject({ active: false })
})
