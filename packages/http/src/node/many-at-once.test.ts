import { expect, test } from 'vitest'
import { createBodyBudget } from '../body-budget.ts'
import { codeOf, dial, echo, raw, restOf, start, waiting } from './clients.test-support.ts'

const get = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'

test('NET-15 cuts a connection that sends requests on without waiting, and the role hears few of them', async () => {
  let heard = 0
  const served = await start(
    () => {
      heard++
      return new Promise(() => {})
    },
    { limits: { maxPipelined: 3 } },
  )
  expect(await raw(served, get.repeat(1000))).toBe('')
  expect(heard).toBeLessThanOrEqual(3)
})

test('NET-15 answers requests that are sent on, up to the limit and in their order', async () => {
  const served = await start(echo, { limits: { maxPipelined: 3 } })
  const socket = await dial(served)
  const rest = restOf(socket)
  const last = 'GET /3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
  socket.write(`GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n${last}`)
  expect([...(await rest).matchAll(/"url":"[^"]*\/(\d)"/g)].map(([, place]) => place)).toEqual([
    '1',
    '2',
    '3',
  ])
})

test('NET-14, NET-13 holds so many bytes of bodies at a time; beyond that it takes small ones only', async () => {
  const role = waiting()
  const served = await start(
    (request) => (request.url.endsWith('/slow') ? role.handle(request) : echo(request)),
    {
      limits: { maxHeldBytes: 100_000 },
    },
  )
  const post = (path: string, bytes: number) =>
    fetch(`${served.url}${path}`, { method: 'POST', body: 'x'.repeat(bytes) })
  const slow = post('/slow', 160_000)
  await role.asked
  expect(await codeOf(await post('/', 160_000))).toEqual([503, 'temporarily_unavailable'])
  expect((await post('/', 60_000)).status).toBe(200)
  role.answer()
  expect((await slow).status).toBe(200)
  expect((await post('/', 160_000)).status).toBe(200)
})

test('NET-14 what is held is given back once, however the request ended', async () => {
  const served = await start(echo, { limits: { maxHeldBytes: 100_000, maxBodyBytes: 150_000 } })
  const post = (bytes: number) => fetch(served.url, { method: 'POST', body: 'x'.repeat(bytes) })
  for (let i = 0; i < 3; i++) expect((await post(150_001)).status).toBe(413)
  const half = await dial(served)
  half.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 150000\r\n\r\n${'x'.repeat(140_000)}`)
  half.destroy()
  await restOf(half)
  await expect.poll(async () => (await post(150_000)).status).toBe(200)
  const budget = createBodyBudget(10)
  const share = budget.share()
  expect([65_546, 65_547].map((bytes) => share.mayHold(bytes))).toEqual([true, false])
  expect(budget.share().mayHold(65_537)).toBe(false)
  share.release()
  share.release()
  expect([65_546, 65_547].map((bytes) => budget.share().mayHold(bytes))).toEqual([true, false])
})
