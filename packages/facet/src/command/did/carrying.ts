/** DIDs that go elsewhere: to another data directory, sealed, or to a web server, as files. */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isJsonObject } from '@facet-id/credential/json'
import { openText, readOwnerFile, sealText, writeOwnerFile } from '@facet-id/crypto/node/keys'
import { FacetError } from '../../error.ts'
import { readKeysPassphrase } from '../../terminal/keys-passphrase.ts'
import { createOutput, type Terminal } from '../../terminal/output.ts'
import type { Arguments } from '../arguments.ts'
import { print } from '../operating.ts'
import { onDids, withDids } from './with-dids.ts'

export async function exportDid(args: Arguments, terminal: Terminal): Promise<number> {
  const out = outOf(args, 'FILE')
  const passphrase = await readKeysPassphrase(terminal, true)
  const did = await withDids(args, terminal, async ({ dids }) => {
    const name = args.word()
    const kept = name.startsWith('did:') ? await dids.find(name) : await dids.findByAlias(name)
    if (kept === undefined) throw new FacetError('did_not_kept', 'No DID of this name is kept here')
    const seal = (plain: Uint8Array): Promise<string> => sealText(plain, passphrase, { kind: 'did' })
    await writeOwnerFile(out, await dids.exportSealed(kept.did, seal))
    return kept.did
  })
  print({ did, exported: out }, args.switches.has('json'), terminal)
  if (!args.switches.has('json')) {
    createOutput(terminal).line(
      'Whoever imports it takes it over: delete it here, or there, before it is used twice.',
    )
  }
  return 0
}

export async function importDid(args: Arguments, terminal: Terminal): Promise<number> {
  const text = await readOwnerFile(args.word())
  const opened = await openText(text, await readKeysPassphrase(terminal, false), 'did')
  const { did, alias } = await withDids(args, terminal, ({ dids }) => dids.importOpened(opened))
  print({ did, ...(alias === undefined ? {} : { alias }) }, args.switches.has('json'), terminal)
  return 0
}

/** In the order in which they must be put online: proofs of witnesses before the log that they are for. */
export async function publishDid(args: Arguments, terminal: Terminal): Promise<number> {
  const out = outOf(args, 'DIR')
  const { files } = await onDids(args, terminal, 'did-files', { name: args.word() })
  const written: string[] = []
  for (const file of Array.isArray(files) ? files.filter(isJsonObject) : []) {
    const path = join(out, ...String(file.path).split('/').map(decodeURIComponent))
    try {
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, String(file.body))
    } catch (cause) {
      throw new FacetError('file_unusable', `The file cannot be written: ${path}`, { cause })
    }
    written.push(path)
  }
  if (written.length === 0) {
    throw new FacetError(
      'did_not_kept',
      'There is nothing to serve: the DID holds its document itself, or was given up',
    )
  }
  print({ files: written }, args.switches.has('json'), terminal)
  return 0
}

function outOf(args: Arguments, what: string): string {
  const out = args.value('out')
  if (out === undefined) throw new FacetError('usage', `This command needs --out ${what}`)
  return out
}
