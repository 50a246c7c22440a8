import { expect, test } from 'vitest'
import { createTurns } from './turns.ts'

test('turns of one name come one after the other, also after one that failed, and those of others do not wait', async () => {
  const { take } = createTurns()
  const happened: string[] = []
  let end = (): void => {}
  const first = take('a', async () => {
    happened.push('first')
    await new Promise<void>((resolve) => {
      end = resolve
    })
    happened.push('first ends')
    throw new Error('first')
  })
  const second = take('a', async () => happened.push('second'))
  await take('b', async () => happened.push('other'))
  end()
  await expect(first).rejects.toThrow('first')
  await second
  expect(await take('a', async () => 'third')).toBe('third')
  expect(happened).toEqual(['first', 'other', 'first ends', 'second'])
})
