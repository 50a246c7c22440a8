/**
 * The key that everything at rest hangs on: random, in a file of its own, readable by its owner
 * only, outside the directory it protects, so that a copy of the data alone opens nothing.
 */
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, open, readFile, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { FacetError } from '../error.ts'

const FORM = /^facet-key-1:([A-Za-z0-9_-]{43})\n?$/

/** Where the key of a data directory is: `FACET_KEY_FILE`, or beside the directory as `<name>.key`. */
export function keyFileOf(
  dataDirectory: string,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const chosen = environment.FACET_KEY_FILE
  if (chosen !== undefined && chosen !== '') return resolve(chosen)
  const directory = resolve(dataDirectory)
  return join(dirname(directory), `${basename(directory)}.key`)
}

/**
 * The 32 bytes of the key; made on first use, when there is no data yet that another key sealed.
 *
 * @throws {FacetError} `key_file_inside_data`, `key_file_exposed`, `key_file_missing`, `key_file_malformed`
 */
export async function openKeyFile(
  keyFile: string,
  dataDirectory: string,
  hasData: boolean,
): Promise<Uint8Array> {
  await mkdir(dirname(keyFile), { recursive: true, mode: 0o700 })
  const within = relative(resolve(dataDirectory), join(await realpath(dirname(keyFile)), basename(keyFile)))
  if (!within.startsWith('..') && within !== '') {
    throw new FacetError(
      'key_file_inside_data',
      `The key file must lie outside the data directory that it protects: ${keyFile}`,
    )
  }
  const found = await readKey(keyFile)
  if (found !== undefined) return found
  if (hasData) {
    throw new FacetError(
      'key_file_missing',
      `There is sealed data, but its key is not at ${keyFile}; put it back or set FACET_KEY_FILE`,
    )
  }
  return makeKey(keyFile)
}

async function readKey(keyFile: string): Promise<Uint8Array | undefined> {
  let text: string
  try {
    text = await readFile(keyFile, 'utf8')
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined
    throw new FacetError('key_file_malformed', `The key file cannot be read: ${keyFile}`, { cause: error })
  }
  // Windows has no such bits; there the directory's access list is what protects the file.
  if (process.platform !== 'win32' && ((await stat(keyFile)).mode & 0o077) !== 0) {
    throw new FacetError(
      'key_file_exposed',
      `Others may read the key file; make it yours alone: chmod 600 ${keyFile}`,
    )
  }
  const [, encoded] = FORM.exec(text) ?? []
  if (encoded === undefined)
    throw new FacetError('key_file_malformed', `This is not a key file of Facet: ${keyFile}`)
  return new Uint8Array(Buffer.from(encoded, 'base64url'))
}

async function makeKey(keyFile: string): Promise<Uint8Array> {
  const key = randomBytes(32)
  try {
    // Exclusive: of two that start at once, one makes the key and the other reads it.
    const file = await open(keyFile, 'wx', 0o600)
    try {
      await file.writeFile(`facet-key-1:${key.toString('base64url')}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    await chmod(keyFile, 0o600)
  } catch (error) {
    const other = isCode(error, 'EEXIST') ? await readKey(keyFile) : undefined
    if (other !== undefined) return other
    throw new FacetError('key_file_malformed', `The key file cannot be made: ${keyFile}`, { cause: error })
  }
  return new Uint8Array(key)
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
