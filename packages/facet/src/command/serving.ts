/** What the two commands that serve have in common: an address, and a word about it at start. */
import type { AddressOptions } from '../service/address.ts'
import type { Arguments, OptionForms } from './arguments.ts'
import { createOutput, type Terminal } from './output.ts'

export const addressForms: OptionForms = {
  data: 'value',
  port: 'value',
  'public-url': 'value',
  development: 'switch',
  json: 'switch',
}

export function addressOf(
  args: Arguments,
  defaultData: string,
): AddressOptions & { readonly dataDirectory: string } {
  const port = args.number('port')
  const publicUrl = args.value('public-url')
  return {
    dataDirectory: args.value('data') ?? defaultData,
    development: args.switches.has('development'),
    ...(port === undefined ? {} : { port }),
    ...(publicUrl === undefined ? {} : { publicUrl }),
  }
}

/** One line of JSON for programs; a few calm lines for people. */
export function announce(terminal: Terminal, args: Arguments, facts: Readonly<Record<string, string>>): void {
  const output = createOutput(terminal)
  const development = args.switches.has('development')
  if (args.switches.has('json')) {
    output.line(JSON.stringify({ ...facts, development }))
    return
  }
  for (const [name, value] of Object.entries(facts)) output.line(`${name}: ${value}`)
  if (development) output.line('DEVELOPMENT MODE: plain http is accepted, on loopback only.')
  output.line('Ctrl-C stops it.')
}
