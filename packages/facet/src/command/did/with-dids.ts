/** Reaches the DIDs of a data directory: through the service that runs on it, or by opening it. */
import { isJsonObject, type JsonObject } from '@facet-id/credential/json'
import type { DidAgent } from '@facet-id/veramo'
import { systemClock } from '../../clock.ts'
import { openNodeData } from '../../config/data-directory.ts'
import { FacetError } from '../../error.ts'
import { didOperations } from '../../identity/did-operations.ts'
import { openKeySource } from '../../identity/key-source.ts'
import { managedDids } from '../../identity/managed-dids.ts'
import type { WitnessFolder } from '../../identity/witness-folder.ts'
import { createErrorOutput, type Terminal } from '../../terminal/output.ts'
import type { Arguments } from '../arguments.ts'
import { ask } from '../operating.ts'

const DEFAULT_DATA = '.facet/dids'

/**
 * Performs an operation where the DIDs are.
 *
 * @throws {FacetError} `operator_refused`: by a running service; otherwise what the operation throws
 */
export async function onDids(
  args: Arguments,
  terminal: Terminal,
  name: string,
  input: JsonObject,
): Promise<JsonObject> {
  try {
    // A service that runs waits for nobody: whoever waits for witnesses opens the data.
    if (args.value('witness-folder') === undefined) return await ask(dataOf(args), name, input)
  } catch (error) {
    if (!(error instanceof FacetError) || error.code !== 'service_not_running') throw error
  }
  return withDids(args, terminal, async (agent) => {
    const answer = await didOperations(agent)[name]?.(input)
    if (answer !== undefined && isJsonObject(answer)) return answer
    throw new FacetError('operator_refused', 'The operation answered with something else than an object')
  })
}

/**
 * Opens the data directory for one piece of work, and destroys keys that could not be destroyed before.
 *
 * @throws {StoreError} `store_locked`: a service runs on it; as `openNodeData` and `openKeySource`
 */
export async function withDids<T>(
  args: Arguments,
  terminal: Terminal,
  work: (agent: DidAgent) => Promise<T>,
): Promise<T> {
  const { environment } = terminal
  const keys = await openKeySource(args.value('keys'), environment)
  try {
    const data = await openNodeData(dataOf(args), environment)
    try {
      const development = args.switches.has('development')
      const agent = managedDids(data.store, {
        now: systemClock.now,
        keys,
        development,
        witnessFolder: witnessFolderOf(args),
      })
      const answer = await work(agent)
      tellLeft(await agent.dids.sweepKeys(), terminal)
      return answer
    } finally {
      await data.close()
    }
  } finally {
    await keys?.close()
  }
}

/** How long witnesses have who are asked through a folder, unless it is said. */
const WAIT_SECONDS = 600

function witnessFolderOf(args: Arguments): WitnessFolder | undefined {
  const directory = args.value('witness-folder')
  return directory === undefined ? undefined : { directory, waitSeconds: args.number('wait') ?? WAIT_SECONDS }
}

/** Whoever gave keys up must know when they are not gone yet. */
function tellLeft(left: number, terminal: Terminal): void {
  if (left === 0) return
  createErrorOutput(terminal).line(
    `facet: ${left} private keys that no DID has are still where they were made: name it with --keys`,
  )
}

function dataOf(args: Arguments): string {
  return args.value('data') ?? DEFAULT_DATA
}
