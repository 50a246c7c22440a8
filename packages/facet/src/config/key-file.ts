/**
 * The key that everything at rest hangs on: random, in a file of its own, readable by its owner
 * only, outside the directory it protects, so that a copy of the data alone opens nothing.
 */
import { randomBytes } from 'node:crypto'
import { constants, copyFile, link, mkdir, open, readFile, realpath, rm, stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { FacetError, isSystemError } from '../error.ts'

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
 * @param dataDirectory must be there
 * @throws {FacetError} `key_file_inside_data`, `key_file_exposed`, `key_file_missing`,
 * `key_file_malformed`, `key_file_unusable`
 */
export async function openKeyFile(
  keyFile: string,
  dataDirectory: string,
  hasData: boolean,
): Promise<Uint8Array> {
  try {
    await mkdir(dirname(keyFile), { recursive: true, mode: 0o700 })
    await checkOutside(keyFile, dataDirectory)
    const found = await readKey(keyFile)
    if (found !== undefined) return found
    if (hasData) {
      throw new FacetError(
        'key_file_missing',
        `There is sealed data, but its key is not at ${keyFile}; put it back or set FACET_KEY_FILE`,
      )
    }
    return await makeKey(keyFile)
  } catch (cause) {
    if (cause instanceof FacetError) throw cause
    throw new FacetError('key_file_unusable', `The key file cannot be read or made: ${keyFile}`, { cause })
  }
}

/** Where it really is counts, whatever links lead there. */
async function checkOutside(keyFile: string, dataDirectory: string): Promise<void> {
  const parent = await realpath(dirname(keyFile))
  const real = await realpath(keyFile).catch(() => join(parent, basename(keyFile)))
  for (const place of [join(parent, basename(keyFile)), real]) {
    const way = relative(await realpath(dataDirectory), place)
    if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) continue
    throw new FacetError(
      'key_file_inside_data',
      `The key file must lie outside the data directory that it protects: ${keyFile}`,
    )
  }
}

async function readKey(keyFile: string): Promise<Uint8Array | undefined> {
  let text: string
  try {
    text = await readFile(keyFile, 'utf8')
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined
    throw error
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

/**
 * Written beside, then given its name: nobody ever reads half a key. Of two that start at once, one
 * makes the key and the other reads it.
 */
async function makeKey(keyFile: string): Promise<Uint8Array> {
  const key = randomBytes(32)
  const draft = `${keyFile}.${randomBytes(8).toString('hex')}.new`
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(`facet-key-1:${key.toString('base64url')}\n`)
    await file.sync()
    await nameExclusively(draft, keyFile)
    await keepName(dirname(keyFile))
    return new Uint8Array(key)
  } catch (error) {
    const other = isSystemError(error, 'EEXIST') ? await readKey(keyFile) : undefined
    if (other !== undefined) return other
    throw error
  } finally {
    await file.close()
    await rm(draft, { force: true })
  }
}

/** Fails when the name is taken. */
async function nameExclusively(draft: string, keyFile: string): Promise<void> {
  try {
    await link(draft, keyFile)
  } catch (error) {
    // Some file systems have no second names.
    if (!isSystemError(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK')) throw error
    await copyFile(draft, keyFile, constants.COPYFILE_EXCL)
  }
}

/** The name too must survive a power failure, since the data will; where directories cannot be synced, it does. */
async function keepName(directory: string): Promise<void> {
  const opened = await open(directory, 'r').catch(() => undefined)
  await opened?.sync().catch(() => {})
  await opened?.close()
}
