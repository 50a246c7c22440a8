import { expect, test } from 'vitest'
import { longestFunction, silencingIn, waitsIn, worldIn } from './conduct.ts'
import { syntaxOf } from './syntax.ts'

const read = (text: string) => syntaxOf('sample.ts', text)

test.each([
  ['const f = async () => 1', ['async']],
  ['async function f() { await g() }', ['async', 'await']],
  ['const o = { async m() {} }', ['async']],
  ['export async function* g() { for await (const x of y) z(x) }', ['async', 'await']],
  ['p.then((x) => x)', ['.then']],
  ['const text = "async await .then(" // await p.then(x)', []],
  ['interface A { then(x: number): Promise<void> }', []],
])('sees what waits: %s', (text, found) => {
  expect(waitsIn(read(text))).toEqual(found)
})

test.each([
  ['const t = Date.now()', ['Date.now']],
  ['const t = new Date()', ['new Date()']],
  ['const t = new Date(seconds * 1000)', []],
  ['const r = Math.random() + Math.floor(1)', ['Math.random']],
  ['const t = performance.now()', ['performance.now']],
  ['const t = clock.now() // not Date.now()', []],
])('sees who asks the world: %s', (text, found) => {
  expect(worldIn(read(text))).toEqual(found)
})

test.each([
  ['const x: any = 1', ['any']],
  ['const x = y as any', ['any']],
  ['const x: Array<any> = []', ['any']],
  ['// @ts-expect-error for now\nconst x = y', ['@ts-expect-error']],
  ['/** Of any kind, `as any` would say. */\nconst any = "any"', []],
])('sees what silences the compiler: %s', (text, found) => {
  expect(silencingIn(read(text))).toEqual(found)
})

test('counts the lines of the longest function', () => {
  const text = 'const a = () => 1\nfunction b() {\n  return 2\n}\n'
  expect(longestFunction(read(text), text)).toBe(3)
  expect(longestFunction(read('export {}'), 'export {}')).toBe(0)
})

test('sees what is imported, by types too, and what is exported under which name', () => {
  const { imports, exports } = read(
    "import type { A } from './a.ts'\nexport { b as c } from './b.ts'\nexport * from './d.ts'\nexport const e = await import('./f.ts')",
  )
  expect(imports).toEqual(['./a.ts', './b.ts', './d.ts', './f.ts'])
  expect(exports).toEqual([{ name: 'c', from: './b.ts' }, { from: './d.ts' }, { name: 'e' }])
})

test('refuses a file that is no TypeScript', () => {
  expect(() => read('const = 1')).toThrow(/sample\.ts/)
})
