/** `facet wallet …`: take what is offered, look at it, show parts of it. */
import type { CredentialSummary } from '@facet-id/holder'
import { FacetError } from '../error.ts'
import { openWallet, type Wallet } from '../service/wallet.ts'
import { type Arguments, oneWord, readArguments } from './arguments.ts'
import { timeOf } from './operating.ts'
import { createOutput, type Terminal } from './output.ts'
import { readPassphrase } from './passphrase.ts'
import { terminalConsent } from './terminal-consent.ts'

const DEFAULT_DATA = '.facet/wallet'

const forms = {
  data: 'value',
  json: 'switch',
  yes: 'switch',
  copies: 'value',
  'tx-code': 'value',
  development: 'switch',
} as const

export async function wallet(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [action, ...rest] = argv
  const args = readArguments(rest, forms)
  switch (action) {
    case 'accept':
      return withWallet(args, terminal, (open) => accept(open, args, terminal))
    case 'list':
      return withWallet(args, terminal, (open) => list(open, args, terminal))
    case 'present':
      return withWallet(args, terminal, (open) => present(open, args, terminal))
    case 'log':
      return withWallet(args, terminal, (open) => log(open, args, terminal))
    default:
      throw new FacetError('usage', 'facet wallet takes: accept, list, present, log')
  }
}

async function withWallet(
  args: Arguments,
  terminal: Terminal,
  act: (wallet: Wallet) => Promise<number>,
): Promise<number> {
  const copies = args.number('copies')
  const txCode = args.value('tx-code')
  const open = await openWallet({
    dataDirectory: args.value('data') ?? DEFAULT_DATA,
    passphrase: await readPassphrase(terminal),
    development: args.switches.has('development'),
    consent: terminalConsent(terminal, {
      yes: args.switches.has('yes'),
      ...(txCode === undefined ? {} : { txCode }),
    }),
    ...(copies === undefined ? {} : { copies }),
  })
  try {
    return await act(open)
  } finally {
    await open.close()
  }
}

async function accept({ holder }: Wallet, args: Arguments, terminal: Terminal): Promise<number> {
  const received = await holder.accept(oneWord(args, 'offer link'))
  printOne(received, args, terminal)
  return 0
}

async function list({ holder }: Wallet, args: Arguments, terminal: Terminal): Promise<number> {
  const all = await holder.credentials()
  const output = createOutput(terminal)
  if (args.switches.has('json')) output.line(JSON.stringify(all))
  else {
    output.table(
      ['credential', 'type', 'copies left', 'expires'],
      all.map((one) => [
        one.name ?? one.credentialId,
        one.vct,
        `${one.copiesLeft} of ${one.copies}`,
        timeOf(one.expiresAt),
      ]),
    )
  }
  return 0
}

/** Exit code 0 only when the verifier took the answer. */
async function present({ holder }: Wallet, args: Arguments, terminal: Terminal): Promise<number> {
  const { accepted, reason } = await holder.present(oneWord(args, 'request link'))
  const output = createOutput(terminal)
  if (args.switches.has('json'))
    output.line(JSON.stringify({ accepted, ...(reason === undefined ? {} : { reason }) }))
  else if (accepted) output.line('The verifier accepted the presentation.')
  else output.line(`The verifier refused the presentation: ${reason ?? 'it gave no reason'}`)
  return accepted ? 0 : 1
}

async function log({ holder }: Wallet, args: Arguments, terminal: Terminal): Promise<number> {
  const output = createOutput(terminal)
  for await (const entry of holder.log()) {
    if (args.switches.has('json')) output.line(JSON.stringify(entry))
    else {
      const { at, event, ...rest } = entry
      output.line(`${timeOf(at)} ${event} ${JSON.stringify(rest)}`)
    }
  }
  return 0
}

function printOne(one: CredentialSummary, args: Arguments, terminal: Terminal): void {
  const output = createOutput(terminal)
  if (args.switches.has('json')) output.line(JSON.stringify(one))
  else output.line(`Received ${one.name ?? one.vct} in ${one.copies} copies, from ${one.credentialIssuer}`)
}
