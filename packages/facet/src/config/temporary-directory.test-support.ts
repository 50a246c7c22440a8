/** A directory for each test of a file, which is gone afterwards. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'

export function temporaryDirectory(): { readonly path: string; in(name: string): string } {
  const directory = { path: '', in: (name: string) => join(directory.path, name) }
  beforeEach(async () => {
    directory.path = await mkdtemp(join(tmpdir(), 'facet-test-'))
  })
  afterEach(() => rm(directory.path, { recursive: true, force: true }))
  return directory
}
