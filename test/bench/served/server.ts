/**
 * A server of the benchmarks, in a process of its own: the node as the product starts it, sealed state on disk, behind
 * node:http. It is told by its parent what to be, and tells what it has cost so far.
 */
import { personQuery, startIssuanceNode, startVerifierService } from '@facet-id/facet'
import { readDcqlQuery } from '@facet-id/protocol/openid4vp'
import type { Verifier } from '@facet-id/verifier'
import type { Asked, Cost, Memory, Requested, Started, Starting } from './served.ts'

const node = { environment: {}, development: true } as const

let closing: (() => Promise<void>) | undefined
let verifier: Verifier | undefined

process.on('message', (asked: Asked) => {
  void answer(asked).then(
    (answered) => process.send?.({ answered }),
    (error: unknown) => process.send?.({ failed: error instanceof Error ? error.stack : String(error) }),
  )
})
// A parent that is gone asks nothing more.
process.on('disconnect', () => process.exit())

async function answer(asked: Asked): Promise<Started | Cost | Memory | readonly Requested[] | null> {
  if (asked.ask === 'start') return start(asked.starting)
  if (asked.ask === 'cost') return cost()
  if (asked.ask === 'memory') return memory()
  if (asked.ask === 'requests') return requests(asked)
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
  const service = await startVerifierService({ ...node, dataDirectory, issuers })
  closing = service.close
  verifier = service.verifier
  return { url: service.url, did: service.clientId }
}

async function requests({
  responseMode,
  count,
}: Extract<Asked, { ask: 'requests' }>): Promise<readonly Requested[]> {
  if (verifier === undefined) throw new Error('only a verifier makes requests')
  const query = readDcqlQuery(personQuery({ age: 18, nationality: 'UTO' }))
  const made: Requested[] = []
  while (made.length < count) {
    const { transactionId, link } = await verifier.request(query, { responseMode })
    made.push({ transactionId, link })
  }
  return made
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
