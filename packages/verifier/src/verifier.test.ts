/** What an operator does with a verifier: ask, and fetch what came of it. */
import { type DcqlQuery, readRequestLink } from '@facet-id/protocol/openid4vp'
import type { WireRequest } from '@facet-id/protocol/wire'
import { StoreError } from '@facet-id/store'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { defaultSettings } from './settings.ts'
import {
  answer,
  ask,
  BASE_URL,
  heldOn,
  personal,
  personQuery,
  presented,
  restingIn,
  type Stage,
  stage,
} from './stage.test-support.ts'
import { createVerifier } from './verifier.ts'
import { linkIn, PERSON, present } from './wallet.test-support.ts'

/** An honest answer to a request, sent. */
async function answered(on: Stage, request: Awaited<ReturnType<typeof ask>>): Promise<number> {
  const presentation = present(heldOn(on), request.object, { at: on.time.now() })
  return (await answer(on, request, [presentation])).status
}

test('VP-9-1, VP-5.7-1, VP-5.1-1, JAR-5-1, VP-5.9-5 a request is a link with the whole client id and where the request is', async () => {
  const on = stage()
  const made = await on.verifier.request(personQuery)
  expect(made.link).toMatch(/^openid4vp:\/\/\?/)
  expect(readRequestLink(made.link)).toEqual({
    client_id: on.clientId,
    request_uri: expect.stringMatching(/^https:\/\/platform\.example\/requests\/[\w-]{22}$/),
    request_uri_method: 'post',
  })
  const parameters = [...new URLSearchParams(made.link.split('?')[1]).keys()]
  expect(parameters).toEqual(['client_id', 'request_uri', 'request_uri_method'])
  expect(made.expiresAt).toBe(on.time.now() + 300)
})

const [credential] = personQuery.credentials

const unreadable: readonly [what: string, query: unknown, code: string][] = [
  ['no credentials', { credentials: [] }, 'message_malformed'],
  ['an id with a blank', { credentials: [{ ...credential, id: 'a b' }] }, 'message_malformed'],
  ['an id used twice', { credentials: [credential, credential] }, 'message_malformed'],
  ['no types', { credentials: [{ ...credential, meta: { vct_values: [] } }] }, 'message_malformed'],
  ['no meta', { credentials: [{ id: 'x', format: 'dc+sd-jwt' }] }, 'message_malformed'],
  ['an empty list of claims', { credentials: [{ ...credential, claims: [] }] }, 'message_malformed'],
  ['an empty path', { credentials: [{ ...credential, claims: [{ path: [] }] }] }, 'message_malformed'],
  [
    'a value that is a fraction',
    { credentials: [{ ...credential, claims: [{ path: ['x'], values: [0.5] }] }] },
    'message_malformed',
  ],
  ['another format', { credentials: [{ ...credential, format: 'mso_mdoc' }] }, 'feature_unsupported'],
  ['no sets of credentials', { ...personQuery, credential_sets: [] }, 'message_malformed'],
  [
    'a set of credentials that are not asked for',
    { ...personQuery, credential_sets: [{ options: [['other']] }] },
    'message_malformed',
  ],
  [
    'claim sets of claims without ids',
    { credentials: [{ ...credential, claim_sets: [['a']] }] },
    'message_malformed',
  ],
  ['no authorities', { credentials: [{ ...credential, trusted_authorities: [] }] }, 'message_malformed'],
]

test.each(unreadable)(
  'VP-6-1, VP-6.1-1, VP-6.1-2, VP-6.1-3, VP-6.1-5, VP-6.3-1 a query with %s is refused before anything is kept',
  async (_, query, code) => {
    const on = stage()
    expect(await outcomeOf(() => on.verifier.request(query as DcqlQuery))).toBe(code)
    expect(await restingIn(on)).toBe('')
  },
)

test('VP-6.1-4, VP-11-1 a claim that is listed twice is asked for once, and unknown members not at all', async () => {
  const on = stage()
  const claims = [{ path: ['given_name'] }, { path: ['given_name'], colour: 'red' }]
  const query = {
    credentials: [{ id: 'x', format: 'dc+sd-jwt', meta: { vct_values: [PERSON] }, claims }],
  } as const
  const { object } = await ask(on, query)
  expect(object.dcql_query.credentials).toEqual([
    { ...query.credentials[0], claims: [{ path: ['given_name'] }] },
  ])
})

test('a result is pending until a wallet answers, and then what came of it', async () => {
  const on = stage()
  const request = await ask(on)
  expect(await on.verifier.result(request.transactionId)).toEqual({ outcome: 'pending' })
  on.time.advance(7)
  expect(await answered(on, request)).toBe(200)
  const result = await on.verifier.result(request.transactionId)
  expect(result).toMatchObject({ outcome: 'verified', answeredAt: on.time.now() })
  expect(await on.verifier.result(request.transactionId)).toEqual(result)
})

test('VP-14.4-3 a result holds neither the nonce nor an id', async () => {
  const on = stage()
  const request = await ask(on)
  await answered(on, request)
  const told = JSON.stringify(await on.verifier.result(request.transactionId))
  for (const secret of [request.object.nonce, request.requestId, request.transactionId]) {
    expect(told).not.toContain(secret)
  }
})

test('VP-14.4-3 nothing that a wallet or a bystander sees fetches the result', async () => {
  const on = stage()
  const request = await ask(on)
  await answered(on, request)
  const { requestId, link, object, transactionId } = request
  for (const seen of [
    requestId,
    link,
    object.nonce,
    object.response_uri,
    on.ports.hash('sha-256', transactionId),
    '',
  ]) {
    expect(await outcomeOf(() => on.verifier.result(seen))).toBe('presentation_unknown')
  }
  expect(link).not.toContain(transactionId)
  expect(JSON.stringify(object)).not.toContain(transactionId)
  expect(await restingIn(on)).not.toContain(transactionId)
})

