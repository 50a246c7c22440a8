import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { createWorkerPool, type WorkerPool, type WorkerPoolSettings } from './worker-pool.ts'

const module = new URL('./failing-worker.test-support.ts', import.meta.url)

async function withPool(
  settings: WorkerPoolSettings,
  body: (pool: WorkerPool<number | string, number | string>) => Promise<void>,
): Promise<void> {
  const pool = createWorkerPool<number | string, number | string>(module, settings)
  try {
    await body(pool)
  } finally {
    await pool.close()
  }
}

const numbers = Array.from({ length: 1000 }, (_, number) => number)
const doubled = numbers.map((number) => number * 2)

test('KEY-33 answers in order, whatever the number of workers and the size of a message', async () => {
  for (const settings of [{ workers: 1 }, { workers: 3, perMessage: 7 }, { workers: 2, perMessage: 1 }]) {
    await withPool(settings, async ({ run }) => {
      expect(await run(numbers)).toEqual(doubled)
      expect((await Promise.all(numbers.map((number) => run([number])))).flat()).toEqual(doubled)
    })
  }
})

test('KEY-33 shares out what fits one message too, so that no worker is idle while another has much left', async () => {
  await withPool({ workers: 2 }, async ({ run }) => {
    const who = await run(Array.from({ length: 64 }, () => 'who'))
    expect(new Set(who).size).toBe(2)
    // What does not earn back a second message goes in one.
    expect(new Set(await run(['who', 'who', 'who'])).size).toBe(1)
  })
})

test('KEY-34 a worker that dies fails what it had, and another takes its place', async () => {
  await withPool({ workers: 1, perMessage: 4 }, async ({ run }) => {
    expect(await run([1])).toEqual([2])
    expect(await outcomeOf(() => run(['die']))).toBe('worker_failed')
    expect(await run(numbers)).toEqual(doubled)
    // Two messages are with a worker at once: both are lost with it. What waits behind them is not.
    const settled = await Promise.all([
      outcomeOf(() => run(['die', 1, 2, 3])),
      outcomeOf(() => run([4, 5, 6, 7])),
      run([8, 9]),
    ])
    expect(settled).toEqual(['worker_failed', 'worker_failed', [16, 18]])
    expect(await run([21])).toEqual([42])
  })
})

test('KEY-34 what a worker cannot answer is told with its cause, and the worker goes on', async () => {
  await withPool({ workers: 1 }, async ({ run }) => {
    const refused = await run([1, 'throw']).catch((error) => error)
    expect(refused).toMatchObject({ code: 'worker_failed', cause: { message: 'told to' } })
    expect(await run([1, 2])).toEqual([2, 4])
  })
})

test('KEY-34 a task that cannot be sent is refused, and the worker goes on', async () => {
  await withPool({ workers: 1 }, async ({ run }) => {
    const strayed: unknown = () => 'a function travels nowhere'
    expect(await outcomeOf(() => run([strayed as number]))).toBe('worker_failed')
    expect(await run([1, 2])).toEqual([2, 4])
  })
})

test('KEY-34 a module that cannot be run fails what is asked, and is not tried for ever', async () => {
  const pool = createWorkerPool<number, number>(new URL('./no-such-worker.ts', import.meta.url), {
    workers: 2,
  })
  expect(await outcomeOf(() => pool.run([1]))).toBe('worker_failed')
  expect(await outcomeOf(() => pool.run(numbers))).toBe('worker_failed')
  await pool.close()
})

test('KEY-34 more than may wait is refused at once, and what waits is answered', async () => {
  await withPool({ workers: 1, perMessage: 2, maxWaiting: 10 }, async ({ run }) => {
    const first = run(['slow', 1])
    const second = run([2, 3, 4, 5])
    const third = run([6, 7, 8, 9, 10, 11])
    expect(await outcomeOf(() => run(numbers))).toBe('pool_overloaded')
    expect(await Promise.all([first, second, third])).toEqual([
      ['slow', 2],
      [4, 6, 8, 10],
      [12, 14, 16, 18, 20, 22],
    ])
    expect(await run([1])).toEqual([2])
  })
})

test('KEY-34 closing ends what waits and what is under way, and nothing starts again', async () => {
  const pool = createWorkerPool<number | string, number | string>(module, { workers: 1, perMessage: 1 })
  const asked = ['slow', 'slow', 1, 2].map((task) => outcomeOf(() => pool.run([task])))
  await pool.close()
  expect(await Promise.all(asked)).toEqual(asked.map(() => 'pool_closed'))
  expect(await outcomeOf(() => pool.run([1]))).toBe('pool_closed')
})

test.each([
  { workers: 0 },
  { workers: 1.5 },
  { workers: 1, perMessage: 0 },
  { workers: 1, maxWaiting: Number.NaN },
])('KEY-34 counts that are none are refused: %j', (settings) => {
  expect(outcomeOf(() => createWorkerPool(module, settings))).toBe('pool_settings_invalid')
})
