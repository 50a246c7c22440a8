/** What the two commands that serve have in common: an address, and a word about it at start. */
import { FacetError } from '../error.ts'
import { openKeySource } from '../identity/key-source.ts'
import type { NodeDidMethod } from '../identity/wish-for.ts'
import type { NodeOptions } from '../service/node.ts'
import { createErrorOutput, createOutput, type Terminal } from '../terminal/output.ts'
import { sayingOf } from '../terminal/saying.ts'
import { untilStopped } from '../terminal/until-stopped.ts'
import type { Arguments } from './arguments.ts'

/** @throws {FacetError} `usage`, `passphrase_missing`; what the keys are refused with */
export async function nodeOptions(
  args: Arguments,
  defaultData: string,
  terminal: Terminal,
): Promise<NodeOptions> {
  const did = methodOf(args.value('did'))
  const port = args.number('port')
  const publicUrl = args.value('public-url')
  const { environment } = terminal
  const keys = await openKeySource(args.value('keys'), environment)
  const authorities = args.values('federation-authority')
  return {
    ...(did === undefined ? {} : { did }),
    ...(keys === undefined ? {} : { keys }),
    dataDirectory: args.value('data') ?? defaultData,
    environment,
    development: args.switches.has('development'),
    onUnforeseen: (error) => createErrorOutput(terminal).line(`facet: ${sayingOf(error, environment)}`),
    ...(authorities.length === 0 ? {} : { federationAuthorities: authorities }),
    ...(port === undefined ? {} : { port }),
    ...(publicUrl === undefined ? {} : { publicUrl }),
  }
}

function methodOf(text: string | undefined): NodeDidMethod | undefined {
  if (text === undefined) return undefined
  const method = (['jwk', 'key', 'web', 'webvh'] as const).find((name) => name === text)
  if (method === undefined) throw new FacetError('usage', '--did takes jwk, key, web or webvh')
  return method
}

/** Says what is up, waits until it is to end, and ends it: requests under way are answered first. */
export async function serveUntilStopped(
  { port, close }: { readonly port: number; close(): Promise<void> },
  facts: Readonly<Record<string, string>>,
  { args, terminal }: { readonly args: Arguments; readonly terminal: Terminal },
): Promise<number> {
  const stopped = untilStopped()
  announce({ ...facts, listening: `127.0.0.1:${port}` }, args, terminal)
  await stopped
  await close()
  if (!args.switches.has('json')) createOutput(terminal).line('Stopped.')
  return 0
}

/** One line of JSON for programs; a few calm lines for people. */
function announce(facts: Readonly<Record<string, string>>, args: Arguments, terminal: Terminal): void {
  const output = createOutput(terminal)
  const development = args.switches.has('development')
  if (args.switches.has('json')) {
    output.line(JSON.stringify({ ...facts, development }))
    return
  }
  for (const [name, value] of Object.entries(facts)) output.line(`${name.replace('_', ' ')}: ${value}`)
  if (development) output.line('DEVELOPMENT MODE: plain http is accepted, on loopback only.')
  output.line('Ctrl-C stops it.')
}
