/** What a wallet is given to meet issuers with: a way to the browser and back, and a provider that attests it. */
import { systemClock } from '../clock.ts'
import type { SigningCertificate } from '../config/signing-certificate.ts'
import { FacetError } from '../error.ts'
import type { WayBack } from '../terminal/browser.ts'
import type { Terminal } from '../terminal/output.ts'
import type { Arguments } from './arguments.ts'

/** Seconds. */
const WAIT = 600

const receiving: readonly string[] = ['accept', 'request', 'resume']

/**
 * For actions that may lead to an authorization server.
 *
 * @throws {FacetError} `usage` for an address that is none
 */
export async function browserFor(
  action: string,
  args: Arguments,
  terminal: Terminal,
): Promise<WayBack | undefined> {
  if (!receiving.includes(action)) return undefined
  const { comingBackTo, waitOnLoopback } = await import('../terminal/browser.ts')
  const back = args.value('back')
  // The redirect URI of the request has to be told again with the code: it is where the browser came back.
  const redirect = back === undefined ? args.value('redirect') : withoutQuery(back)
  if (redirect !== undefined) return comingBackTo(redirect, terminal)
  const open = args.switches.has('open')
  return waitOnLoopback(terminal, { open, wait: args.number('wait') ?? WAIT })
}

function withoutQuery(address: string): string {
  if (!URL.canParse(address))
    throw new FacetError('usage', '--back takes the whole address at which the browser came back')
  const [uri = ''] = address.split(/[?#]/, 1)
  return uri
}

/** @throws {FacetError} `development_mode_needed`, `certificate_unknown`, `file_unusable`, `key_file_…` */
export async function providerFor(
  args: Arguments,
  { environment }: Terminal,
): Promise<SigningCertificate | undefined> {
  const directory = args.value('wallet-provider')
  if (directory === undefined) return undefined
  if (!args.switches.has('development'))
    throw new FacetError(
      'development_mode_needed',
      'A wallet that attests itself is for development mode only',
    )
  const { readWalletProvider } = await import('../config/wallet-provider.ts')
  return readWalletProvider(directory, { environment, now: systemClock.now() })
}
