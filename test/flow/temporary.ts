import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Does something in a directory of its own, which is gone afterwards, with the key that a store keeps beside it. */
export async function inTemporaryDirectory<T>(act: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'facet-test-'))
  try {
    await mkdir(join(directory, 'within'))
    return await act(join(directory, 'within'))
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
