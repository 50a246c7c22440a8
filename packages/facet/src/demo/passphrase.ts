/**
 * The passphrase of the demonstration's wallet. A person would keep it in mind; here it is random,
 * and lies beside the data so that a second start can open the wallet again.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'

export async function demoPassphrase(directory: string): Promise<string> {
  const path = join(dirname(resolve(directory)), `${basename(resolve(directory))}.passphrase`)
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  try {
    await writeFile(path, randomBytes(24).toString('base64url'), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
  return readFile(path, 'utf8')
}
