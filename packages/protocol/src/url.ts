/**
 * Addresses that a message names: absolute `https` URLs, taken apart by hand (RFC 3986), because this
 * package runs where there is no `URL`, and because an identifier must not be normalized.
 *
 * Only what every program reads alike is taken: no user, no backslash, no dot segments, no host in
 * another notation. Whether an address may be called is for the transport to decide.
 */
import { ProtocolError } from './error.ts'

/**
 * Which addresses are taken. `https_or_loopback_http` is development mode: it adds plain `http` to
 * this machine itself (`localhost`, `127.0.0.0/8`, `[::1]`), and to no other.
 */
export type Scheme = 'https' | 'https_or_loopback_http'

/** An address in parts; joined they are `href`. */
export interface HttpUrl {
  /** As it was written. */
  readonly href: string
  /** Scheme and host as written, without path: `https://issuer.example:8443`. */
  readonly origin: string
  readonly scheme: 'https' | 'http'
  /** Name or address, with its port where one is written: `issuer.example:8443`. */
  readonly host: string
  /** Begins with `/`, or is empty. */
  readonly path: string
  /** Without `?`; absent when there is none. */
  readonly query?: string
  /** Without `#`; absent when there is none. */
  readonly fragment?: string
}

/** Characters of an address. */
const LENGTH = 2048

const URL = new RegExp(
  '^(?<origin>(?<scheme>https?)://(?<host>(?<name>\\[[0-9A-Fa-f:.]{2,45}\\]|[A-Za-z0-9._-]{1,253})' +
    '(?::(?<port>[1-9][0-9]{0,4}))?))' +
    "(?<path>(?:/(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})*)*)" +
    "(?:\\?(?<query>(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*))?" +
    "(?:#(?<fragment>(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*))?$",
)

/** `.` and `..`, also percent-encoded: programs resolve them before they call. */
const DOT_SEGMENT = /\/(?:\.|%2[Ee]){1,2}(?:\/|$)/

const LABELS =
  /^[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*$/

const LOOPBACK = /^(?:localhost|127(?:\.(?:0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])){3}|\[::1\])$/

/**
 * Reads an absolute address.
 *
 * @throws {ProtocolError} `message_malformed`; `message_too_large`; `https_required` for plain http
 * where it is not taken
 */
export function readHttpUrl(text: string, scheme: Scheme = 'https'): HttpUrl {
  if (text.length > LENGTH) {
    throw new ProtocolError('message_too_large', `An address has at most ${LENGTH} characters`)
  }
  const {
    origin,
    scheme: written,
    host,
    name = '',
    port = '',
    path,
    query,
    fragment,
  } = URL.exec(text)?.groups ?? {}
  if (origin === undefined || host === undefined || path === undefined) throw malformed()
  if (DOT_SEGMENT.test(path) || Number(port) > 65_535) throw malformed()
  if (!name.startsWith('[') && !LABELS.test(name)) throw malformed()
  const plain = written === 'http'
  if (plain && !(scheme === 'https_or_loopback_http' && LOOPBACK.test(name))) {
    throw new ProtocolError(
      'https_required',
      'The address must begin with https: plain http is taken in development mode only, and to this machine',
    )
  }
  return {
    href: text,
    origin,
    scheme: plain ? 'http' : 'https',
    host,
    path,
    ...(query === undefined ? {} : { query }),
    ...(fragment === undefined ? {} : { fragment }),
  }
}

/**
 * Reads an address that names a party: like any other, but without query and fragment
 * (OpenID4VCI 1.0 §12.2.1, RFC 8414 §2). It is compared as plain text, never normalized.
 *
 * @throws {ProtocolError} those of {@link readHttpUrl}
 */
export function readIdentifierUrl(text: string, scheme: Scheme = 'https'): HttpUrl {
  const url = readHttpUrl(text, scheme)
  if (url.query !== undefined || url.fragment !== undefined) {
    throw new ProtocolError('message_malformed', 'An identifier has neither a query nor a fragment')
  }
  return url
}

/**
 * Where a party publishes a well-known document: the name goes between host and path (RFC 8414 §3.1,
 * OpenID4VCI 1.0 §12.2.2), and a slash that ends the path is left out before.
 *
 * @param identifier as `readIdentifierUrl` reads it
 * @param name `openid-credential-issuer`
 */
export function wellKnownUrl({ origin, path }: HttpUrl, name: string): string {
  return `${origin}/.well-known/${name}${path.endsWith('/') ? path.slice(0, -1) : path}`
}

function malformed(): ProtocolError {
  return new ProtocolError(
    'message_malformed',
    'The address cannot be read: write an absolute https URL, its host in ASCII',
  )
}
