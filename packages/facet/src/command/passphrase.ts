/** The passphrase of a wallet: from a file, or asked for at the terminal; never from the command line. */
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { FacetError } from '../error.ts'
import type { Terminal } from './output.ts'

/** @throws {FacetError} `passphrase_missing`, `file_unusable` */
export async function readPassphrase({ environment, err, isTerminal }: Terminal): Promise<string> {
  const file = environment.FACET_PASSPHRASE_FILE
  if (file !== undefined && file !== '') return fromFile(file)
  if (!isTerminal || !process.stdin.isTTY) {
    throw new FacetError(
      'passphrase_missing',
      'The wallet needs its passphrase: set FACET_PASSPHRASE_FILE, or use a terminal',
    )
  }
  err.write('Passphrase of the wallet: ')
  // Written to nowhere: the terminal would echo what is typed.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const asking = createInterface({ input: process.stdin, output: nowhere, terminal: true })
  try {
    const passphrase = await asking.question('')
    err.write('\n')
    return checked(passphrase)
  } finally {
    asking.close()
  }
}

async function fromFile(file: string): Promise<string> {
  try {
    return checked((await readFile(file, 'utf8')).replace(/\r?\n$/, ''))
  } catch (cause) {
    if (cause instanceof FacetError) throw cause
    throw new FacetError('file_unusable', `The passphrase file cannot be read: ${file}`, { cause })
  }
}

function checked(passphrase: string): string {
  if (passphrase === '') throw new FacetError('passphrase_missing', 'The passphrase is empty')
  return passphrase
}
