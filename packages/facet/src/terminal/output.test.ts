import { expect, test } from 'vitest'
import { createOutput, duration, tableLines } from './output.ts'
import { fakeTerminal } from './terminal.test-support.ts'

function printed(isTerminal: boolean, environment: Readonly<Record<string, string>>): string {
  const terminal = fakeTerminal(environment)
  createOutput({ ...terminal, isTerminal }).step('done', 12)
  return terminal.printed.out
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

test('what a stranger calls itself cannot write over what was printed', () => {
  const terminal = fakeTerminal()
  const output = createOutput({ ...terminal, isTerminal: true })
  const name = '\u001b[2K\rTrusted\nTrusted'
  output.line(name)
  output.detail(name)
  output.good(name)
  output.bad(name)
  output.step(name, 1)
  output.heading(name)
  output.table([name], [[name]])
  const lines = terminal.printed.out.split('\n')
  expect(lines.some((line) => line.startsWith('Trusted'))).toBe(false)
  const ours = ['\u001b[0m', '\u001b[1m', '\u001b[2m', '\u001b[31m', '\u001b[32m']
  const strange = ours.reduce((text, code) => text.replaceAll(code, ''), lines.join(''))
  expect(strange).not.toMatch(/\p{Cc}/u)
})
