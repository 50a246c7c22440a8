import { expect, test } from 'vitest'
import { help } from './help.ts'
import { syntax } from './syntax.ts'

/** What the help says of each command: everything from its name to the next one. */
const told: ReadonlyMap<string, string> = new Map(
  help
    .split(/\n(?= {2}facet )/)
    .slice(1)
    .map((text) => {
      const [, name = ''] =
        /^ {2}facet (demo|inspect|trust (?:ca|list) [a-z]+|[a-z]+ [a-z-]+)/.exec(text) ?? []
      const [synopsis = ''] = text.split(/\n(?! {8})/)
      return [name, synopsis.slice(`  facet ${name}`.length)]
    }),
)

test('FCT-9 help tells of every command, and of no other', () => {
  expect([...told.keys()].sort()).toEqual(Object.keys(syntax).sort())
})

test.each(Object.entries(syntax))(
  'FCT-9 help tells what "facet %s" takes, all of it and no more',
  (name, takes) => {
    const synopsis = told.get(name) ?? ''
    const options = Object.fromEntries(
      [...synopsis.matchAll(/--([a-z-]+)(?: ([A-Z]+))?/g)].map(([, option, value]) => [
        option,
        value === undefined ? 'switch' : 'value',
      ]),
    )
    const forms = Object.entries(takes.options).map(([option, form]) => [
      option,
      form === 'switch' ? 'switch' : 'value',
    ])
    expect(options).toEqual(Object.fromEntries(forms))
    const [, word] = /^ (\[?[A-Z]+\]?)(?: |$)/.exec(synopsis) ?? []
    expect(word).toBe(takes.word)
  },
)

test('FCT-9 an option may be repeated where help says so', () => {
  const repeatable = Object.entries(syntax).flatMap(([name, { options }]) =>
    Object.entries(options).flatMap(([option, form]) =>
      form === 'values' ? [[told.get(name) ?? '', option] as const] : [],
    ),
  )
  expect(repeatable.length).toBeGreaterThan(0)
  for (const [synopsis, option] of repeatable) expect(synopsis).toMatch(new RegExp(`--${option} [A-Z]+ …`))
})

test('help fits a terminal', () => {
  expect(help.split('\n').filter((line) => line.length > 96)).toEqual([])
})
