import { expect, test } from 'vitest'
import { nameOf, namesOf } from './name.ts'

const names = [
  { name: 'Person', locale: 'en' },
  { name: 'Personenausweis', locale: 'de' },
]

test('SVC-5.5-1 calls a credential by its name in the language of the reader', () => {
  const vct = 'urn:facet:person:1'
  expect(nameOf({ names, vct }, ['de-AT', 'en'])).toBe('Personenausweis')
  expect(nameOf({ names, vct }, ['fr'])).toBe('Person')
  expect(nameOf({ names: [], vct }, ['en'])).toBe(vct)
  expect(nameOf({ vct }, ['en'])).toBe(vct)
})

test('SVC-5.5-1, VCI-12.2.4-20 the type’s own name comes before what the issuer calls it', () => {
  const offered = [{ name: 'Our card' }]
  expect(namesOf({ display: [{ locale: 'en', name: 'Person', description: 'x' }] }, offered)).toEqual([
    { name: 'Person', locale: 'en' },
  ])
  expect(namesOf({ display: [] }, offered)).toEqual(offered)
  expect(namesOf(undefined, offered)).toEqual(offered)
  expect(namesOf(undefined)).toEqual([])
})
