import { expect, test } from 'vitest'
import { createPageRunner, isEqual } from './page-runner.ts'

test('the runner of a page tells what failed, and what passed', async () => {
  const runner = createPageRunner()
  runner.test('passes', async () => {
    runner.expect(1).toBe(1)
    runner.expect([Uint8Array.of(1), { a: 'b' }]).toEqual([Uint8Array.of(1), { a: 'b' }])
  })
  runner.test('differs', async () => runner.expect('valid').toBe('invalid'))
  runner.test('throws', async () => {
    throw new TypeError('no')
  })
  expect(runner.titles).toEqual(['passes', 'differs', 'throws'])
  expect(await runner.run('passes')).toBe(undefined)
  expect(await runner.run('differs')).toMatch(/"valid" is not "invalid"/)
  expect(await runner.run('throws')).toMatch(/TypeError: no/)
  expect(await runner.run('absent')).toBe('there is no such test')
  expect(() => runner.test('passes', async () => {})).toThrow(/two tests/)
})

test.each([
  [Uint8Array.of(1, 2), Uint8Array.of(1, 3)],
  [Uint8Array.of(1), [1]],
  [[1], [1, 2]],
  [{ a: 1 }, { a: 1, b: undefined }],
  [{ a: 1 }, { b: 1 }],
  [null, {}],
  ['a', 'b'],
  [0, false],
])('the runner of a page tells %j from %j', (a, b) => {
  expect(isEqual(a, b)).toBe(false)
  expect(isEqual(b, a)).toBe(false)
  expect(isEqual(a, structuredClone(a))).toBe(true)
})
