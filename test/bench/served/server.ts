/**
 * A server of the benchmarks, in a process of its own: the node as the product starts it, sealed state on disk, behind
 * node:http. It is told by its parent what to be, and tells what it has cost so far.
 */
import { startIssuanceNode, startVerifierService } from '@facet-id/facet'
import type { Asked, Cost, Memory, Started, Starting } from './served.ts'

const node = { environment: {}, development: true } as const

let closing: (() => Promise<void>) | undefined

process.on('message', (asked: Asked) => {
  void answer(asked).then(
    (answered) => process.send?.({ answered }),
    (error: unknown) => process.send?.({ failed: error instanceof Error ? error.stack : String(error) }),
  )
})
// A parent that is gone asks nothing more.
process.on('disconnect', () => process.exit())

async function answer(asked: Asked): Promise<Started | Cost | Memory | null> {
  if (asked.ask === 'start') return start(asked.starting)
  if (asked.ask === 'cost') return cost()
  if (asked.ask === 'memory') return memory()
  await closing?.()
  return null
}

async function start(starting: Starting): Promise<Started> {
  const { dataDirectory } = starting
  if (starting.role === 'issuer') {
    const { close, did, credentialIssuer } = await startIssuanceNode({ ...node, dataDirectory })
    closing = close
    return { url: credentialIssuer, did }
  }
  const { issuers } = starting
  const { close, url, clientId } = await startVerifierService({ ...node, dataDirectory, issuers })
  closing = close
  return { url, did: clientId }
}

function cost(): Cost {
  const { user, system } = process.cpuUsage()
  return { cpuSeconds: (user + system) / 1e6 }
}

function memory(): Memory {
  globalThis.gc?.()
  const { heapUsed, rss } = process.memoryUsage()
  return { heapBytes: heapUsed, residentBytes: rss }
}
