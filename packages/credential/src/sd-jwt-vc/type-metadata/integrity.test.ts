import { hash, outcomeOf, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { utf8 } from '../../base64url.ts'
import { checkIntegrity, writeIntegrity } from './integrity.ts'

for (const { requirement, comment, input, expect: outcome } of vectors(
  new URL('../../../vectors/integrity/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, () => {
    const { document, integrity } = input as { document: string; integrity: string }
    expect(outcomeOf(() => checkIntegrity(document, integrity, hash))).toBe(outcome)
    expect(outcomeOf(() => checkIntegrity(utf8(document), integrity, hash))).toBe(outcome)
  })
}

test('SVC-6-1 what is written holds, for texts of any length and letter', () => {
  for (const document of ['', '{}', 'Zoë', '\u{1F600}'.repeat(1000)]) {
    const integrity = writeIntegrity(document, hash)
    expect(integrity).toMatch(/^sha256-[A-Za-z0-9+/]{43}=$/)
    expect(outcomeOf(() => checkIntegrity(document, integrity, hash))).toBe('accepted')
    expect(outcomeOf(() => checkIntegrity(`${document} `, integrity, hash))).toBe('integrity_mismatch')
  }
})