test('a transaction id of another verifier is unknown', async () => {
  const [on, other] = [stage(), stage()]
  const { transactionId } = await other.verifier.request(personQuery)
  expect(await outcomeOf(() => on.verifier.result(transactionId))).toBe('presentation_unknown')
})

test('a request and its result survive a restart', async () => {
  const on = stage()
  const request = await ask(on)
  const again = { ...on, verifier: on.restarted() }
  expect(await again.verifier.result(request.transactionId)).toEqual({ outcome: 'pending' })
  expect(await answered(again, request)).toBe(200)
  expect(await on.restarted().result(request.transactionId)).toMatchObject({ outcome: 'verified' })
})

test('a request that nobody answers expires, and is forgotten after the lifetime of a result', async () => {
  const on = stage({ settings: { requestLifetime: 60, resultLifetime: 100 } })
  const request = await ask(on)
  on.time.advance(59)
  expect(await on.verifier.result(request.transactionId)).toEqual({ outcome: 'pending' })
  on.time.advance(1)
  expect(await on.verifier.result(request.transactionId)).toEqual({ outcome: 'expired' })
  expect(await answered(on, request)).toBe(404)
  on.time.advance(100)
  expect(await outcomeOf(() => on.verifier.result(request.transactionId))).toBe('presentation_unknown')
})

test('a result is kept for its lifetime from the answer on, and then deleted with the claims in it', async () => {
  const on = stage({ settings: { requestLifetime: 60, resultLifetime: 100 } })
  const request = await ask(on)
  on.time.advance(59)
  expect(await answered(on, request)).toBe(200)
  on.time.advance(99)
  expect(await on.verifier.result(request.transactionId)).toMatchObject({ outcome: 'verified' })
  expect(await restingIn(on)).toContain('"UTO"')
  on.time.advance(1)
  expect(await on.verifier.result(request.transactionId)).toEqual({ outcome: 'expired' })
  await on.store.sweep(100)
  // What rests is read at the beginning of time, when nothing has expired that is still there.
  const resting = await restingIn(on)
  expect(personal.filter((value) => resting.includes(value))).toEqual([])
  on.time.advance(1)
  expect(await outcomeOf(() => on.verifier.result(request.transactionId))).toBe('presentation_unknown')
  await on.store.sweep(100)
  expect(await restingIn(on)).toBe('')
})

const routes: readonly [method: WireRequest['method'], path: string, status: number][] = [
  ['GET', '', 404],
  ['GET', '/', 404],
  ['GET', '/requests', 404],
  ['GET', '/requests/', 404],
  ['GET', '/requests/x/y', 404],
  ['GET', '/requests/..%2Fresponses', 404],
  ['GET', '/requests/%41', 404],
  ['GET', `/requests/${'x'.repeat(65)}`, 404],
  ['GET', '/Requests/x', 404],
  ['GET', '.evil.example/requests/x', 404],
  ['GET', '/results/x', 404],
  ['POST', '/__proto__/x', 404],
  ['OPTIONS', '/requests/x', 405],
  ['OPTIONS', '/responses/x', 405],
  ['GET', '/responses/x', 405],
]

test.each(routes)('%s %s is answered %i', async (method, path, status) => {
  const { verifier } = stage()
  const response = await verifier.handle({ method, url: `${BASE_URL}${path}`, headers: {} })
  expect(response).toMatchObject({ status, headers: { 'content-type': 'application/json' } })
  expect(JSON.parse(response.body)).toMatchObject({ error: 'invalid_request' })
  expect('allow' in response.headers).toBe(status === 405)
})

test('answers below a path of its own, and at any query', async () => {
  const baseUrl = `${BASE_URL}/ask/people`
  const on = stage({ settings: { baseUrl } })
  const { link } = await on.verifier.request(personQuery)
  const { request_uri } = linkIn(link)
  expect(request_uri).toMatch(/^https:\/\/platform\.example\/ask\/people\/requests\//)
  const get = (url: string) => on.verifier.handle({ method: 'GET', url, headers: {} })
  expect((await get(request_uri)).status).toBe(200)
  expect((await get(`${request_uri}?from=a-qr-code`)).status).toBe(200)
  expect((await get(request_uri.replace('/ask/people', ''))).status).toBe(404)
  expect((await get(request_uri.replace('https://platform', 'https://elsewhere'))).status).toBe(404)
})

test('a request that could not be kept is none', async () => {
  const full = stage({
    ports: ({ store }) => ({
      store: {
        ...store,
        commit: () => Promise.reject(new StoreError('store_full', 'No space is left')),
      },
    }),
  })
  expect(await outcomeOf(() => full.verifier.request(personQuery))).toBe('store_full')
  const contended = stage({
    ports: ({ store }) => ({ store: { ...store, commit: async () => ({ ok: false, failed: 0 }) } }),
  })
  expect(await outcomeOf(() => contended.verifier.request(personQuery))).toBe('state_contended')
})

test('settings that cannot work are refused at once', () => {
  const { ports, clientId } = stage()
  const settings = { client_id: clientId, baseUrl: BASE_URL, requestLifetime: 0 }
  expect(outcomeOf(() => createVerifier(ports, { ...defaultSettings, ...settings }))).toBe('settings_invalid')
})

test('presentations that go on at once do not touch each other', async () => {
  const on = stage()
  const results = await Promise.all(Array.from({ length: 20 }, () => presented(on)))
  expect(results.filter(({ result }) => result.outcome !== 'verified')).toEqual([])
})
