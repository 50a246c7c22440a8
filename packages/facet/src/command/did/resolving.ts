/** `facet did resolve` and `facet did explain`: what becomes of anybody's DID, and how. */
import { FacetError } from '../../error.ts'
import { explain } from '../../identity/explain.ts'
import { transportFor } from '../../service/judging-ports.ts'
import { createOutput, type Terminal } from '../../terminal/output.ts'
import type { Arguments } from '../arguments.ts'

export async function resolveDid(args: Arguments, terminal: Terminal): Promise<number> {
  const { resolution } = await explained(args)
  const output = createOutput(terminal)
  const { didDocument, didResolutionMetadata } = resolution
  if (args.switches.has('json')) output.line(JSON.stringify(resolution))
  else if (didDocument !== null) {
    for (const line of JSON.stringify(didDocument, null, 2).split('\n')) output.line(line)
  }
  if (didDocument !== null) return 0
  const why =
    'error' in didResolutionMetadata
      ? `${didResolutionMetadata.error.title}. ${didResolutionMetadata.error.detail}`
      : 'The DID was given up by its owner'
  throw new FacetError('did_not_resolved', why)
}

/** Ends with 0 when there is a document. */
export async function explainDid(args: Arguments, terminal: Terminal): Promise<number> {
  const { resolution, steps } = await explained(args)
  const output = createOutput(terminal)
  if (args.switches.has('json')) output.line(JSON.stringify({ steps, ...resolution }))
  else {
    for (const { isGood, words } of steps) {
      if (isGood) output.good(words)
      else output.bad(words)
    }
  }
  return resolution.didDocument === null ? 1 : 0
}

async function explained(args: Arguments): ReturnType<typeof explain> {
  const development = args.switches.has('development')
  const transport = transportFor(development)
  try {
    return await explain(args.word(), { transport, development })
  } finally {
    transport.close()
  }
}
