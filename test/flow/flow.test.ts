import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'vitest'
import { runFlow, type Stage } from './flow.ts'
import { httpStage } from './http.ts'
import { memoryStage } from './memory.ts'

const stages: Readonly<Record<string, (directory: string) => Promise<Stage>>> = {
  'over memory': async () => memoryStage(),
  'over HTTP, on disk': (directory) => httpStage(directory),
  'over HTTP, by an issuer that is known by its address': (directory) => httpStage(directory, 'address'),
}

for (const [name, open] of Object.entries(stages)) {
  test(`FCT-1, SVC-2.5-3, SVC-4-1 a credential is issued, held, shown in part, verified, revoked and then refused ${name}`, async () => {
    const directory = await mkdtemp(join(tmpdir(), 'facet-flow-'))
    const stage = await open(directory)
    try {
      await runFlow(stage)
    } finally {
      await stage.close()
      await rm(directory, { recursive: true, force: true })
    }
  })
}
