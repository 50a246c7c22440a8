/** What is wished of one request besides what it asks for. */
import type { Hash } from '@facet-id/credential/jose'
import { readHttpUrl } from '@facet-id/protocol/url'
import { VerifierError } from './error.ts'
import type { Webhook, Wish } from './presentation.ts'
import { readReturnAddress } from './return-address.ts'
import type { VerifierSettings } from './settings.ts'

export interface RequestOptions {
  /**
   * On the same device: the browser that asks, by a value that only it has (a cookie of its session), and the
   * address that it comes back to. Absent: the wallet is on another device, and the result says so.
   */
  readonly sameDevice?: { readonly session: string; readonly returnTo: string }
  /** Where the result is sent, signed. Absent: it is fetched. */
  readonly webhook?: Webhook
}

/** A session that is guessed binds nothing. */
const SHORTEST_SESSION = 16
const LONGEST_REFERENCE = 256

/** @throws {VerifierError} `request_unfit` */
export function readOptions(
  { sameDevice, webhook }: RequestOptions,
  settings: VerifierSettings,
  { hash, canSend }: { readonly hash: Hash; readonly canSend: boolean },
): Omit<Wish, 'dcql_query'> {
  if (webhook !== undefined && !canSend) throw unfit('this verifier was given no way to send results')
  const sent = webhook === undefined ? {} : { webhook: readWebhook(webhook, settings) }
  if (sameDevice === undefined) return { flow: 'cross_device', ...sent }
  const { session, returnTo } = sameDevice
  if (session.length < SHORTEST_SESSION)
    throw unfit('a session is known by a random text of 16 characters or more')
  const home = { session: hash('sha-256', session), returnTo: readReturnAddress(returnTo, settings.scheme) }
  return { flow: 'same_device', home, ...sent }
}

function readWebhook({ url, reference }: Webhook, { scheme }: VerifierSettings): Webhook {
  if (reference === '' || reference.length > LONGEST_REFERENCE) {
    throw unfit(`a webhook's reference has 1 to ${LONGEST_REFERENCE} characters`)
  }
  try {
    const { href, fragment } = readHttpUrl(url, scheme)
    if (fragment === undefined) return { url: href, reference }
  } catch (cause) {
    throw unfit('a webhook is an https URL', cause)
  }
  throw unfit('a webhook is an https URL without a fragment')
}

function unfit(why: string, cause?: unknown): VerifierError {
  return new VerifierError('request_unfit', `The request cannot be made: ${why}`, { cause })
}
