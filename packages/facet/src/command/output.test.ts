import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { createOutput, duration, tableLines } from './output.ts'

function printed(isTerminal: boolean, environment: Readonly<Record<string, string>>): string {
  let text = ''
  const out = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk)
      done()
    },
  })
  createOutput({ out, err: out, isTerminal, environment }).step('done', 12)
  return text
}

test('colour is for terminals that want it', () => {
  expect(printed(true, {})).toContain('\u001b[32m✓')
  expect(printed(true, { NO_COLOR: '1' })).toBe('✓ done 12 ms\n')
  expect(printed(true, { TERM: 'dumb' })).toBe('✓ done 12 ms\n')
  expect(printed(false, {})).toBe('✓ done 12 ms\n')
})

test('a table has columns as wide as their widest cell and no blanks at the end', () => {
  expect(
    tableLines(
      ['party', 'bytes'],
      [
        ['registry', '1'],
        ['me', ''],
      ],
    ),
  ).toEqual(['party      bytes', '─────      ─────', 'registry   1', 'me'])
})

test('durations are in the unit that people read', () => {
  expect([duration(0.4), duration(999), duration(1500)]).toEqual(['0 ms', '999 ms', '1.5 s'])
})
