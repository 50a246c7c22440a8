import { expect, test } from 'vitest'
import { inLanguage } from './language.ts'

const entries = ['en', 'de', 'de-CH', 'zh-Hant', 'sr-Latn-RS'].map((locale) => ({ locale }))

test.each<[readonly string[], string]>([
  [['de-CH'], 'de-CH'],
  [['de-CH-1996'], 'de-CH'],
  [['DE-ch'], 'de-CH'],
  [['de-AT'], 'de'],
  // RFC 4647 §3.4: a single letter is taken away with what it announces.
  [['zh-Hant-CN-x-private1-private2'], 'zh-Hant'],
  [['sr-Latn'], 'en'],
  [['fr', 'de'], 'de'],
  [['fr-CA', 'fr'], 'en'],
  [['de-CH', 'en'], 'de-CH'],
  [['*'], 'en'],
  [[''], 'en'],
  [[], 'en'],
])('SVC-5.5-1 for readers of %j the entry in %s is shown', (languages, locale) => {
  expect(inLanguage(entries, languages)?.locale).toBe(locale)
})

test('SVC-5.5-1 what has no language serves those that nothing else serves', () => {
  const some = [{ locale: 'en', name: 'a' }, { name: 'b' }]
  expect(inLanguage(some, ['fr'])).toEqual({ name: 'b' })
  expect(inLanguage(some, ['en-GB'])).toEqual({ locale: 'en', name: 'a' })
  expect(inLanguage([], ['en'])).toBeUndefined()
})
