import { ProtocolError } from '@facet-id/protocol/error'
import type { WireResponse } from '@facet-id/protocol/wire'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import type { Order } from '../../issuance/order-state.ts'
import { findOrder, keepOrder } from '../../issuance/order-store.ts'
import { json, refusal, testIssuer } from '../../issuer.test-support.ts'
import { keysIn, textIn, theOne, type World, world } from '../../wallet.test-support.ts'

const DAY = 86_400
const bare = (status: number): WireResponse => ({ status, headers: {}, body: '' })

/** A wallet that waits for a credential, may ask for it by now, and will get that answer. */
async function waitingFor(answer: () => WireResponse): Promise<World & { readonly id: string }> {
  const there = world({ issuer: testIssuer({ deferrals: 1 }) })
  const { waiting } = await there.holder.accept(there.issuer.link)
  there.issuer.ways.around = { deferred: answer }
  there.time.advance(60)
  return { ...there, id: waiting[0]?.id ?? '' }
}

async function keptIn({
  store,
  id,
}: World & { readonly id: string }): Promise<Extract<Order, { readonly has: 'deferral' }>> {
  const order = await findOrder(store, id)
  if (order?.has !== 'deferral') throw new Error('the wallet waits')
  return order
}

/** Seconds until the deferral is due, from now on. */
async function pauseOf({ holder, time }: Pick<World, 'holder' | 'time'>): Promise<number> {
  const [{ notBefore } = { notBefore: undefined }] = await holder.pending()
  return (notBefore ?? Number.NaN) - time.now()
}

/** Asks whenever it is due, so many times, and yields how long each pause was. */
async function pauses(there: World & { readonly id: string }, count: number): Promise<readonly number[]> {
  const all: number[] = []
  for (let asked = 0; asked < count; asked++) {
    expect(await outcomeOf(() => there.holder.resume(there.id))).not.toBe('issuance_given_up')
    const pause = await pauseOf(there)
    all.push(pause)
    there.time.advance(pause)
  }
  return all
}

test.each<[string, () => WireResponse]>([
  ['a server error alone', () => bare(502)],
  ['a server error that has a code', () => ({ ...refusal('server_error'), status: 503 })],
  ['a status without a code', () => bare(404)],
  ['a page', () => ({ status: 200, headers: { 'content-type': 'text/html' }, body: '<p>' })],
])(
  'VCI-9.3-6 a deferral that is answered with %s is asked for later and later, at most a day apart',
  async (_, answer) => {
    const there = await waitingFor(answer)
    const doubling = Array.from({ length: 11 }, (_, at) => 60 * 2 ** at)
    expect(await pauses(there, 13)).toEqual([...doubling, DAY, DAY])
  },
)

test('VCI-9.3-6 while it is left alone it is not due, and nothing is sent, also after a restart', async () => {
  const there = await waitingFor(() => bare(502))
  await pauses(there, 3)
  await outcomeOf(() => there.holder.resume(there.id))
  const { issuer, store, time, id } = there
  const { holder, sent } = world({ issuer, store, time })
  time.advance(479)
  expect(await holder.due()).toEqual([])
  expect(await holder.resume(id)).toMatchObject({ waiting: [{ id, notBefore: time.now() + 1 }] })
  expect(sent).toEqual([])
  time.advance(1)
  expect(await holder.due()).toEqual([{ due: 'resume', id }])
  await outcomeOf(() => holder.resume(id))
  expect(await pauseOf({ holder, time })).toBe(960)
  issuer.ways.around = {}
  time.advance(960)
  expect(theOne(await holder.resume(id))).toMatchObject({ copies: 4 })
})

test('VCI-9.3-6 it is asked for no sooner than the issuer said, and from anew once it says that it is not ready', async () => {
  let interval = 500
  let isBroken = false
  const there = await waitingFor(() => bare(500))
  const { transactionId } = await keptIn(there)
  there.issuer.ways.around = {
    deferred: () =>
      isBroken ? bare(500) : json({ transaction_id: transactionId, interval }, { status: 202 }),
  }
  expect(await pauses(there, 1)).toEqual([500])
  isBroken = true
  expect(await pauses(there, 5)).toEqual([500, 500, 500, 500, 960])
  isBroken = false
  interval = 2 * DAY
  expect(await pauses(there, 1)).toEqual([2 * DAY])
  isBroken = true
  expect(await pauses(there, 2)).toEqual([2 * DAY, 2 * DAY])
  isBroken = false
  interval = 5
  await pauses(there, 1)
  isBroken = true
  expect(await pauses(there, 2)).toEqual([60, 120])
})

