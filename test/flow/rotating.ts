/**
 * A process that makes a DID in a data directory, or finds it, and rotates its keys again and again; what the tests of
 * crashes kill. Each rotation that was acknowledged is one line: revision and key.
 */
import { writeSync } from 'node:fs'
import { managedDids, openNodeData } from '@facet-id/facet'

const [, , dataDirectory = '', method = ''] = process.argv
const now = (): number => Math.floor(Date.now() / 1000)
const { store } = await openNodeData(dataDirectory, {})
const { dids, identify } = managedDids(store, { now, development: true })
const wish = { method: method === 'webvh' ? 'webvh' : 'web', domain: 'issuer.example' } as const
const { did } = await identify('node', { wish })
for (;;) {
  const { revision } = await dids.rotate(did, 3600)
  const { kid } = await identify('node')
  writeSync(1, `${JSON.stringify({ revision, kid })}\n`)
}
