/** What can be read in the data directory of a party by somebody who has it, and no key. */
import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'

/**
 * Which of these texts stand in the clear, in any file or in any cell of the store. The engine
 * compresses, so a text may be in a file without being seen there.
 *
 * @param directory of a party, whose store nobody holds
 */
export async function foundAtRest(directory: string, texts: readonly string[]): Promise<readonly string[]> {
  const found = new Set<string>()
  for await (const content of [...(await filesIn(directory)), ...(await cellsIn(join(directory, 'store')))]) {
    for (const text of texts) if (content.includes(text)) found.add(text)
  }
  return [...found]
}

async function filesIn(directory: string): Promise<readonly Buffer[]> {
  const files = (await readdir(directory, { recursive: true, withFileTypes: true })).filter((one) =>
    one.isFile(),
  )
  return Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name))))
}

interface Database {
  iterator(): AsyncIterable<readonly [key: Uint8Array, value: Uint8Array]>
  close(): Promise<void>
}

/** Beneath our own store, whose namespaces one would have to know. */
async function cellsIn(location: string): Promise<readonly Buffer[]> {
  const { Level } = createRequire(new URL('../../packages/level/package.json', import.meta.url))('level')
  const encodings = { keyEncoding: 'view', valueEncoding: 'view', createIfMissing: false }
  const database: Database = new Level(location, encodings)
  const cells: Buffer[] = []
  for await (const cell of database.iterator()) cells.push(...cell.map((part) => Buffer.from(part)))
  await database.close()
  return cells
}