test('VCI-9.3-6 after a month of failures it is given up in words, and leaves nothing', async () => {
  const there = await waitingFor(() => bare(502))
  const { holder, time, store, id } = there
  const begun = time.now()
  let tries = 0
  const giveUp = async () => {
    for (; time.now() - begun < 60 * DAY; tries++) {
      await holder.resume(id).catch((error) => {
        if (error.code === 'issuance_given_up') throw error
      })
      time.advance(await pauseOf(there))
    }
  }
  await expect(giveUp()).rejects.toMatchObject({
    code: 'issuance_given_up',
    message: expect.stringMatching(/for 30 days every answer was a failure.+new offer/),
    cause: { code: 'refused_by_peer', peerStatus: 502 },
  })
  expect(tries).toBeGreaterThan(10)
  expect(time.now() - begun).toBeLessThan(31 * DAY)
  expect(await holder.pending()).toEqual([])
  expect(await holder.due()).toEqual([])
  expect(await keysIn(store)).toEqual([])
  expect(await textIn(store)).toBe('')
})

test('VCI-9.3-6 a wallet that is seldom opened gives nothing up before the tenth answer', async () => {
  const { holder, time, id } = await waitingFor(() => bare(502))
  for (let asked = 0; asked < 9; asked++) {
    expect(await outcomeOf(() => holder.resume(id))).toBe('refused_by_peer')
    expect(await holder.pending()).toMatchObject([{ id, has: 'deferral' }])
    time.advance(40 * DAY)
  }
  expect(await outcomeOf(() => holder.resume(id))).toBe('issuance_given_up')
})

test('VCI-9.3-6 a clock that was wrong once gives nothing up, and leaves nothing alone for years', async () => {
  const there = await waitingFor(() => bare(502))
  const { holder, time, id } = there
  await pauses(there, 9)
  time.advance(20_000 * DAY)
  expect(await outcomeOf(() => holder.resume(id))).toBe('refused_by_peer')
  expect(await holder.pending()).toMatchObject([{ id, has: 'deferral' }])
  time.advance(-20_000 * DAY)
  expect(await holder.due()).toEqual([{ due: 'resume', id }])
  there.issuer.ways.around = {}
  expect(theOne(await holder.resume(id))).toMatchObject({ copies: 4 })
})

test('VCI-9.3-6 a network in which the name leads elsewhere is as good as silence', async () => {
  const there = await waitingFor(() => {
    throw new ProtocolError('address_refused', 'The name leads to an address of a private network')
  })
  await pauses(there, 12)
  expect((await keptIn(there)).failures).toEqual({ tries: 12, answered: 0 })
})

test('VCI-9.3-6 silence is met with pauses of an hour at most, and ends nothing', async () => {
  const there = await waitingFor(() => {
    throw new ProtocolError('peer_unreachable', 'There is no network')
  })
  const begun = await pauses(there, 8)
  expect(begun).toEqual([60, 120, 240, 480, 960, 1920, 3600, 3600])
  there.time.advance(60 * DAY)
  expect(await pauses(there, 12)).toEqual(Array.from({ length: 12 }, () => 3600))
  // Nor does one answer after all that time.
  there.issuer.ways.around = { deferred: () => bare(502) }
  expect(await outcomeOf(() => there.holder.resume(there.id))).toBe('refused_by_peer')
  expect(await there.holder.pending()).toMatchObject([{ id: there.id, has: 'deferral' }])
})

test('VCI-9.3-6 an order that an older release kept is postponed like any other', async () => {
  const there = await waitingFor(() => bare(502))
  const { interval: _, ...older } = await keptIn(there)
  await there.store.commit(keepOrder({ id: there.id, order: older }))
  expect(await pauses(there, 2)).toEqual([60, 120])
})
