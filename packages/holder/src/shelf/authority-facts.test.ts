import { expect, test } from 'vitest'
import { authorityFacts } from './authority-facts.ts'

test('VP-6.1.1-3 the keys of authorities are read where the wallet reads certificates, and not known elsewhere', () => {
  const header = { x5c: ['leaf', 'middle'] }
  expect(authorityFacts('C=UTO', header, () => ['key'])).toEqual({ aki: ['key'] })
  expect(authorityFacts('C=UTO', header, () => [])).toEqual({})
  expect(authorityFacts('C=UTO', header, undefined)).toEqual({})
  expect(authorityFacts('did:example:1', {}, () => ['key'])).toEqual({
    'urn:facet:trusted-authority:did': ['did:example:1'],
  })
})
