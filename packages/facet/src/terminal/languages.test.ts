import { expect, test } from 'vitest'
import { languagesOf } from './languages.ts'

test.each<[Readonly<Record<string, string>>, readonly string[]]>([
  [{ LANG: 'de_CH.UTF-8' }, ['de-CH', 'en']],
  [{ LANG: 'fr' }, ['fr', 'en']],
  [{ LC_ALL: 'sr@latin', LANG: 'de' }, ['sr', 'en']],
  [{ LC_ALL: '', LC_MESSAGES: 'it_IT', LANG: 'de' }, ['it-IT', 'en']],
  [{ LANG: 'C' }, ['en']],
  [{ LANG: 'POSIX' }, ['en']],
  [{ LANG: '../../etc' }, ['en']],
  [{}, ['en']],
])('SVC-5.5-1 whoever has %j reads %j', (environment, languages) => {
  expect(languagesOf({ environment })).toEqual(languages)
})
