import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type JwsAlgorithm, jwsAlgorithms } from '@facet-id/credential/jose'
import { expect, test } from 'vitest'
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

const algorithms: readonly (readonly [JwsAlgorithm, JwsAlgorithm, JwsAlgorithm])[] = [
  ...jwsAlgorithms.map((alg) => [alg, alg, alg] as const),
  ['ES512', 'EdDSA', 'ES384'],
]

test.each(algorithms)(
  'FCT-1, JWT-3.1-1, JWT-3.1-4 the same flow where the issuer signs %s, the holder %s and the verifier %s',
  async (issuer, holder, verifier) => {
    const stage = memoryStage({ algs: { issuer, holder, verifier } })
    await runFlow(stage)
    const tokens = stage.sent.flatMap(({ body }) => body ?? []).join()
    const header = (alg: JwsAlgorithm): string => Buffer.from(`{"alg":"${alg}","typ"`).toString('base64url')
    expect(tokens).toContain(header(holder).slice(0, 20))
  },
)
