import { readFile } from 'node:fs/promises'
import { ProtocolError } from '@facet-id/protocol/error'
import { expect, test } from 'vitest'
import { FacetError } from '../error.ts'
import { sayingOf } from './saying.ts'

test('FCT-9 an error of ours is one line with its code', () => {
  expect(sayingOf(new FacetError('usage', 'Say more'))).toBe('Say more [usage]')
  expect(sayingOf(new ProtocolError('peer_unreachable', 'Nobody\nis \u001b[1mthere'))).toBe(
    'Nobody\\u000ais \\u001b[1mthere [peer_unreachable]',
  )
})

test('FCT-9 what the system refuses is one line with its code', async () => {
  const error: unknown = await readFile('/nowhere').catch((refused: unknown) => refused)
  expect(sayingOf(error)).toMatch(/^ENOENT: .+ \[ENOENT\]$/)
})

test('FCT-7, FCT-9 of what nobody foresaw one line tells the kind, and only on request more', () => {
  const errors: readonly unknown[] = [
    new TypeError('Anna Maria is not a function'),
    Object.assign(new TypeError('received Anna Maria'), { code: 'ERR_INVALID_ARG_TYPE' }),
    new SyntaxError('Unexpected token A in "Anna Maria"'),
    'Anna Maria',
    undefined,
  ]
  for (const error of errors) {
    expect(sayingOf(error)).toMatch(/^stopped .+ \[unforeseen\]$/)
    expect(sayingOf(error)).not.toMatch(/Anna/)
  }
  expect(sayingOf(errors[0], { FACET_TRACE: '1' })).toMatch(/Anna Maria[\s\S]+saying\.test\.ts/)
  expect(sayingOf(errors[0], { FACET_TRACE: '' })).not.toMatch(/Anna/)
})

test('on request the causes are told too', () => {
  const error = new FacetError('file_unusable', 'It cannot be read', { cause: new Error('not at all') })
  expect(sayingOf(error)).toBe('It cannot be read [file_unusable]')
  expect(sayingOf(error, { FACET_TRACE: '1' })).toMatch(
    /^It cannot be read \[file_unusable\]\n[\s\S]+not at all/,
  )
})
