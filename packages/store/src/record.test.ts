import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { readRecord, writeRecord } from './record.ts'

const utf8 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text))

test('STO-30 reads back the record that was written, and writes it the same', () => {
  const record = { v: 2, name: 'Ünïcode 🂡', list: [1, null, { a: true }], none: undefined }
  const read = readRecord(writeRecord(record), 2)
  expect(read).toEqual({ v: 2, name: 'Ünïcode 🂡', list: [1, null, { a: true }] })
  expect(writeRecord(read)).toEqual(writeRecord(record))
})

test('STO-30 refuses a record of another version as a form that it does not know', () => {
  const record = writeRecord({ v: 2 })
  expect(outcomeOf(() => readRecord(record, 1))).toBe('format_unknown')
  expect(outcomeOf(() => readRecord(record, 3))).toBe('format_unknown')
})

const damaged: readonly Uint8Array[] = [
  new Uint8Array(),
  utf8('{'),
  utf8('{"v":1'),
  utf8('null'),
  utf8('[{"v":1}]'),
  utf8('"v"'),
  utf8('{}'),
  utf8('{"v":"1"}'),
  utf8('{"v":1.5}'),
  utf8('\ufeff{"v":1}'),
  Uint8Array.of(...utf8('{"v":1,"a":"'), 0xff, ...utf8('"}')),
]
for (const bytes of damaged) {
  test(`STO-30 refuses as damaged what is no record: ${Buffer.from(bytes).toString('latin1')}`, () => {
    expect(outcomeOf(() => readRecord(bytes, 1))).toBe('store_corrupt')
  })
}

test('STO-30 does not quote the record in the error, nor in its cause', () => {
  try {
    readRecord(utf8('{"v":1,"name":"Specimen'), 1)
    expect.unreachable()
  } catch (error) {
    expect(error instanceof Error && `${error.message} ${String(error.cause)}`.includes('Specimen')).toBe(
      false,
    )
  }
})
