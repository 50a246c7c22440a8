import { findVerificationMethod, resolveDidJwk } from '@facet-id/credential/did'
import { checkOf, jwsAlgorithms, readPublicJwk } from '@facet-id/credential/jose'
import {
  authorizationResponseRequest,
  type RequestObjectJwt,
  readRequestObjectResponse,
  requestUriRequest,
} from '@facet-id/protocol/openid4vp'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { checkSignatures, encryptionKeyPair, jweOpenerOf, sealJwe } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { ask, BASE_URL, personQuery, type Stage, stage } from '../stage.test-support.ts'
import { linkIn } from '../wallet.test-support.ts'

const TYPE = 'application/oauth-authz-req+jwt'

interface Fetching {
  readonly method: 'get' | 'post'
  readonly wallet_nonce?: string
}

async function fetched(
  { verifier }: Stage,
  link: string,
  { method, ...nonce }: Fetching,
): Promise<RequestObjectJwt> {
  const followed = { ...linkIn(link), request_uri_method: method, ...nonce }
  return readRequestObjectResponse(await verifier.handle(requestUriRequest(followed)), followed)
}

function uriIn(link: string): string {
  return linkIn(link).request_uri
}

function get(url: string): WireRequest {
  return { method: 'GET', url, headers: { accept: TYPE } }
}

function post(url: string, body: string): WireRequest {
  return { method: 'POST', url, headers: { 'content-type': 'application/x-www-form-urlencoded' }, body }
}

function errorIn({ status, headers, body }: WireResponse): unknown {
  expect(headers['content-type']).toBe('application/json')
  return [status, JSON.parse(body).error]
}

test.each([{ method: 'get' }, { method: 'post' }, { method: 'post', wallet_nonce: 'w~1._-' }] as const)(
  'VP-5-1, VP-5-6, JAR-4-1, VP-5.2-2, VP-5.2-3, VP-5-5, VP-5.8-1, VP-8.2-1, VP-5.1-7, VP-5.1-6, VP-B.3.4-1, JAR-5-1 serves the whole request, signed: %j',
  async (fetching) => {
    const on = stage()
    const { link, expiresAt } = await on.verifier.request(personQuery)
    const { jws, key } = await fetched(on, link, fetching)
    const { nonce, state, ...object } = jws.payload
    expect(jws.header).toEqual({ alg: 'ES256', typ: 'oauth-authz-req+jwt', kid: on.ports.signer.kid })
    expect(object).toEqual({
      client_id: on.clientId,
      response_type: 'vp_token',
      response_mode: 'direct_post',
      response_uri: `${BASE_URL}/responses/${state}`,
      aud: 'https://self-issued.me/v2',
      dcql_query: personQuery,
      client_metadata: {
        vp_formats_supported: {
          'dc+sd-jwt': { 'sd-jwt_alg_values': jwsAlgorithms, 'kb-jwt_alg_values': jwsAlgorithms },
        },
      },
      iat: on.time.now(),
      exp: expiresAt,
      ...('wallet_nonce' in fetching ? { wallet_nonce: fetching.wallet_nonce } : {}),
    })
    const did = resolveDidJwk(on.clientId.slice('decentralized_identifier:'.length))
    const kid = key.by === 'did' ? key.kid : ''
    const method = findVerificationMethod(did, kid, 'authentication')
    expect(checkSignatures([checkOf(jws, readPublicJwk(method?.publicKeyJwk))])).toEqual(['valid'])
  },
)

test.each(['get', 'post'] as const)(
  'VP-5.10.1-1, JAR-5.2.3-1 answers %s as a request object, for no cache to keep',
  async (method) => {
    const { verifier } = stage()
    const link = linkIn((await verifier.request(personQuery)).link)
    const response = await verifier.handle(requestUriRequest({ ...link, request_uri_method: method }))
    expect(response).toMatchObject({
      status: 200,
      headers: { 'content-type': TYPE, 'cache-control': 'no-store' },
    })
    expect(response.body).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/)
  },
)

test('VP-5.10-2 gives each wallet its own nonce back, and ignores what else it sends', async () => {
  const on = stage()
  const { link } = await on.verifier.request(personQuery)
  const first = await fetched(on, link, { method: 'post', wallet_nonce: 'first' })
  const second = await fetched(on, link, { method: 'post', wallet_nonce: 'second' })
  expect([first, second].map(({ jws }) => jws.payload.wallet_nonce)).toEqual(['first', 'second'])
  const response = await on.verifier.handle(post(uriIn(link), 'wallet_metadata=%7B%7D&unknown=1'))
  expect(response.status).toBe(200)
  const without = await fetched(on, link, { method: 'post' })
  expect(without.jws.payload).not.toHaveProperty('wallet_nonce')
})

test('VP-5-8 serves the request as often as it is fetched, with the same nonce and state', async () => {
  const on = stage()
  const { link } = await on.verifier.request(personQuery)
  const payloads = []
  for (const method of ['get', 'get', 'post', 'get'] as const) {
    payloads.push((await fetched(on, link, { method })).jws.payload)
    on.time.advance(60)
  }
  expect(new Set(payloads.map((payload) => JSON.stringify(payload))).size).toBe(1)
})

