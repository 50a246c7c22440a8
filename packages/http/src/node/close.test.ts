import { once } from 'node:events'
import { expect, test } from 'vitest'
import { dial, echo, restOf, start, waiting } from './clients.test-support.ts'
import { serve } from './serve.ts'

test('NET-9 finishes what is under way, on a connection that then ends, and takes no other', async () => {
  const { handle, asked, answer } = waiting()
  const served = await start(handle)
  const socket = await dial(served)
  const rest = restOf(socket)
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  await asked
  const closed = served.close()
  await expect(fetch(served.url)).rejects.toThrow()
  answer()
  expect(await rest).toMatch(/^HTTP\/1\.1 200 .*\r\nconnection: close\r\n/is)
  await closed
})

test('NET-9 does not wait for connections that are idle, or were never used', async () => {
  const served = await start(echo, { limits: { drainTimeoutMs: 2 ** 31 - 1 } })
  const unused = await dial(served)
  const idle = await dial(served)
  idle.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  await once(idle, 'data')
  const ends = Promise.all([restOf(unused), restOf(idle)])
  await served.close()
  await ends
})

test('NET-9 cuts what takes longer than its bound', async () => {
  const { handle, asked } = waiting()
  const served = await start(handle, { limits: { drainTimeoutMs: 20 } })
  const socket = await dial(served)
  const rest = restOf(socket)
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  await asked
  await served.close()
  expect(await rest).toBe('')
})

test('NET-9 may be closed twice, and gives its port back', async () => {
  const { close, port } = await serve(echo)
  await Promise.all([close(), close()])
  await close()
  expect((await start(echo, { port })).port).toBe(port)
})
