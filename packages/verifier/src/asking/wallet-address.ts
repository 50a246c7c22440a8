/** What wallets are found by. OpenID4VP 1.0 §5.1, §13.1.2; HAIP 1.0 §5.1. */
import { readHttpUrl, type Scheme } from '@facet-id/protocol/url'
import { unfit } from './unfit.ts'

const WHY = 'wallets are found by a scheme of their own, or an https address without a fragment'

/** A scheme that wallets claim, with nothing of its own behind it that could stand in the way of parameters. */
const CUSTOM = /^(?<scheme>[a-z][a-z0-9+.-]*):\/\/[A-Za-z0-9._~/-]*$/

/** Schemes that browsers act on themselves: a link of one of these runs or shows something, and finds no wallet. */
const OF_BROWSERS: readonly string[] = [
  'about',
  'blob',
  'data',
  'file',
  'filesystem',
  'ftp',
  'javascript',
  'vbscript',
  'view-source',
  'ws',
  'wss',
]

/**
 * Checks what a link begins with: a custom scheme, or an https address that a wallet has claimed.
 *
 * @throws {VerifierError} `request_unfit`
 */
export function checkWalletAddress(text: string, scheme: Scheme): void {
  const custom = CUSTOM.exec(text)?.groups?.scheme
  if (custom !== undefined && custom !== 'https' && custom !== 'http') {
    if (!OF_BROWSERS.includes(custom)) return
    throw unfit(WHY)
  }
  try {
    if (readHttpUrl(text, scheme).fragment === undefined) return
  } catch (cause) {
    throw unfit(WHY, cause)
  }
  throw unfit(WHY)
}