test('VP-5.2-1, VP-5.2-4, VP-13.3-1, JAR-5.2-1 nonces, states and addresses are fresh, random and URL-safe', async () => {
  const on = stage()
  const requests = await Promise.all(Array.from({ length: 100 }, () => ask(on)))
  const words = requests.flatMap(({ object, requestId, transactionId }) => [
    object.nonce,
    requestId,
    transactionId,
  ])
  expect(new Set(words).size).toBe(300)
  // 22 characters of base64url are 128 bits.
  expect(words.filter((word) => !/^[A-Za-z0-9_-]{22,43}$/.test(word))).toEqual([])
  expect(requests.filter(({ object, requestId }) => object.state !== requestId)).toEqual([])
})

test('draws at least 128 bits for each of them', async () => {
  const drawn: number[] = []
  const on = stage({
    ports: ({ random }) => ({
      random: (bytes) => {
        drawn.push(bytes)
        return random(bytes)
      },
    }),
  })
  await on.verifier.request(personQuery)
  expect(drawn.toSorted((a, b) => a - b)).toEqual([16, 16, 32])
})

test('VP-13.3-1 a request that was answered is served no more', async () => {
  const on = stage()
  const { link, object } = await ask(on)
  const { response_uri, state = '' } = object
  await on.verifier.handle(authorizationResponseRequest(response_uri, { error: 'access_denied', state }))
  expect(errorIn(await on.verifier.handle(get(uriIn(link))))).toEqual([400, 'invalid_request'])
  expect(errorIn(await on.verifier.handle(post(uriIn(link), '')))).toEqual([400, 'invalid_request'])
})

test('a request is served until it expires, and then no more', async () => {
  const on = stage({ settings: { requestLifetime: 60 } })
  const { link, expiresAt } = await on.verifier.request(personQuery)
  expect(expiresAt).toBe(on.time.now() + 60)
  on.time.advance(59)
  expect((await on.verifier.handle(get(uriIn(link)))).status).toBe(200)
  on.time.advance(1)
  expect(errorIn(await on.verifier.handle(get(uriIn(link))))).toEqual([404, 'invalid_request'])
})

test('JAR-5.2-1 an address that was not given out is unknown', async () => {
  const on = stage()
  const { transactionId } = await on.verifier.request(personQuery)
  for (const id of ['AAAAAAAAAAAAAAAAAAAAAA', transactionId, 'x', '__proto__']) {
    expect(errorIn(await on.verifier.handle(get(`${BASE_URL}/requests/${id}`)))).toEqual([
      404,
      'invalid_request',
    ])
  }
})

test.each([
  ['another media type', { 'content-type': 'application/json' }, '{}'],
  ['no media type', {}, 'wallet_nonce=x'],
  ['a repeated parameter', undefined, 'wallet_nonce=x&wallet_nonce=y'],
  ['a nonce that is no text', undefined, 'wallet_nonce=%FF'],
  ['a nonce of 513 characters', undefined, `wallet_nonce=${'x'.repeat(513)}`],
])('VP-5-7 refuses a POST with %s, and serves the request afterwards', async (_, headers, body) => {
  const on = stage()
  const { link } = await on.verifier.request(personQuery)
  const request = post(uriIn(link), body)
  const refused = await on.verifier.handle(headers === undefined ? request : { ...request, headers })
  expect(errorIn(refused)).toEqual([400, 'invalid_request'])
  await expect(fetched(on, link, { method: 'get' })).resolves.toBeDefined()
})

test('a signer that fails is a failure of ours, and says no more', async () => {
  const on = stage({
    ports: ({ signer }) => ({
      signer: { ...signer, sign: () => Promise.reject(new Error('The key store is locked')) },
    }),
  })
  const { link } = await on.verifier.request(personQuery)
  const response = await on.verifier.handle(get(uriIn(link)))
  expect([response.status, JSON.parse(response.body)]).toEqual([500, { error: 'server_error' }])
})

test('VP-8.2-4 a key that lies on no curve is refused, and the request can still be fetched', async () => {
  const unforeseen: unknown[] = []
  const on = stage({
    ports: () => ({
      encryption: { generateKey: encryptionKeyPair, openerOf: jweOpenerOf, seal: sealJwe },
      onUnforeseen: (error) => unforeseen.push(error),
    }),
  })
  const { link } = await on.verifier.request(personQuery)
  const { publicJwk } = encryptionKeyPair('wallet')
  const metadataWith = (jwk: object) =>
    new URLSearchParams({
      wallet_metadata: JSON.stringify({ vp_formats_supported: { 'dc+sd-jwt': {} }, jwks: { keys: [jwk] } }),
    }).toString()
  const refused = await on.verifier.handle(post(uriIn(link), metadataWith({ ...publicJwk, y: publicJwk.x })))
  expect([refused.status, JSON.parse(refused.body).error]).toEqual([400, 'invalid_request'])
  expect(unforeseen).toEqual([])
  const sealed = await on.verifier.handle(post(uriIn(link), metadataWith(publicJwk)))
  expect([sealed.status, sealed.body.split('.').length]).toEqual([200, 5])
})
