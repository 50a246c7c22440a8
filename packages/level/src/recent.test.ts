import { expect, test } from 'vitest'
import { createRecent, type Recent } from './recent.ts'

const cell = (byte: number): Uint8Array => new Uint8Array(100).fill(byte)

/** What is found, and whether it had to be read. */
function look(recent: Recent, key: string, there?: Uint8Array): readonly [number | undefined, boolean] {
  let wasRead = false
  const found = recent.find(key, () => {
    wasRead = true
    return there
  })
  return [found?.[0], wasRead]
}

test('STO-52 reads once what it is asked for, also where there is nothing', () => {
  const recent = createRecent(10_000)
  expect(look(recent, 'a', cell(1))).toEqual([1, true])
  expect(look(recent, 'a', cell(2))).toEqual([1, false])
  expect(look(recent, 'b')).toEqual([undefined, true])
  expect(look(recent, 'b', cell(2))).toEqual([undefined, false])
})

test('STO-52 knows what was noted last, also of what it has nearly let go', () => {
  const recent = createRecent(1000)
  for (let turn = 1; turn <= 40; turn++) {
    recent.note('a', turn % 3 === 0 ? undefined : cell(turn))
    recent.note(`other ${turn}`, cell(0))
    expect(look(recent, 'a', cell(99))).toEqual([turn % 3 === 0 ? undefined : turn, false])
  }
})

test('STO-52 lets go of what nobody asked for since', () => {
  const recent = createRecent(1000)
  for (let index = 0; index < 100; index++) {
    recent.note(`k${index}`, cell(index))
    look(recent, 'asked for', cell(7))
  }
  expect(look(recent, 'k99')).toEqual([99, false])
  expect(look(recent, 'asked for')).toEqual([7, false])
  expect(look(recent, 'k0', cell(8))).toEqual([8, true])
})

test('STO-52 does not remember what is large, nor what was there before it', () => {
  const recent = createRecent(2 ** 20)
  recent.note('a', cell(1))
  recent.note('a', new Uint8Array(2 ** 17))
  expect(recent.has('a')).toBe(false)
  expect(look(recent, 'a', cell(2))).toEqual([2, true])
})

test('STO-52 forgets all where nothing is certain any more', () => {
  const recent = createRecent(1000)
  recent.note('a', cell(1))
  recent.forget()
  expect(look(recent, 'a', cell(2))).toEqual([2, true])
})
