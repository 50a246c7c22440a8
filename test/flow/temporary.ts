import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Does something in a directory of its own, which is gone afterwards. */
export async function inTemporaryDirectory<T>(act: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'facet-test-'))
  try {
    return await act(directory)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** Which of these texts stand in the clear in any file below a directory. */
export async function foundInFiles(directory: string, texts: readonly string[]): Promise<readonly string[]> {
  const found = new Set<string>()
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const content = await readFile(join(entry.parentPath, entry.name))
    for (const text of texts) if (content.includes(text)) found.add(text)
  }
  return [...found]
}
