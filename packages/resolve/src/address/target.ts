/** Which addresses are called at all, before anything leaves this machine. */
import { ProtocolError } from '@facet-id/protocol/error'
import { type Reach, reachOf } from './address.ts'

/**
 * `development` adds this machine itself, and plain http to it. Nothing else is ever called in the
 * clear, and no other address that is not reached from everywhere.
 */
export type TransportMode = 'production' | 'development'

/**
 * Reads the address of a request.
 *
 * @throws {ProtocolError} `message_malformed`, `https_required`, `address_refused`
 */
export function readTarget(text: string, mode: TransportMode): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || url.username !== '' || url.password !== '') {
    throw new ProtocolError(
      'message_malformed',
      'The address cannot be read: write an absolute https URL, without a user',
    )
  }
  const host = url.hostname
  const isThisMachine = isLocalName(host) || reachOf(host) === 'loopback'
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && mode === 'development' && isThisMachine)) {
    throw new ProtocolError(
      'https_required',
      'Only https is called: plain http is for development mode, and for this machine alone',
    )
  }
  const isAllowed = isLocalName(host)
    ? mode === 'development'
    : isCallable(reachOf(host) ?? 'global', url, mode)
  if (!isAllowed) throw addressRefused()
  return url
}

/** Whether an address may be connected to: one of a URL, or one that its name resolved to. */
export function isCallable(reach: Reach | undefined, { protocol }: URL, mode: TransportMode): boolean {
  if (reach === 'loopback') return mode === 'development'
  return reach === 'global' && protocol === 'https:'
}

export function addressRefused(): ProtocolError {
  return new ProtocolError(
    'address_refused',
    'The address is one that a peer must not make us call: it has to be reached from everywhere',
  )
}

/** RFC 6761 §6.3. */
function isLocalName(host: string): boolean {
  return /(?:^|\.)localhost\.?$/.test(host)
}
