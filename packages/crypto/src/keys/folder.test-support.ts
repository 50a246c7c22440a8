import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

/** A folder of the test file's own, gone afterwards. */
export async function folder(): Promise<(name: string) => string> {
  const root = await mkdtemp(join(tmpdir(), 'facet-keys-'))
  afterAll(() => rm(root, { recursive: true }))
  return (name) => join(root, name)
}

/** As cheap as is allowed: what is tested is not how dear guessing is. */
export const cheap = { N: 2 ** 14, r: 8, p: 1 } as const
