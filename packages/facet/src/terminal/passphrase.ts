/** The passphrase of a wallet: from a file, or asked for at the terminal; never from the command line. */
import { readFile } from 'node:fs/promises'
import { FacetError } from '../error.ts'
import { askSecret } from './asking.ts'
import type { Terminal } from './output.ts'

/**
 * @param isNew whether this passphrase will be the wallet's: then it is typed twice
 * @throws {FacetError} `passphrase_missing`, `passphrase_mismatch`, `file_unusable`
 */
export async function readPassphrase(terminal: Terminal, isNew: boolean): Promise<string> {
  const file = terminal.environment.FACET_PASSPHRASE_FILE
  if (file !== undefined && file !== '') return checked(await readPassphraseFile(file))
  if (!terminal.canAsk) {
    throw new FacetError(
      'passphrase_missing',
      'The wallet needs its passphrase: set FACET_PASSPHRASE_FILE, or use a terminal',
    )
  }
  if (!isNew) return checked(await askSecret(terminal, 'Passphrase of the wallet: '))
  const passphrase = checked(await askSecret(terminal, 'Passphrase for the new wallet: '))
  if ((await askSecret(terminal, 'The same once more: ')) === passphrase) return passphrase
  throw new FacetError('passphrase_mismatch', 'The two passphrases differ; no wallet was made')
}

async function readPassphraseFile(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).replace(/\r?\n$/, '')
  } catch (cause) {
    throw new FacetError('file_unusable', `The passphrase file cannot be read: ${file}`, { cause })
  }
}

function checked(passphrase: string | undefined): string {
  if (passphrase === undefined || passphrase === '')
    throw new FacetError('passphrase_missing', 'The passphrase is empty')
  return passphrase
}
