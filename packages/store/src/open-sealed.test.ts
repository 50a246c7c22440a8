import { scryptSync } from 'node:crypto'
import { outcomeOf, random, sealerOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { memoryStore } from './memory.ts'
import { openSealed, openWithPassphrase, type PassphrasePorts } from './open-sealed.ts'
import { writeRecord } from './record.ts'
import { type KdfParams, readSealHeader } from './seal-header.ts'
import type { Sealer } from './sealed.ts'
import type { Store } from './store.ts'

const utf8 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text))
const put = { op: 'put', ns: 'a', key: 'k', value: utf8('one') } as const

function newStore(): Store {
  return memoryStore({ now: () => 0 })
}

function derive(passphrase: string, { salt, N, r, p }: KdfParams): Sealer {
  return sealerOf(scryptSync(passphrase, salt, 32, { N, r, p, maxmem: 2 ** 28 }))
}

/** The least that is accepted: tests need no hard work. */
const ports: PassphrasePorts = { derive, random, cost: { N: 2 ** 14, r: 1, p: 1 } }

async function writeHeader(store: Store, header: object): Promise<void> {
  await store.commit([{ op: 'put', ns: 'sealed', key: 'header', value: writeRecord({ v: 1, ...header }) }])
}

test('STO-34 opens with the key that it was first opened with, and tells another one at once', async () => {
  const beneath = newStore()
  const right = sealerOf(random(32))
  await (await openSealed(beneath, right)).commit([put])
  expect(await outcomeOf(() => openSealed(beneath, sealerOf(random(32))))).toBe('key_wrong')
  const entry = await (await openSealed(beneath, right)).get('a', 'k')
  expect(entry?.value).toEqual(utf8('one'))
})

test('STO-34 a wrong key changes nothing', async () => {
  const beneath = newStore()
  await openSealed(beneath, sealerOf(random(32)))
  const before = await beneath.get('sealed', 'header')
  await outcomeOf(() => openSealed(beneath, sealerOf(random(32))))
  expect(await beneath.get('sealed', 'header')).toEqual(before)
})

test('STO-34 of two first openings with different keys one wins and the other is told', async () => {
  const beneath = newStore()
  const outcomes = await Promise.all(
    [random(32), random(32)].map((key) => outcomeOf(() => openSealed(beneath, sealerOf(key)))),
  )
  expect(outcomes.toSorted()).toEqual(['accepted', 'key_wrong'])
})

test('STO-35 opens with its passphrase, and tells another one at once', async () => {
  const beneath = newStore()
  await (await openWithPassphrase(beneath, 'correct horse', ports)).commit([put])
  for (const wrong of ['correct  horse', 'Correct horse', '']) {
    expect(await outcomeOf(() => openWithPassphrase(beneath, wrong, ports))).toBe('passphrase_wrong')
  }
  const entry = await (await openWithPassphrase(beneath, 'correct horse', ports)).get('a', 'k')
  expect(entry?.value).toEqual(utf8('one'))
})

test('STO-35 takes one passphrase as the same however a keyboard composes its letters', async () => {
  const beneath = newStore()
  await openWithPassphrase(beneath, 'Z\u00fcrich', ports)
  expect(await outcomeOf(() => openWithPassphrase(beneath, 'Zu\u0308rich', ports))).toBe('accepted')
})

test('STO-35 says in the clear how the key is derived, with a salt of its own for each store', async () => {
  const [one, other] = [newStore(), newStore()]
  for (const store of [one, other]) await openWithPassphrase(store, 'correct horse', ports)
  const header = await readSealHeader(one)
  expect(header?.params).toEqual({ kdf: 'scrypt', salt: header?.params?.salt, N: 2 ** 14, r: 1, p: 1 })
  expect(header?.params?.salt.length).toBe(16)
  expect(header?.params?.salt).not.toEqual((await readSealHeader(other))?.params?.salt)
  expect(await readSealHeader(newStore())).toBe(undefined)
})

