import { outcomeOf, random } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { readBase58btc, writeBase58btc } from './base58btc.ts'

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'))

test.each([
  ['', ''],
  ['00', '1'],
  ['0000', '11'],
  ['00ff', '15Q'],
  ['61', '2g'],
  ['626262', 'a3gV'],
  ['636363', 'aPEr'],
  ['73696d706c792061206c6f6e6720737472696e67', '2cFupjhnEsSn59qHXstmK2ffpLv2'],
  ['516b6fcd0f', 'ABnLTmg'],
  ['bf4f89001e670274dd', '3SEo3LWLoPntC'],
  ['572e4794', '3EFU7m'],
  ['ecac89cad93923c02321', 'EJDM8drfXA6uyA'],
  ['10c8511e', 'Rt5zm'],
  ['00000000000000000000', '1111111111'],
  ['0000287fb4cd', '11233QC4'],
])('%s is %s', (hex, text) => {
  expect(writeBase58btc(bytes(hex))).toBe(text)
  expect(readBase58btc(text)).toEqual(bytes(hex))
})

test('what is written is read, of any length and with any zeros in front', () => {
  for (let length = 0; length < 80; length++) {
    for (const zeros of [0, 1, 3, 7]) {
      const some = Uint8Array.of(...new Uint8Array(zeros), ...random(length))
      expect(readBase58btc(writeBase58btc(some))).toEqual(some)
    }
  }
  const long = random(6000)
  expect(readBase58btc(writeBase58btc(long))).toEqual(long)
})

test.each(['0', 'O', 'I', 'l', '+', '/', ' ', '1 ', 'é', '\0', '😀', '2g\n', 'zz_z'])(
  'refuses %j',
  (text) => {
    expect(outcomeOf(() => readBase58btc(text))).toBe('base58btc_malformed')
  },
)
