/** Files for their owner's eyes: refused when others can read them, written whole or not at all. */
import { randomBytes } from 'node:crypto'
import { constants, copyFile, type FileHandle, link, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { KeyError } from './error.ts'

/** No key file is near as long. */
const MAX_BYTES = 1_000_000

/**
 * The text of the file.
 *
 * @throws {KeyError} `key_file_unusable`, `key_file_exposed`
 */
export async function readOwnerFile(path: string): Promise<string> {
  // What is looked at is what is read, whatever takes the name meanwhile.
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw unusable(path, 'it cannot be read', cause)
  })
  try {
    return await readOpened(file, path)
  } finally {
    await file.close()
  }
}

async function readOpened(file: FileHandle, path: string): Promise<string> {
  const { size, mode } = await file.stat().catch((cause: unknown) => {
    throw unusable(path, 'it cannot be read', cause)
  })
  // Windows has no such bits; there the directory's access list is what protects the file.
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new KeyError(
      'key_file_exposed',
      `Others may read the key file; make it yours alone: chmod 600 ${path}`,
    )
  }
  if (size > MAX_BYTES) throw unusable(path, 'it is too long for a key')
  try {
    return await file.readFile('utf8')
  } catch (cause) {
    throw unusable(path, 'it cannot be read', cause)
  }
}

/**
 * Writes the file with mode 0600: beside it first and to the disk, then under its name, so that nobody ever
 * reads half of it and a power failure leaves the old or the new.
 *
 * @param replace whether a file of that name may be there already
 * @throws {KeyError} `key_file_unusable`
 */
export async function writeOwnerFile(path: string, text: string, replace = false): Promise<void> {
  const draft = `${path}.${randomBytes(8).toString('hex')}.new`
  try {
    const file = await open(draft, 'wx', 0o600)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    // A second name is given to nothing that has one; a rename would take the place of what is there.
    await (replace ? rename(draft, path) : nameExclusively(draft, path))
    await keepName(dirname(path))
  } catch (cause) {
    const isTaken = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST'
    throw unusable(path, isTaken ? 'a file of this name is there already' : 'it cannot be written', cause)
  } finally {
    await rm(draft, { force: true })
  }
}

/**
 * Removes the file; one that is not there is no error. Nothing is written over it first: file systems of today write
 * elsewhere, and what is in it is sealed.
 *
 * @throws {KeyError} `key_file_unusable`
 */
export async function removeOwnerFile(path: string): Promise<void> {
  try {
    await rm(path, { force: true })
  } catch (cause) {
    throw unusable(path, 'it cannot be removed', cause)
  }
  await keepName(dirname(path))
}

/** Fails when the name is taken. */
async function nameExclusively(draft: string, path: string): Promise<void> {
  try {
    await link(draft, path)
  } catch (error) {
    // Some file systems have no second names.
    const isOther = error instanceof Error && 'code' in error && error.code === 'EEXIST'
    if (isOther) throw error
    await copyFile(draft, path, constants.COPYFILE_EXCL)
  }
}

/** The name too must survive a power failure; where directories cannot be synced, it does. */
async function keepName(directory: string): Promise<void> {
  const opened = await open(directory, 'r').catch(() => undefined)
  await opened?.sync().catch(() => {})
  await opened?.close()
}

function unusable(path: string, why: string, cause?: unknown): KeyError {
  return new KeyError('key_file_unusable', `The key file cannot be used, ${why}: ${path}`, { cause })
}
