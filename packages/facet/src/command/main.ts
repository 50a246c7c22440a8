/** The `facet` command: finds the sub-command, runs it, and turns what went wrong into one line. */
import { FacetError } from '../error.ts'
import type { Terminal } from '../terminal/output.ts'
import { sayingOf } from '../terminal/saying.ts'
import { help } from './help.ts'

/** What a command is given; it yields the exit code. */
export type Command = (argv: readonly string[], terminal: Terminal) => Promise<number>

/** Loaded when asked for: a wallet need not wait for what an issuer needs. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  demo: async () => (await import('./demo.ts')).demo,
  inspect: async () => (await import('./inspect.ts')).inspect,
  issuer: async () => (await import('./issuer.ts')).issuer,
  wallet: async () => (await import('./wallet.ts')).wallet,
  verifier: async () => (await import('./verifier/verifier.ts')).verifier,
  did: async () => (await import('./did/did.ts')).did,
  key: async () => (await import('./did/key.ts')).key,
  signer: async () => (await import('./did/signer.ts')).signer,
  trust: async () => (await import('./trust/trust.ts')).trust,
}

export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = argv
  try {
    if (name === undefined || name === 'help' || argv.some((word) => word === '--help' || word === '-h')) {
      terminal.out.write(help)
      return 0
    }
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined
    if (command === undefined) throw new FacetError('usage', `There is no command "${name}"`)
    return await (await command())(rest, terminal)
  } catch (error) {
    const hint = error instanceof FacetError && error.code === 'usage' ? '\nTry "facet help".' : ''
    terminal.err.write(`facet: ${sayingOf(error, terminal.environment)}${hint}\n`)
    return 1
  }
}
