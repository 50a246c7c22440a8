import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sealedStore } from '@facet-id/store'
import { storeContract } from '@facet-id/store/contract'
import { sealerOf } from '@facet-id/testkit'
import { MemoryLevel } from 'memory-level'
import { afterAll, expect, test } from 'vitest'
import { levelStore } from './level-store.ts'
import { openLevelStore } from './open-level-store.ts'

const root = await mkdtemp(join(tmpdir(), 'facet-level-'))
let count = 0
afterAll(() => rm(root, { recursive: true }))

function newLocation(): string {
  return join(root, String(count++))
}

storeContract({ test, expect }, 'level in memory', (clock) => levelStore(new MemoryLevel(), clock))

storeContract({ test, expect }, 'level on disk', async (clock) => {
  const location = newLocation()
  const open = () => openLevelStore({ location, now: clock.now })
  return { store: await open(), reopen: open }
})

storeContract({ test, expect }, 'sealed level on disk', async (clock) => {
  const location = newLocation()
  const sealer = sealerOf(new Uint8Array(32).fill(7))
  const open = async () => sealedStore(await openLevelStore({ location, now: clock.now }), sealer)
  return { store: await open(), reopen: open }
})