test('STO-35 derives by the parameters of the header and not by those it would choose today', async () => {
  const beneath = newStore()
  await openWithPassphrase(beneath, 'correct horse', ports)
  const harder = { ...ports, cost: { N: 2 ** 15, r: 2, p: 1 } }
  expect(await outcomeOf(() => openWithPassphrase(beneath, 'correct horse', harder))).toBe('accepted')
})

test('STO-35 of two first openings with one passphrase both open the same store', async () => {
  const beneath = newStore()
  const [one, other] = await Promise.all([
    openWithPassphrase(beneath, 'correct horse', ports),
    openWithPassphrase(beneath, 'correct horse', ports),
  ])
  await one.commit([put])
  expect((await other.get('a', 'k'))?.value).toEqual(utf8('one'))
})

test('STO-35 refuses a passphrase where the store was sealed by a key', async () => {
  const beneath = newStore()
  await openSealed(beneath, sealerOf(random(32)))
  expect(await outcomeOf(() => openWithPassphrase(beneath, 'correct horse', ports))).toBe('key_missing')
})

const salt = '00'.repeat(16)
const tampered: readonly (readonly [string, object])[] = [
  ['that asks for terabytes', { kdf: 'scrypt', salt, N: 2 ** 40, r: 8, p: 1 }],
  ['that asks for a gibibyte', { kdf: 'scrypt', salt, N: 2 ** 20, r: 8, p: 1 }],
  ['that asks for days', { kdf: 'scrypt', salt, N: 2 ** 14, r: 1, p: 10_000 }],
  ['that asks for too little', { kdf: 'scrypt', salt, N: 2 ** 10, r: 8, p: 1 }],
  ['with an N that is no power of two', { kdf: 'scrypt', salt, N: 2 ** 14 + 1, r: 8, p: 1 }],
  ['with an N that is text', { kdf: 'scrypt', salt, N: '16384', r: 8, p: 1 }],
  ['with a negative r', { kdf: 'scrypt', salt, N: 2 ** 14, r: -8, p: 1 }],
  ['without p', { kdf: 'scrypt', salt, N: 2 ** 14, r: 8 }],
  ['with a short salt', { kdf: 'scrypt', salt: '00', N: 2 ** 14, r: 8, p: 1 }],
  ['with a salt that is no hex', { kdf: 'scrypt', salt: 'zz'.repeat(16), N: 2 ** 14, r: 8, p: 1 }],
]
for (const [what, params] of tampered) {
  test(`STO-36 refuses a header ${what}, before anything is derived`, async () => {
    const beneath = newStore()
    await writeHeader(beneath, { check: '00', params })
    let derived = 0
    const counting: PassphrasePorts = {
      ...ports,
      derive(passphrase, given) {
        derived++
        return derive(passphrase, given)
      },
    }
    expect(await outcomeOf(() => openWithPassphrase(beneath, 'correct horse', counting))).toBe('seal_broken')
    expect(derived).toBe(0)
  })
}

test('STO-36 refuses a header of another form, of another function, or that is no record', async () => {
  const beneath = newStore()
  await writeHeader(beneath, { check: '00', params: { kdf: 'argon2id', salt } })
  expect(await outcomeOf(() => openWithPassphrase(beneath, 'correct horse', ports))).toBe('format_unknown')
  await writeHeader(beneath, { v: 2 })
  expect(await outcomeOf(() => openSealed(beneath, sealerOf(random(32))))).toBe('format_unknown')
  await writeHeader(beneath, { params: 'none', check: '00' })
  expect(await outcomeOf(() => openSealed(beneath, sealerOf(random(32))))).toBe('seal_broken')
  await writeHeader(beneath, {})
  expect(await outcomeOf(() => openSealed(beneath, sealerOf(random(32))))).toBe('seal_broken')
  await beneath.commit([{ op: 'put', ns: 'sealed', key: 'header', value: utf8('not a record') }])
  expect(await outcomeOf(() => openSealed(beneath, sealerOf(random(32))))).toBe('seal_broken')
})
