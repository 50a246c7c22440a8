import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { createClosing } from './closing.ts'

test('what was opened last is closed first, and once, however often one asks', async () => {
  const closed: string[] = []
  const closing = createClosing()
  closing.add(() => void closed.push('store'))
  closing.add(async () => void closed.push('server'))
  await Promise.all([closing.close(), closing.close()])
  await closing.close()
  expect(closed).toEqual(['server', 'store'])
})

test('one that cannot be closed keeps none of the others open, and is told', async () => {
  const closed: string[] = []
  const closing = createClosing()
  closing.add(() => void closed.push('store'))
  closing.add(() => Promise.reject(Object.assign(new Error('it hangs'), { code: 'hangs' })))
  closing.add(() => void closed.push('door'))
  expect(await outcomeOf(() => closing.close())).toBe('hangs')
  expect(closed).toEqual(['door', 'store'])
})
