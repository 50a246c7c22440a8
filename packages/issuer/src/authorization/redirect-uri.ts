/**
 * Where a browser may be sent back to. RFC 9700 §2.1, §2.6, RFC 8252 §7.
 *
 * Compared as plain text: what is nearly the same is another's. Only the port of an address on this machine may
 * differ, since an application takes the one that is free.
 */
import { readHttpUrl } from '@facet-id/protocol/url'

/** RFC 8252 §7.1: a private-use scheme is a domain name in reverse, so it has a dot. */
const PRIVATE_USE = /^[a-z][a-z0-9+-]*(?:\.[a-z0-9+-]+)+:\/[A-Za-z0-9._~!$&'()*+,;=:@/?%-]*$/

const LOOPBACK = /^(http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost))(?::[1-9][0-9]{0,4})?(\/.*)?$/

/** Whether it can be one at all: no script, no fragment, plain http on this machine only. */
export function isRedirectUri(uri: string): boolean {
  if (uri.length > 2048 || uri.includes('#')) return false
  if (!/^https?:/i.test(uri)) return PRIVATE_USE.test(uri)
  try {
    readHttpUrl(uri, 'https_or_loopback_http')
    return true
  } catch {
    return false
  }
}

/** Whether `asked` is one of those. */
export function isRegistered(asked: string, registered: readonly string[]): boolean {
  return registered.some(
    (known) => known === asked || (LOOPBACK.test(asked) && withoutPort(known) === withoutPort(asked)),
  )
}

function withoutPort(uri: string): string {
  const [, origin, path = ''] = LOOPBACK.exec(uri) ?? []
  return origin === undefined ? uri : `${origin}${path}`
}
