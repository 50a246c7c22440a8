/** Results that are sent to whoever asked, until they are taken. */
import { readJws } from '@facet-id/credential/jose'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { keyPair, outcomeOf, signerOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import {
  answer,
  heldOn,
  personQuery,
  restingIn,
  type Stage,
  type StageChanges,
  stage,
} from '../stage.test-support.ts'
import { fetchRequest, present } from '../wallet.test-support.ts'
import { pauseAfter, RESULT_JWT_TYPE } from './delivery.ts'

const webhook = { url: 'https://shop.example/hooks/age', reference: 'order 7' }

interface Receiver {
  readonly got: WireRequest[]
  /** What it answers; an error: it is not reached. */
  answers: number | Error
}

function withReceiver(changes: StageChanges = {}): { readonly on: Stage; readonly receiver: Receiver } {
  const receiver: Receiver = { got: [], answers: 200 }
  const transport = {
    async send(request: WireRequest): Promise<WireResponse> {
      receiver.got.push(request)
      if (receiver.answers instanceof Error) throw receiver.answers
      return { status: receiver.answers, headers: {}, body: '' }
    },
  }
  const signer = { ...signerOf(keyPair().privateJwk), kid: 'webhooks' }
  const on = stage({
    ...changes,
    ports: (usual) => ({ webhooks: { transport, signer }, ...changes.ports?.(usual) }),
  })
  return { on, receiver }
}

async function answered(on: Stage): Promise<string> {
  const made = await on.verifier.request(personQuery, { webhook })
  const object = await fetchRequest(on.verifier.handle, made.link)
  const presentation = present(heldOn(on), object, { at: on.time.now() })
  const response = await answer(on, { ...made, object, requestId: object.state ?? '' }, [presentation])
  expect(response.status).toBe(200)
  return made.transactionId
}

function sent({ got }: Receiver): readonly Record<string, unknown>[] {
  return got.map(
    ({ body = '' }) => readJws(body, { algs: ['ES256'], typ: RESULT_JWT_TYPE, maxBytes: 65_536 }).payload,
  )
}

test('VRF-8 a result is sent once, signed, for its receiver, and then nothing of it waits', async () => {
  const { on, receiver } = withReceiver()
  const transactionId = await answered(on)
  expect(await on.verifier.deliver()).toEqual({ delivered: 1, failed: 0, dropped: 0 })
  expect(receiver.got).toMatchObject([
    { method: 'POST', url: webhook.url, headers: { 'content-type': 'application/jwt' } },
  ])
  expect(sent(receiver)).toEqual([
    {
      iss: on.clientId,
      aud: webhook.url,
      jti: expect.stringMatching(/^[\w-]{22}$/),
      iat: on.time.now(),
      reference: 'order 7',
      result: JSON.parse(JSON.stringify(await on.verifier.result(transactionId))),
    },
  ])
  expect(await on.verifier.deliver()).toEqual({ delivered: 0, failed: 0, dropped: 0 })
  expect(await restingIn(on)).not.toContain('"attempts"')
})

test.each([[500], [302], [404], [new Error('unreachable')]])(
  'VRF-9 a receiver that answers %s gets it again later, under the same id, also after a restart',
  async (answers) => {
    const { on, receiver } = withReceiver()
    await answered(on)
    receiver.answers = answers
    expect(await on.verifier.deliver()).toEqual({ delivered: 0, failed: 1, dropped: 0 })
    expect(await on.verifier.deliver()).toEqual({ delivered: 0, failed: 0, dropped: 0 })
    on.time.advance(pauseAfter(1, 1))
    receiver.answers = 204
    expect(await on.restarted().deliver()).toEqual({ delivered: 1, failed: 0, dropped: 0 })
    const [first, second, ...more] = sent(receiver)
    expect(second?.jti).toBe(first?.jti)
    expect(second?.iat).toBe(on.time.now())
    expect(more).toEqual([])
  },
)

test('VRF-9 what a process had in hand when it died comes up again', async () => {
  let dies = true
  const { on, receiver } = withReceiver({
    ports: ({ store }) => ({
      store: {
        ...store,
        commit: (ops) =>
          dies && ops[0]?.op === 'del' ? Promise.reject(new Error('killed')) : store.commit(ops),
      },
    }),
  })
  await answered(on)
  await expect(on.verifier.deliver()).rejects.toThrow('killed')
  dies = false
  expect(await on.restarted().deliver()).toEqual({ delivered: 0, failed: 0, dropped: 0 })
  on.time.advance(60)
  expect(await on.restarted().deliver()).toEqual({ delivered: 1, failed: 0, dropped: 0 })
  expect(new Set(sent(receiver).map(({ jti }) => jti)).size).toBe(1)
})

test('VRF-9 of two processes that deliver at once one sends it', async () => {
  const { on, receiver } = withReceiver()
  await answered(on)
  await Promise.all([on.verifier.deliver(), on.restarted().deliver()])
  expect(receiver.got).toHaveLength(1)
})

test('VRF-9 a receiver that is gone is not asked again, and in the end nobody is', async () => {
  const { on, receiver } = withReceiver({ settings: { deliveryLifetime: 10 } })
  await answered(on)
  receiver.answers = 410
  expect(await on.verifier.deliver()).toEqual({ delivered: 0, failed: 0, dropped: 1 })
  await answered(on)
  receiver.answers = 500
  await on.verifier.deliver()
  on.time.advance(10)
  expect(await on.verifier.deliver()).toEqual({ delivered: 0, failed: 0, dropped: 0 })
  await on.store.sweep(100)
  expect(await restingIn(on)).not.toContain('"attempts"')
})

test('VRF-9 pauses grow four times each, to an hour, and never by chance alone', () => {
  expect([1, 2, 3, 4, 5, 6, 7].map((attempts) => pauseAfter(attempts, 0.5))).toEqual([
    5, 20, 80, 320, 1280, 3600, 3600,
  ])
  expect([pauseAfter(1, 0), pauseAfter(1, 1)]).toEqual([4, 7])
})

test('ATK-20, VRF-8 on the same device a refused answer is sent as refused, and nothing of why', async () => {
  const { on, receiver } = withReceiver()
  on.world.status = { status: 1 }
  const sameDevice = { session: 'the session of the browser', returnTo: 'https://shop.example/back' }
  const made = await on.verifier.request(personQuery, { webhook, sameDevice })
  const object = await fetchRequest(on.verifier.handle, made.link)
  const presentation = present(heldOn(on), object, { at: on.time.now() })
  const response = await answer(on, { ...made, object, requestId: object.state ?? '' }, [presentation])
  expect(response.status).toBe(400)
  expect(await on.verifier.deliver()).toEqual({ delivered: 1, failed: 0, dropped: 0 })
  expect(sent(receiver).map(({ result }) => result)).toEqual([
    { outcome: 'refused', answeredAt: on.time.now(), reports: {}, flow: 'same_device' },
  ])
})

test('VRF-8 a result on the same device is sent when the browser is back, and not before', async () => {
  const { on, receiver } = withReceiver()
  const session = 'the session of the browser that asked'
  const sameDevice = { session, returnTo: 'https://shop.example/back' }
  const made = await on.verifier.request(personQuery, { webhook, sameDevice })
  const object = await fetchRequest(on.verifier.handle, made.link)
  const presentation = present(heldOn(on), object, { at: on.time.now() })
  const { body } = await answer(on, { ...made, object, requestId: object.state ?? '' }, [presentation])
  await on.verifier.deliver()
  expect(receiver.got).toEqual([])
  const responseCode = new URL(JSON.parse(body).redirect_uri).searchParams.get('response_code') ?? ''
  await on.verifier.returned({ responseCode, session })
  expect(await on.verifier.deliver()).toMatchObject({ delivered: 1 })
  expect(sent(receiver)).toMatchObject([{ result: { outcome: 'verified', flow: 'same_device' } }])
})

test.each([['http://shop.example/hook'], ['https://shop.example/hook#part'], ['shop']])(
  'VRF-8 no webhook is at %s',
  async (url) => {
    const { on } = withReceiver()
    const asking = () => on.verifier.request(personQuery, { webhook: { url, reference: 'a' } })
    expect(await outcomeOf(asking)).toBe('request_unfit')
  },
)

test('VRF-8 a verifier without a way to send says so', async () => {
  expect(await outcomeOf(() => stage().verifier.deliver())).toBe('port_missing')
})
