import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { readArguments } from './arguments.ts'
import type { Syntax } from './syntax.ts'

const syntax: Syntax = {
  word: 'ISSUANCE',
  options: { data: 'value', json: 'switch', issuer: 'values', 'public-url': 'value' },
}

const read = (...argv: readonly string[]) => readArguments(argv, syntax)

test('options stand before or after the word, in any order', () => {
  for (const argv of [
    ['abc', '--json', '--data', 'a b'],
    ['--data', 'a b', 'abc', '--json'],
    ['--json', '--data=a b', 'abc'],
    ['--json', '--data=a b', '--', 'abc'],
  ]) {
    const args = read(...argv)
    expect([args.word(), args.value('data'), args.switches.has('json')]).toEqual(['abc', 'a b', true])
  }
})

test.each(['-Zs8mX0t9TqKj3v_Yb2u1w', '--s8mX0t9TqKj3v_Yb2u1w', '-----0t9TqKj3v_Yb2u1w-'])(
  'the random id %s is no option',
  (id) => {
    expect(read(id, '--json').word()).toBe(id)
    expect(read('--data', 'x', id).word()).toBe(id)
    expect(read('--', id).word()).toBe(id)
  },
)

test.each([
  ['--dance', 'abc'],
  ['--public-urls', 'https://issuer.example', 'abc'],
  ['--development-mode-on', 'abc'],
  ['-j', 'abc'],
  ['abc', 'def'],
  ['abc', '-Zs8mX0t9TqKj3v_Yb2u1w'],
  ['--data', '--json', 'abc'],
  ['--json=yes', 'abc'],
  [],
])('FCT-9 "%s %s" is refused, not guessed', (...argv) => {
  expect(outcomeOf(() => read(...argv))).toBe('usage')
})

test('FCT-9 a number is a whole number of at most nine digits', () => {
  const number = (text: string) => read('abc', '--data', text).number('data')
  expect([number('0'), number('123456789')]).toEqual([0, 123_456_789])
  for (const text of ['', '-1', '1.5', '1e3', '0x10', ' 1', '1234567890', '١'])
    expect([text, outcomeOf(() => read('abc', `--data=${text}`).number('data'))]).toEqual([text, 'usage'])
  expect(read('abc').number('data')).toBeUndefined()
})

test('an option that may be repeated keeps all its values', () => {
  expect(read('abc', '--issuer', 'a', '--issuer', 'b').values('issuer')).toEqual(['a', 'b'])
  expect(read('abc').values('issuer')).toEqual([])
})
