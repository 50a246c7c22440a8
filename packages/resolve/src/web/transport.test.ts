import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { type WebFetchInit, webTransport } from './transport.ts'

/** A page whose `fetch` answers so, and what it was asked. */
function page(answer: (url: string, init: WebFetchInit) => Response | Promise<Response>, options = {}) {
  const asked: { readonly url: string; readonly init: WebFetchInit }[] = []
  const transport = webTransport({
    mode: 'production',
    fetch: async (url, init) => {
      asked.push({ url, init })
      return answer(url, init)
    },
    ...options,
  })
  const get = (url = 'https://issuer.example/a') =>
    transport.send({ method: 'GET', url, headers: { accept: 'a/b' } })
  return { asked, get, transport }
}

test('NET-32 a page sends no cookies, no referrer, nothing that tells who asks, and follows no redirect', async () => {
  const { asked, transport } = page(() => new Response('Grüße', { status: 201, headers: { 'x-a': 'b' } }))
  const answer = await transport.send({
    method: 'POST',
    url: 'https://issuer.example/token',
    headers: { accept: 'a/b', authorization: 'Bearer x', cookie: 'SPECIMEN', 'x-who': 'SPECIMEN' },
    body: 'x',
  })
  expect(answer).toMatchObject({ status: 201, body: 'Grüße', headers: { 'x-a': 'b' } })
  expect(asked[0]).toMatchObject({
    url: 'https://issuer.example/token',
    init: {
      method: 'POST',
      headers: { accept: 'a/b', authorization: 'Bearer x' },
      body: 'x',
      credentials: 'omit',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
      cache: 'no-store',
    },
  })
  expect(JSON.stringify(asked)).not.toContain('SPECIMEN')
})

test('NET-32 a page checks addresses as far as they are written', async () => {
  const { asked, get } = page(() => new Response(''))
  for (const url of [
    'https://127.0.0.1/',
    'https://[::ffff:7f00:1]/',
    'https://10.0.0.1/',
    'https://localhost/',
    'https://2130706433/',
  ]) {
    expect(await outcomeOf(() => get(url))).toBe('address_refused')
  }
  expect(await outcomeOf(() => get('http://issuer.example/'))).toBe('https_required')
  expect(await outcomeOf(() => get('https://user@issuer.example/'))).toBe('message_malformed')
  expect(asked).toEqual([])
})

test('NET-32 an answer is read up to the bound, and cut there', async () => {
  let cancelled = false
  let pieces = 0
  const endless = () =>
    new Response(
      new ReadableStream({
        pull: (controller) => {
          pieces++
          controller.enqueue(new Uint8Array(1000))
        },
        cancel: () => {
          cancelled = true
        },
      }),
    )
  expect(await outcomeOf(() => page(endless, { maxResponseBytes: 5000 }).get())).toBe('response_too_large')
  expect(cancelled).toBe(true)
  expect(pieces).toBeLessThan(10)
  const exact = page(() => new Response('x'.repeat(5000)), { maxResponseBytes: 5000 })
  expect(await outcomeOf(() => exact.get())).toBe('accepted')
})

test('NET-32 one bound on time covers headers and body', async () => {
  const options = { totalTimeoutMs: 30 }
  const silent = page(() => new Promise<Response>(() => {}), options)
  expect(await outcomeOf(() => silent.get())).toBe('peer_timed_out')
  expect(silent.asked[0]?.init.signal.aborted).toBe(true)
  const slow = page(() => new Response(new ReadableStream({ pull: () => new Promise(() => {}) })), options)
  expect(await outcomeOf(() => slow.get())).toBe('peer_timed_out')
})

test('NET-32 what does not come has a code, and every status is an answer', async () => {
  expect(await outcomeOf(() => page(() => Promise.reject(new TypeError('Failed to fetch'))).get())).toBe(
    'peer_unreachable',
  )
  expect(await outcomeOf(() => page(() => new Response(Uint8Array.of(0xff))).get())).toBe('message_malformed')
  for (const status of [204, 302, 404, 500]) {
    expect(await page(() => new Response(null, { status })).get()).toMatchObject({ status, body: '' })
  }
})

test('NET-32 where a page follows a redirect all the same, its answer is not used', async () => {
  const redirected = page(() => Object.defineProperty(new Response('secret'), 'redirected', { value: true }))
  expect(await outcomeOf(() => redirected.get())).toBe('peer_unreachable')
})

test('NET-33 a page fetches bytes as they are, under the same rules', async () => {
  const bytes = Uint8Array.of(0x30, 0x82, 0xff, 0xfe)
  const { asked, transport } = page(() => new Response(bytes), { maxResponseBytes: 4 })
  const fetchBytes = (url: string) => transport.fetchBytes({ url, accept: 'application/pkix-crl' })
  expect((await fetchBytes('https://trust.example/crl')).body).toEqual(bytes)
  expect(asked[0]).toMatchObject({
    init: {
      method: 'GET',
      headers: { accept: 'application/pkix-crl' },
      credentials: 'omit',
      redirect: 'error',
    },
  })
  expect(await outcomeOf(() => fetchBytes('https://10.0.0.1/crl'))).toBe('address_refused')
  const larger = page(() => new Response(new Uint8Array(5)), { maxResponseBytes: 4 }).transport
  const refused = () => larger.fetchBytes({ url: 'https://trust.example/crl', accept: 'a/b' })
  expect(await outcomeOf(refused)).toBe('response_too_large')
})
