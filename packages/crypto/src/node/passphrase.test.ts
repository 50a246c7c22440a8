import { scryptSync } from 'node:crypto'
import { memoryStore, openWithPassphrase, sealedStore } from '@facet-id/store'
import { clock, outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import type { PassphraseParams } from '../passphrase-cost.ts'
import { derivePassphraseSealer, passphraseKey } from './passphrase.ts'
import { random } from './random.ts'

const salt = new Uint8Array(16).fill(3)
const cheap = { N: 2 ** 14, r: 8, p: 1 }

test('KEY-13 is scrypt over the UTF-8 of the NFKC form, with a cost of 2^17 unless told', async () => {
  const composed = await passphraseKey('caf\u00e9 \ufb01n', { salt, ...cheap })
  expect(composed).toEqual(new Uint8Array(scryptSync('caf\u00e9 fin', salt, 32, cheap)))
  expect(await passphraseKey('cafe\u0301 fin', { salt, ...cheap })).toEqual(composed)
  const dear = scryptSync('caf\u00e9', salt, 32, { N: 2 ** 17, r: 8, p: 1, maxmem: 2 ** 28 })
  expect(await passphraseKey('caf\u00e9', { salt })).toEqual(new Uint8Array(dear))
})

test('KEY-13 another passphrase, salt or cost gives another key; an empty passphrase none', async () => {
  const keys = await Promise.all([
    passphraseKey('a', { salt, ...cheap }),
    passphraseKey('A', { salt, ...cheap }),
    passphraseKey('a', { salt: new Uint8Array(16), ...cheap }),
    passphraseKey('a', { salt, ...cheap, p: 2 }),
  ])
  expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(4)
  expect(await outcomeOf(() => passphraseKey('', { salt }))).toBe('passphrase_empty')
})

test.each<[string, PassphraseParams]>([
  ['a short salt', { salt: new Uint8Array(15) }],
  ['too little work', { salt, N: 2 ** 13 }],
  ['no power of two', { salt, N: 100_000 }],
  ['N of zero, which would stand for a default', { salt, N: 0 }],
  ['r of zero, which would stand for a default', { salt, r: 0 }],
  ['p of zero, which would stand for a default', { salt, p: 0 }],
  ['half a block', { salt, r: 0.5 }],
  ['no number', { salt, N: Number.NaN }],
  ['half a gigabyte', { salt, N: 2 ** 19 }],
  ['all memory by the block size', { salt, N: 2 ** 14, r: 2 ** 20 }],
  ['days', { salt, N: 2 ** 14, r: 1, p: 2 ** 20 }],
])('KEY-14 refuses a cost out of bounds: %s', async (_, params) => {
  expect(await outcomeOf(() => passphraseKey('a', params))).toBe('passphrase_cost_refused')
})

test('KEY-13 opens the store of a passphrase, and no other passphrase does', async () => {
  const store = memoryStore({ now: clock().nowMs })
  const ports = { derive: derivePassphraseSealer, random, cost: cheap }
  const opened = await openWithPassphrase(store, 'correct horse', ports)
  await opened.commit([{ op: 'put', ns: 'wallet/card', key: 'one', value: Uint8Array.of(1, 2, 3) }])
  expect(await outcomeOf(() => openWithPassphrase(store, 'wrong horse', ports))).toBe('passphrase_wrong')
  const again = await openWithPassphrase(store, 'correct horse', ports)
  expect((await again.get('wallet/card', 'one'))?.value).toEqual(Uint8Array.of(1, 2, 3))
  const stranger = sealedStore(
    store,
    await derivePassphraseSealer('wrong', { kdf: 'scrypt', salt, ...cheap }),
  )
  expect(await outcomeOf(() => stranger.get('wallet/card', 'one'))).toBe('seal_broken')
})
