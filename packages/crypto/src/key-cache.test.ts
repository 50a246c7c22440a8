import { expect, test } from 'vitest'
import { createKeyCache, type KeyCache } from './key-cache.ts'

/** What had to be made for these names, asked for one after the other. */
function madeFor(cache: KeyCache<string>, names: readonly string[]): readonly string[] {
  const made: string[] = []
  for (const name of names) {
    const key = cache.get(name, () => {
      made.push(name)
      return name.toUpperCase()
    })
    expect(key).toBe(name.toUpperCase())
  }
  return made
}

test('KEY-6 keeps a key that comes a second time', () => {
  const cache = createKeyCache<string>(3)
  expect(madeFor(cache, ['a'])).toEqual(['a'])
  expect(cache.size).toBe(0)
  expect(madeFor(cache, ['a', 'a', 'a'])).toEqual(['a'])
  expect(cache.size).toBe(1)
})

test('KEY-6 keeps so many keys and no more, and lets the one go that was idle longest', () => {
  const cache = createKeyCache<string>(3)
  for (const name of ['a', 'b', 'c']) madeFor(cache, [name, name])
  expect(madeFor(cache, ['a', 'd', 'd', 'a', 'c', 'd'])).toEqual(['d', 'd'])
  expect(madeFor(cache, ['b'])).toEqual(['b'])
  for (let i = 0; i < 1000; i++) madeFor(cache, [`key ${i}`, `key ${i}`])
  expect(cache.size).toBe(3)
})

test('KEY-6 keys that pass through once push out none that is used', () => {
  const cache = createKeyCache<string>(4)
  madeFor(cache, ['issuer', 'issuer'])
  for (let i = 0; i < 1000; i++) expect(madeFor(cache, [`holder ${i}`, 'issuer'])).toEqual([`holder ${i}`])
  expect(cache.size).toBe(1)
})

test('KEY-6 does not keep what could not be made', () => {
  const cache = createKeyCache<string>(3)
  const fail = (): string => {
    throw new Error('no key')
  }
  for (const _ of [1, 2]) expect(() => cache.get('a', fail)).toThrow('no key')
  expect(cache.size).toBe(0)
  expect(cache.get('a', () => 'A')).toBe('A')
})
