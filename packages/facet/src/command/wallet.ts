/** `facet wallet …`: take what is offered, look at it, show parts of it. */
import { existsSync } from 'node:fs'
import { storeIn } from '../config/data-directory.ts'
import { FacetError } from '../error.ts'
import { openWallet, type Wallet } from '../service/wallet.ts'
import type { WayBack } from '../terminal/browser.ts'
import { terminalConsent } from '../terminal/consent.ts'
import { languagesOf } from '../terminal/languages.ts'
import type { Terminal } from '../terminal/output.ts'
import { readPassphrase } from '../terminal/passphrase.ts'
import { readTypeSources } from '../types/type-sources.ts'
import { type Arguments, readArguments } from './arguments.ts'
import { syntax } from './syntax.ts'
import { abandon, accept, forget, list, pending, resume } from './wallet-actions.ts'
import { browserFor, providerFor } from './wallet-browser.ts'
import { card } from './wallet-card.ts'
import { log } from './wallet-log.ts'
import { present } from './wallet-present.ts'
import { due, notify, request, topUp } from './wallet-tending.ts'

const DEFAULT_DATA = '.facet/wallet'

const actions = {
  accept,
  request,
  list,
  present,
  log,
  pending,
  resume,
  due,
  'top-up': topUp,
  notify,
  abandon,
  forget,
  card,
} as const

export async function wallet(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = argv
  if (name === undefined || !isAction(name))
    throw new FacetError('usage', `facet wallet takes: ${Object.keys(actions).join(', ')}`)
  const args = readArguments(rest, syntax[`wallet ${name}`])
  const browser = await browserFor(name, args, terminal)
  try {
    const open = await openFor(args, terminal, browser)
    try {
      return await actions[name](open, args, terminal)
    } finally {
      await open.close()
    }
  } finally {
    await browser?.close()
  }
}

function isAction(name: string): name is keyof typeof actions {
  return Object.hasOwn(actions, name)
}

async function openFor(args: Arguments, terminal: Terminal, browser?: WayBack): Promise<Wallet> {
  const copies = args.number('copies')
  const txCode = args.value('tx-code')
  const dataDirectory = args.value('data') ?? DEFAULT_DATA
  const file = args.value('trust')
  const types = await readTypeSources(args)
  const walletProvider = await providerFor(args, terminal)
  const chosen = args.values('configuration')
  return openWallet({
    dataDirectory,
    passphrase: await readPassphrase(terminal, !existsSync(storeIn(dataDirectory))),
    development: args.switches.has('development'),
    types,
    consent: terminalConsent(terminal, {
      yes: args.switches.has('yes') || args.switches.has('yes-undetermined'),
      onlyTrusted: file !== undefined && !args.switches.has('yes-undetermined'),
      ...(txCode === undefined ? {} : { txCode }),
      ...(chosen.length === 0 ? {} : { configurationIds: chosen }),
    }),
    languages: languagesOf(terminal),
    clientId: args.value('client-id') ?? 'facet-wallet',
    ...(browser === undefined ? {} : { browser }),
    ...(walletProvider === undefined ? {} : { walletProvider }),
    ...(copies === undefined ? {} : { copies }),
    ...(file === undefined ? {} : { trustFile: file }),
  })
}
