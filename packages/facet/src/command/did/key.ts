/** `facet key …`: private keys in files, made or brought from elsewhere. */
import { isJwsAlgorithm } from '@facet-id/credential/jose'
import { generateKey, type PrivateJwk } from '@facet-id/crypto/node'
import {
  type PrivateKeyForm,
  readOwnerFile,
  readPrivateKey,
  writeOwnerFile,
  writePrivateKey,
} from '@facet-id/crypto/node/keys'
import { FacetError } from '../../error.ts'
import { readKeysPassphrase } from '../../terminal/keys-passphrase.ts'
import { createOutput, type Terminal } from '../../terminal/output.ts'
import { type Arguments, readArguments } from '../arguments.ts'
import { syntax } from '../syntax.ts'

export async function key(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [action, ...rest] = argv
  switch (action) {
    case 'create':
      return create(readArguments(rest, syntax['key create']), terminal)
    case 'convert':
      return convert(readArguments(rest, syntax['key convert']), terminal)
    default:
      throw new FacetError('usage', 'facet key takes: create, convert')
  }
}

async function create(args: Arguments, terminal: Terminal): Promise<number> {
  const alg = args.value('alg') ?? 'ES256'
  if (!isJwsAlgorithm(alg)) throw new FacetError('usage', '--alg takes ES256, ES384, ES512 or EdDSA')
  return write(generateKey(alg).privateJwk, 'sealed', { args, terminal })
}

/** The passphrase that opens the old file, where it has one, seals the new one too. */
async function convert(args: Arguments, terminal: Terminal): Promise<number> {
  const form = (['sealed', 'pem'] as const).find((name) => name === args.value('to'))
  if (form === undefined) throw new FacetError('usage', '--to takes sealed or pem')
  const text = await readOwnerFile(args.word())
  const passphrase = await readKeysPassphrase(terminal, true)
  return write(await readPrivateKey(text, passphrase), form, { args, terminal, passphrase })
}

async function write(
  privateJwk: PrivateJwk,
  form: PrivateKeyForm,
  {
    args,
    terminal,
    passphrase,
  }: { readonly args: Arguments; readonly terminal: Terminal; readonly passphrase?: string },
): Promise<number> {
  const out = args.value('out')
  if (out === undefined) throw new FacetError('usage', 'This command needs --out FILE')
  const secret = passphrase ?? (await readKeysPassphrase(terminal, true))
  await writeOwnerFile(out, await writePrivateKey(privateJwk, form, secret))
  createOutput(terminal).line(`written: ${out}`)
  return 0
}
