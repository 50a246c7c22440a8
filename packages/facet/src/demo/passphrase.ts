/**
 * The passphrase of the demonstration's wallet. A person would keep it in mind; here it is random,
 * and lies beside the data so that a second start can open the wallet again.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { FacetError, isSystemError } from '../error.ts'

/** @throws {FacetError} `file_unusable`, `passphrase_missing` */
export async function demoPassphrase(directory: string): Promise<string> {
  const path = join(dirname(resolve(directory)), `${basename(resolve(directory))}.passphrase`)
  const passphrase = await readOrMake(path).catch((cause: unknown) => {
    throw new FacetError('file_unusable', `The passphrase cannot be read from or written to ${path}`, {
      cause,
    })
  })
  if (passphrase === '') throw new FacetError('passphrase_missing', `There is no passphrase in ${path}`)
  return passphrase
}

async function readOrMake(path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  try {
    await writeFile(path, randomBytes(24).toString('base64url'), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if (!isSystemError(error, 'EEXIST')) throw error
  }
  return readFile(path, 'utf8')
}
