/** The passphrase of keys that leave a data directory: from a file, or asked for; never from the command line. */
import { FacetError } from '../error.ts'
import { findSecret } from '../identity/key-source.ts'
import { askSecret } from './asking.ts'
import type { Terminal } from './output.ts'

/**
 * @param isNew whether something is sealed with it now: then it is typed twice
 * @throws {FacetError} `passphrase_missing`, `passphrase_mismatch`; {KeyError} `key_file_exposed`, `key_file_unusable`
 */
export async function readKeysPassphrase(terminal: Terminal, isNew: boolean): Promise<string> {
  const told = await findSecret(terminal.environment, 'FACET_KEYS_PASSPHRASE_FILE')
  const passphrase = told ?? (await askSecret(terminal, 'Passphrase of the keys: '))
  if (passphrase === undefined || passphrase === '') {
    throw new FacetError(
      'passphrase_missing',
      'Keys need a passphrase: set FACET_KEYS_PASSPHRASE_FILE, or use a terminal',
    )
  }
  if (told !== undefined || !isNew) return passphrase
  if ((await askSecret(terminal, 'The same once more: ')) === passphrase) return passphrase
  throw new FacetError('passphrase_mismatch', 'The two passphrases differ; nothing was written')
}
