import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { findVerificationMethod, readMethodKey } from '@facet-id/credential/did'
import { checksOf, judgeDidLog, readDidLog } from '@facet-id/credential/did/webvh'
import { checkSignatures, expandPoint, hash } from '@facet-id/crypto/node'
import { managedDids, openNodeData } from '@facet-id/facet'
import { expect, test } from 'vitest'
import { inTemporaryDirectory } from './temporary.ts'

const script = fileURLToPath(new URL('rotating.ts', import.meta.url))

interface Acknowledged {
  readonly revision: number
  readonly kid: string
}

/** Lets a process rotate, and kills it after so many acknowledgements, in the middle of the next one. */
async function rotateAndKill(data: string, method: string, after: number): Promise<Acknowledged> {
  const { NODE_OPTIONS: _, ...env } = process.env
  const child = spawn(process.execPath, ['-C', '@facet-id/source', '--no-warnings', script, data, method], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  let last: Acknowledged | undefined
  let count = 0
  for await (const line of createInterface({ input: child.stdout })) {
    last = JSON.parse(line)
    if (++count === after) child.kill('SIGKILL')
  }
  expect(await ended).toEqual([null, 'SIGKILL'])
  if (last === undefined) throw new Error('it was killed after an acknowledgement')
  return last
}

test.each(['web', 'webvh'] as const)(
  'DMG-4, DMG-43 a did:%s is whole after its process was killed while it rotated',
  async (method) => {
    await inTemporaryDirectory(async (directory) => {
      const data = join(directory, 'node')
      for (const after of [1, 2, 7]) {
        const acknowledged = await rotateAndKill(data, method, after)
        const { store, close } = await openNodeData(data, {})
        const now = Math.floor(Date.now() / 1000)
        const { dids, identify } = managedDids(store, { now: () => now, development: true })
        const { did, kid, publicJwk, signer } = await identify('node')
        const kept = await dids.get(did)
        // What was acknowledged is there; one more may have been made and not told.
        expect([acknowledged.revision, acknowledged.revision + 1]).toContain(kept.revision)
        if (kept.revision === acknowledged.revision) expect(kid).toBe(acknowledged.kid)
        expect(kid).toBe(`${did}#key-${2 * kept.revision - 1}`)
        const signature = await signer.sign(new TextEncoder().encode('data'))
        const document = await dids.documentOf(did)
        const found = findVerificationMethod(document ?? { id: '' }, kid, 'assertionMethod')
        const key = found === undefined ? publicJwk : readMethodKey(found, expandPoint)
        expect(found).toBeDefined()
        expect(await checkSignatures([{ alg: 'ES256', key, data: 'data', signature }])).toEqual(['valid'])

        // As many private keys as sign, and none of those that were replaced.
        const active = kept.keys.filter(({ state }) => state === 'active').map(({ at }) => at)
        const resting: string[] = []
        for await (const entry of store.range('agent/key')) resting.push(entry.key)
        expect(resting.sort()).toEqual([...active].sort())

        const history = await dids.history(kept)
        expect(history).toHaveLength(method === 'webvh' ? kept.revision : 0)
        if (method === 'webvh') {
          const log = readDidLog(history.join(''), did, { hash, now: now + 60 })
          const judged = judgeDidLog(log, await checkSignatures(checksOf(log)))
          expect(judged.fault).toBeUndefined()
          expect(judged.versions.at(-1)?.document).toEqual(document)
        }
        await close()
      }
    })
  },
  // Milliseconds: many processes, on a machine that has other work too.
  180_000,
)
