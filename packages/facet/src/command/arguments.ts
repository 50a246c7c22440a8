/** The command line, read once and strictly: an unknown word is an error and not a guess. */
import { parseArgs } from 'node:util'
import { FacetError } from '../error.ts'

/** Options that a command takes: `true` for a switch, `'value'` for one that is followed by a value. */
export type OptionForms = Readonly<Record<string, 'switch' | 'value' | 'values'>>

export interface Arguments {
  readonly words: readonly string[]
  readonly switches: ReadonlySet<string>
  value(name: string): string | undefined
  values(name: string): readonly string[]
  /** @throws {FacetError} `usage` */
  number(name: string): number | undefined
}

/** @throws {FacetError} `usage` */
export function readArguments(argv: readonly string[], forms: OptionForms): Arguments {
  const parsed = parse(argv, forms)
  const all = parsed.values
  const value = (name: string): string | undefined => {
    const found = all[name]
    return typeof found === 'string' ? found : undefined
  }
  return {
    words: parsed.positionals,
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
}

function parse(argv: readonly string[], forms: OptionForms): ReturnType<typeof parseArgs> {
  const options = Object.fromEntries(
    Object.entries(forms).map(([name, form]) => [
      name,
      { type: form === 'switch' ? ('boolean' as const) : ('string' as const), multiple: form === 'values' },
    ]),
  )
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true })
  } catch (cause) {
    throw new FacetError(
      'usage',
      cause instanceof Error ? cause.message : 'The command line cannot be read',
      { cause },
    )
  }
}

/** @throws {FacetError} `usage` */
export function oneWord(args: Arguments, what: string): string {
  const [word, ...more] = args.words
  if (word === undefined || more.length > 0) throw new FacetError('usage', `This command takes one ${what}`)
  return word
}
