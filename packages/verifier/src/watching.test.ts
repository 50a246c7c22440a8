/** Results by call, by polling over HTTP, and as they come. */
import { expect, test } from 'vitest'
import type { PresentationResult } from './result/presentation.ts'
import { answer, ask, BASE_URL, heldOn, personQuery, type Stage, stage } from './stage.test-support.ts'
import { present } from './wallet.test-support.ts'

const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 1))

function watched(): Stage {
  return stage({ ports: () => ({ pause }) })
}

async function answered(on: Stage, request: Awaited<ReturnType<typeof ask>>): Promise<void> {
  const presentation = present(heldOn(on), request.object, { at: on.time.now() })
  expect((await answer(on, request, [presentation])).status).toBe(200)
}

async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

function get({ verifier }: Stage, headers: Readonly<Record<string, string>>) {
  return verifier.handle({ method: 'GET', url: `${BASE_URL}/results`, headers })
}

test('VRF-6 who watches hears each outcome once, and the last one ends it', async () => {
  const on = watched()
  const request = await ask(on)
  const heard: PresentationResult['outcome'][] = []
  for await (const { outcome } of on.verifier.watch(request.transactionId)) {
    heard.push(outcome)
    if (outcome === 'pending') await answered(on, request)
  }
  expect(heard).toEqual(['pending', 'verified'])
  expect((await all(on.verifier.watch(request.transactionId))).map(({ outcome }) => outcome)).toEqual([
    'verified',
  ])
})

test('VRF-6 an answer that another process took is seen, and so is the end of a request', async () => {
  const on = watched()
  const request = await ask(on)
  const seen = all(on.restarted().watch(request.transactionId))
  await answered(on, request)
  expect((await seen).at(-1)).toMatchObject({ outcome: 'verified' })
  const other = await ask(on)
  const ended = all(on.verifier.watch(other.transactionId))
  on.time.advance(301)
  expect((await ended).map(({ outcome }) => outcome)).toContain('expired')
})

test('VRF-6, VP-14.4-3 over HTTP a result is for the bearer of the transaction id', async () => {
  const on = watched()
  const request = await ask(on)
  const authorization = `Bearer ${request.transactionId}`
  expect(JSON.parse((await get(on, { authorization })).body)).toEqual({ outcome: 'pending' })
  await answered(on, request)
  const told = await get(on, { authorization })
  expect(told.headers).toEqual({ 'content-type': 'application/json', 'cache-control': 'no-store' })
  const result = await on.verifier.result(request.transactionId)
  expect(JSON.parse(told.body)).toEqual(JSON.parse(JSON.stringify(result)))
})

test('VRF-6 as server-sent events: one event for each outcome, in one line each', async () => {
  const on = watched()
  const request = await ask(on)
  const headers = { authorization: `Bearer ${request.transactionId}`, accept: 'text/event-stream' }
  const { status, stream, headers: sent } = await get(on, headers)
  expect([status, sent['content-type']]).toEqual([200, 'text/event-stream'])
  if (stream === undefined) throw new Error('there is no stream')
  const events = all(stream)
  await answered(on, request)
  const [first = '', ...rest] = (await events).toReversed()
  expect(rest.length).toBeLessThan(2)
  expect(first).toMatch(/^event: result\ndata: \{"outcome":"verified".*\}\n\n$/)
})

test('VP-14.4-3 without the transaction id nothing is told, by either way', async () => {
  const on = watched()
  const request = await ask(on)
  for (const accept of ['application/json', 'text/event-stream']) {
    expect((await get(on, { accept })).status).toBe(401)
    for (const guess of [request.requestId, request.object.nonce, 'A'.repeat(43)]) {
      const told = await get(on, { accept, authorization: `Bearer ${guess}` })
      expect([told.status, told.stream]).toEqual([404, undefined])
    }
  }
  const url = `${BASE_URL}/results?access_token=${request.transactionId}`
  expect((await on.verifier.handle({ method: 'GET', url, headers: {} })).status).toBe(400)
})

test('VRF-6 a verifier without a way to wait is polled, and says so to who would watch', async () => {
  const on = stage()
  const { transactionId } = await on.verifier.request(personQuery)
  await expect(all(on.verifier.watch(transactionId))).rejects.toMatchObject({ code: 'port_missing' })
})
