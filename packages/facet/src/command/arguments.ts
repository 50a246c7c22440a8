/** The command line, read once and strictly: an unknown word is an error and not a guess. */
import { parseArgs } from 'node:util'
import { FacetError } from '../error.ts'
import type { Syntax } from './syntax.ts'

export interface Arguments {
  /** The one word that the command takes. @throws {FacetError} `usage` when it is not there */
  word(): string
  readonly optionalWord: string | undefined
  readonly switches: ReadonlySet<string>
  value(name: string): string | undefined
  values(name: string): readonly string[]
  /** @throws {FacetError} `usage` */
  number(name: string): number | undefined
}

/** @throws {FacetError} `usage` */
export function readArguments(argv: readonly string[], syntax: Syntax): Arguments {
  const parsed = parse(argv, syntax)
  const all = parsed.values
  const [optionalWord, ...more] = parsed.positionals
  const superfluous = syntax.word === undefined ? optionalWord : more[0]
  if (superfluous !== undefined)
    throw new FacetError('usage', `This command does not know what to do with "${superfluous}"`)
  const value = (name: string): string | undefined => {
    const found = all[name]
    return typeof found === 'string' ? found : undefined
  }
  const args: Arguments = {
    optionalWord,
    word() {
      if (optionalWord === undefined) throw new FacetError('usage', `This command needs ${syntax.word}`)
      return optionalWord
    },
    switches: new Set(Object.keys(all).filter((name) => all[name] === true)),
    value,
    values(name) {
      const found = all[name]
      return Array.isArray(found) ? found.filter((item) => typeof item === 'string') : []
    },
    number(name) {
      const text = value(name)
      if (text === undefined) return undefined
      if (!/^[0-9]{1,9}$/.test(text)) throw new FacetError('usage', `--${name} takes a whole number`)
      return Number(text)
    },
  }
  // Before anything is done: also for what is looked at late.
  if (syntax.word !== undefined && !syntax.word.startsWith('[')) args.word()
  return args
}

/** Ids are random, in an alphabet with `-` in it: one in 64 begins like an option. */
const ID = /^-(?!-[a-z][a-z-]*$)[A-Za-z0-9_-]{15,}$/

/** Ids put where nothing is taken for an option. */
function withIdsLast(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--')
  const before = end === -1 ? argv : argv.slice(0, end)
  const after = end === -1 ? [] : argv.slice(end + 1)
  const ids = before.filter((word) => ID.test(word))
  return [...before.filter((word) => !ID.test(word)), '--', ...ids, ...after]
}

function parse(argv: readonly string[], { word, options: forms }: Syntax): ReturnType<typeof parseArgs> {
  const options = Object.fromEntries(
    Object.entries(forms).map(([name, form]) => [
      name,
      { type: form === 'switch' ? ('boolean' as const) : ('string' as const), multiple: form === 'values' },
    ]),
  )
  try {
    const args = word === undefined ? argv : withIdsLast(argv)
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'The command line cannot be read'
    throw new FacetError('usage', why.split('\n').join(' '), { cause })
  }
}
