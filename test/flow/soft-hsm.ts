/** A token of SoftHSM in a directory of its own, where it is installed (Debian: `softhsm2`). */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Empty where it is not installed. */
export const softHsmModule: string =
  [
    '/usr/lib/softhsm/libsofthsm2.so',
    '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so',
    '/usr/lib64/pkcs11/libsofthsm2.so',
  ].find((path) => existsSync(path)) ?? ''

/** Makes a token; the module finds it through the environment of this process. */
export async function makeToken(directory: string, label: string, pin: string): Promise<void> {
  const tokens = join(directory, 'tokens')
  await mkdir(tokens, { recursive: true })
  const conf = join(directory, 'softhsm2.conf')
  await writeFile(conf, `directories.tokendir = ${tokens}\nlog.level = ERROR\n`)
  process.env.SOFTHSM2_CONF = conf
  const args = ['--init-token', '--free', '--label', label, '--pin', pin, '--so-pin', '31415926']
  execFileSync('softhsm2-util', args, { stdio: 'ignore' })
}
