import { expect, test } from 'vitest'
import { readLaw } from './law.ts'

const law = readLaw(`
Text before.

| package | may import of ours |
|---|---|
| \`base\`, \`state\` | nothing |
| \`role\` | \`base\`, \`state\`; never \`role\` |
| \`product\` | all |
| \`kit\` | nothing; imported by tests only |

| \`other\` | table |
`)

test('reads a row for each package that it names', () => {
  expect([...law.keys()]).toEqual(['base', 'state', 'role', 'product', 'kit'])
  expect(law.get('base')).toEqual(new Set())
  expect(law.get('role')).toEqual(new Set(['base', 'state']))
})

test('takes all for every package but those that only tests see', () => {
  expect(law.get('product')).toEqual(new Set(['base', 'state', 'role', 'product']))
})

test('refuses a text without the table', () => {
  expect(() => readLaw('no table')).toThrow(/may import of ours/)
})
