/**
 * What must hold before the engine is let at a directory: it would begin a new database over the
 * remains of one, and it takes a log that was cut short for one that a crash left unfinished.
 *
 * So a clean shutdown leaves a mark: which files there were, how long, and a checksum of those that
 * no longer change. The next opening holds the files against it and takes it away. After a crash
 * there is no mark, and the engine's own recovery counts.
 */
import { open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from './checksum.ts'
import { corruptError } from './coded-error.ts'

interface MarkedFile {
  readonly name: string
  readonly size: number
  /** Of the first `size` bytes; absent for tables, which are large and carry checksums of their own. */
  readonly crc?: number
}

const MARK = 'CLEAN.json'
const TABLE = /^\d+\.(?:ldb|sst)$/
const LOG = /^\d+\.log$/

/**
 * Holds the directory against the mark of its last clean shutdown, and changes nothing.
 *
 * @throws {StoreError} `store_corrupt`
 */
export async function checkDirectory(location: string): Promise<void> {
  const names = await readdir(location)
  if (!names.includes('CURRENT') && names.some((name) => TABLE.test(name) || LOG.test(name))) {
    throw corruptError('the file CURRENT is missing')
  }
  if (!names.includes(MARK)) return
  for (const { name, size, crc } of readMark(await readFile(join(location, MARK), 'utf8'))) {
    // The engine may still have merged tables after the mark; it says itself when one is missing.
    if (TABLE.test(name) && !names.includes(name)) continue
    if (!names.includes(name)) throw corruptError(`the file ${name} is missing`)
    const path = join(location, name)
    if ((await stat(path)).size < size) throw corruptError(`the file ${name} was cut short`)
    if (crc !== undefined && crc32((await readFile(path)).subarray(0, size)) !== crc) {
      throw corruptError(`the file ${name} was changed`)
    }
  }
}

/** Marks a clean shutdown; called after the last write and before the engine lets the directory go. */
export async function markClean(location: string): Promise<void> {
  const names = await readdir(location)
  const current = await readFile(join(location, 'CURRENT'), 'utf8')
  // Older logs may yet go, when what they hold has become a table; the newest stays as it is.
  const newestLog = names
    .filter((name) => LOG.test(name))
    .toSorted((a, b) => Number.parseInt(b, 10) - Number.parseInt(a, 10))[0]
  const files: MarkedFile[] = []
  for (const name of names) {
    const path = join(location, name)
    if (TABLE.test(name)) files.push({ name, size: (await stat(path)).size })
    if (name !== 'CURRENT' && name !== current.trim() && name !== newestLog) continue
    const bytes = await readFile(path)
    files.push({ name, size: bytes.length, crc: crc32(bytes) })
  }
  const written = await open(join(location, `${MARK}.new`), 'w', 0o600)
  try {
    await written.writeFile(JSON.stringify({ v: 1, files }))
    await written.sync()
  } finally {
    await written.close()
  }
  await rename(join(location, `${MARK}.new`), join(location, MARK))
}

/** Takes the mark away: from now on the directory is in use. */
export async function removeMark(location: string): Promise<void> {
  await rm(join(location, MARK), { force: true })
  await syncDirectory(location)
}

/** The removal must rest before anything else changes: a mark that came back would accuse sound files. */
async function syncDirectory(location: string): Promise<void> {
  // Windows opens no directories; its file system keeps the order of such changes.
  if (process.platform === 'win32') return
  const directory = await open(location, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

/** A mark that cannot be read accuses nobody: it is as if there were none. */
function readMark(text: string): readonly MarkedFile[] {
  try {
    const mark: { readonly v?: unknown; readonly files?: unknown } = JSON.parse(text)
    return mark.v === 1 && Array.isArray(mark.files) ? mark.files.filter(isMarkedFile) : []
  } catch {
    return []
  }
}

function isMarkedFile(value: unknown): value is MarkedFile {
  if (typeof value !== 'object' || value === null) return false
  const { name, size, crc }: { name?: unknown; size?: unknown; crc?: unknown } = value
  const isOurs = typeof name === 'string' && /^[A-Z0-9a-z.-]+$/.test(name)
  return isOurs && typeof size === 'number' && (crc === undefined || typeof crc === 'number')
}
