import { outcomeOf, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { readTypeMetadata, typeMetadataBytes } from './document.ts'

for (const { requirement, comment, input, expect: outcome } of vectors(
  new URL('../../../vectors/type-metadata/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, () => {
    const { document, vct } = input as { document: string; vct: string }
    expect(outcomeOf(() => readTypeMetadata(document, vct))).toBe(outcome)
  })
}

test('SVC-5.2-1 reads what a document says, and leaves out what it does not know', () => {
  const document = {
    vct: 'urn:t:1',
    name: 'T',
    extends: 'urn:t:0',
    'extends#integrity': 'sha256-AAAA',
    display: [{ locale: 'en', name: 'Type', rendering: { simple: { text_color: '#fff' } } }],
    claims: [{ path: ['a', null, 0], mandatory: true, sd: 'never', svg_id: 'a' }],
  }
  const more = { ...document, schema: {}, display: [{ ...document.display[0], icon: 1 }] }
  expect(readTypeMetadata(JSON.stringify(more), 'urn:t:1')).toEqual(document)
  expect(readTypeMetadata(JSON.stringify({ vct: 'urn:t:1' }), 'urn:t:1')).toEqual({ vct: 'urn:t:1' })
})

test('SVC-5.2-1 bounds a document in bytes, not in characters', () => {
  const filled = (character: string, times: number) =>
    JSON.stringify({ vct: 'urn:t:1', unknown: character.repeat(times) })
  const room = typeMetadataBytes - filled('', 0).length
  expect(outcomeOf(() => readTypeMetadata(filled('x', room), 'urn:t:1'))).toBe('accepted')
  expect(outcomeOf(() => readTypeMetadata(filled('x', room + 1), 'urn:t:1'))).toBe('type_metadata_too_large')
  expect(outcomeOf(() => readTypeMetadata(filled('ä', room / 2 + 1), 'urn:t:1'))).toBe(
    'type_metadata_too_large',
  )
})
