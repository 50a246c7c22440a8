/**
 * Versions that are never given twice: numbers out of blocks, and a block is on the disk as taken
 * before the first of it is given. Each opening begins a new block, so a crash, or the loss of the
 * last writes of a disk that lied, cannot bring a version back.
 */
import { StoreError } from '@facet-id/store'
import { readNumberCell, writeNumberCell } from './cells.ts'
import type { Database } from './database.ts'
import { FORMAT_KEY, VERSIONS_KEY } from './layout.ts'

export interface Versions {
  next(): number
  /** Makes that many safe to give. */
  reserve(count: number): Promise<void>
}

const FORMAT = 1
const BLOCK = 2 ** 20

/**
 * Opens the database's block of versions, and its form with it: a new database is given its form.
 *
 * @throws {StoreError} `format_unknown`: no store of ours, or one of a newer release
 */
export async function openVersions(database: Database): Promise<Versions> {
  const [format, taken] = await database.getMany([FORMAT_KEY, VERSIONS_KEY])
  if (format === undefined && !(await isEmpty(database))) {
    throw new StoreError(
      'format_unknown',
      'The directory holds a database that is no store: give it another directory',
    )
  }
  if (format !== undefined && readNumberCell(format) !== FORMAT) {
    throw new StoreError('format_unknown', 'A newer release wrote this store: open it with that release')
  }
  let next = taken === undefined ? 1 : readNumberCell(taken)
  let limit = next

  async function reserve(count: number): Promise<void> {
    if (next + count <= limit) return
    limit = Math.max(limit, next + count) + BLOCK
    await database.write(
      new Map([
        [FORMAT_KEY, writeNumberCell(FORMAT)],
        [VERSIONS_KEY, writeNumberCell(limit)],
      ]),
    )
  }

  await reserve(1)
  return { next: () => next++, reserve }
}

async function isEmpty(database: Database): Promise<boolean> {
  for await (const _ of database.entries({ gte: '', lt: '\u{10ffff}' }, 1)) return false
  return true
}
