import { expect, test } from 'vitest'
import { createKeyCache } from './key-cache.ts'

test('KEY-6 keeps so many keys and no more, and lets the one go that was idle longest', () => {
  const cache = createKeyCache<string>(3)
  const made: string[] = []
  const get = (name: string): string =>
    cache.get(name, () => {
      made.push(name)
      return name.toUpperCase()
    })
  for (const name of ['a', 'b', 'c', 'a', 'd', 'a', 'b']) expect(get(name)).toBe(name.toUpperCase())
  expect(made).toEqual(['a', 'b', 'c', 'd', 'b'])
  for (let i = 0; i < 1000; i++) get(`key ${i}`)
  expect(cache.size).toBe(3)
})

test('KEY-6 does not keep what could not be made', () => {
  const cache = createKeyCache<string>(3)
  const fail = (): string => {
    throw new Error('no key')
  }
  expect(() => cache.get('a', fail)).toThrow('no key')
  expect(cache.size).toBe(0)
  expect(cache.get('a', () => 'A')).toBe('A')
})
