import { memoryStore } from '@facet-id/store'
import { checkSignatures, hash, outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { keys } from '../agents.test-support.ts'
import { createDidKeeping } from '../did-keeping.ts'
import { createCustody } from './custody.ts'

test('DMG-14 private keys that were made for a change which witnesses refuse are forgotten', async () => {
  const store = memoryStore({ now: () => 0 })
  const ports = { store, keys, hash, now: () => 0 }
  const custody = createCustody(ports)
  const drafted: string[] = []
  const watched = {
    ...custody,
    draft: async (alg: Parameters<typeof custody.draft>[0]) => {
      const made = await custody.draft(alg)
      drafted.push(made.at)
      return made
    },
  }
  const witnesses = { ask: async () => undefined, checkSignatures }
  const keeping = createDidKeeping(watched, { ...ports, witnesses })
  const witness = { threshold: 1, witnesses: ['did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH'] }
  const asked = () => keeping.prepare({ method: 'webvh', domain: 'issuer.example', witness })
  expect(await outcomeOf(asked)).toBe('witness_missing')
  expect(drafted).toHaveLength(4)
  for (const at of drafted) expect(await outcomeOf(() => custody.draftSigner(at))).toBe('key_unknown')
})
