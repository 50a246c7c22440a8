/** `facet trust show` and `facet trust reload`: how it stands with each source. */
import { isJsonArray, isJsonObject, type JsonObject, readJson } from '@facet-id/credential/json'
import { systemClock } from '../../clock.ts'
import { createOutput, type Terminal } from '../../terminal/output.ts'
import { withTrustNow } from '../../trust/trust-now.ts'
import { type Arguments, readArguments } from '../arguments.ts'
import { ask, timeOf } from '../operating.ts'
import { syntax } from '../syntax.ts'

const DEFAULT_DATA = '.facet/verifier'

/** Exit code 0 only when each source is believed. */
export async function show(argv: readonly string[], terminal: Terminal): Promise<number> {
  const args = readArguments(argv, syntax['trust show'])
  const file = args.optionalWord
  if (file === undefined) return tell(await ask(dataOf(args), 'trust', {}), args, terminal)
  const at = systemClock.now()
  const shown = await withTrustNow(file, args.switches.has('development'), async (configured) =>
    readJson(JSON.stringify({ at, sources: configured.statesAt(at) })),
  )
  return tell(isJsonObject(shown) ? shown : {}, args, terminal)
}

/** Exit code 0 only when the file was read and each source is believed. */
export async function reload(argv: readonly string[], terminal: Terminal): Promise<number> {
  const args = readArguments(argv, syntax['trust reload'])
  return tell(await ask(dataOf(args), 'reload_trust', {}), args, terminal)
}

function tell(answer: JsonObject, args: Arguments, terminal: Terminal): number {
  const { at, sources } = answer
  const output = createOutput(terminal)
  const states = isJsonArray(sources) ? sources.filter(isJsonObject) : []
  if (args.switches.has('json')) output.line(JSON.stringify(answer))
  else if (states.length === 0) output.line('No source besides own rules is configured.')
  else
    for (const state of states) {
      const line = sentenceOf(state, typeof at === 'number' ? at : 0)
      if (state.state === 'believed') output.good(line)
      else output.bad(line)
    }
  return states.every(({ state }) => state === 'believed') ? 0 : 1
}

/** `urn:uto:trust: believed, edition 7, until 2026-…, seen 12 s ago` */
export function sentenceOf(
  { source, state, sequence, expiresAt, fetchedAt, why }: JsonObject,
  now: number,
): string {
  const parts = [
    `${source}: ${state}`,
    ...(sequence === undefined ? [] : [`edition ${sequence}`]),
    ...(expiresAt === undefined ? [] : [`until ${timeOf(expiresAt)}`]),
    ...(typeof fetchedAt === 'number' ? [`seen ${Math.max(0, Math.floor(now - fetchedAt))} s ago`] : []),
  ]
  return `${parts.join(', ')}${why === undefined ? '' : `. ${why}`}`
}

function dataOf(args: Arguments): string {
  return args.value('data') ?? DEFAULT_DATA
}
