import { expect, test } from 'vitest'
import { safeText } from './safe-text.ts'

test('FCT-16 what a terminal would obey is shown and not obeyed', () => {
  expect(safeText('a\u001b[2Jb')).toBe('a\\u001b[2Jb')
  expect(safeText('a\nb\rc\u0007\u009b1m')).toBe('a\\u000ab\\u000dc\\u0007\\u009b1m')
  expect(safeText('gro\u202efi.exe\u2028\ufeff')).toBe('gro\\u202efi.exe\\u2028\\ufeff')
})

test('FCT-16 what a person would overlook is shown', () => {
  expect(safeText('a\u200bb\u00adc\u2064\u3164d')).toBe('a\\u200bb\\u00adc\\u2064\\u3164d')
  expect(safeText('a\u{e0041}')).toBe('a\\udb40\\udc41')
})

test('all that people write stays as it is', () => {
  for (const text of [
    'Zoë Þór',
    'Ελληνικά',
    '日本語',
    'العربية',
    'नेपाली',
    '👩‍🚀',
    'می‌خواهم',
    'क्‍ष',
    '❤️',
    '',
    'a\\u001b',
  ])
    expect(safeText(text)).toBe(text)
})

test('FCT-16 JSON means the same afterwards', () => {
  const data = { name: 'a\u009b\u202e\u2028', more: '\u001b', tag: '\u{e0041}\u200b' }
  expect(JSON.parse(safeText(JSON.stringify(data)))).toEqual(data)
})
