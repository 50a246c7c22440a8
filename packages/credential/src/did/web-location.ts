/**
 * Where on the web a DID says that its document is: the domain, port and path of did:web and did:webvh
 * (did:web, Read; did:webvh 1.0, Method-Specific Identifier and The DID to HTTPS Transformation).
 *
 * The rules of did:webvh are the stricter ones, and hold for both: what is decoded is decoded once, and what it
 * decodes to can name no address, no other host and no other folder.
 */
import { CredentialError } from '../error.ts'

/** A place on the web, as an https URL without its last part. */
export interface WebLocation {
  /** `https://issuer.example:8443` */
  readonly origin: string
  /** Percent-encoded, each with a `/` before it; empty where the DID names none. */
  readonly path: string
}

export interface WebLocationRules {
  /**
   * `localhost` is a domain too, and reached by plain http: for development on one machine, never else. False when
   * absent.
   */
  readonly localhost?: boolean
}

/** RFC 1035 §2.3.4. */
const maxDomain = 253
const maxLabel = 63
const portForm = /^(.*)%3[Aa]([0-9]{1,5})$/
const label = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?$/u
/** What the URL Standard takes for the last part of an IPv4 address. */
const numeric = /^(?:[0-9]+|0[xX][0-9a-fA-F]*)$/

/**
 * Reads what follows the method (and the SCID) in a DID: `issuer.example%3A8443:dids:one`.
 *
 * @throws {CredentialError} `did_malformed`
 */
export function readWebLocation(parts: string, rules: WebLocationRules = {}): WebLocation {
  const [domain = '', ...segments] = parts.split(':')
  const [, named = domain, port] = portForm.exec(domain) ?? []
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) throw malformed('its port is none')
  // One spelling for one place: whoever compares DIDs as text would miss `%65vil.example`.
  if (/%[0-7]/.test(named)) throw malformed('its domain is encoded where nothing needs to be')
  const host = readHost(decodeOnce(named), rules.localhost === true)
  const scheme = host === 'localhost' ? 'http' : 'https'
  return {
    origin: `${scheme}://${host}${port === undefined ? '' : `:${Number(port)}`}`,
    path: segments.map((segment) => `/${encodeURIComponent(readSegment(segment))}`).join(''),
  }
}

/** The URL of a file of the DID: in its folder, or under `/.well-known` where it names none. */
export function webUrlOf({ origin, path }: WebLocation, file: string): string {
  return `${origin}${path === '' ? '/.well-known' : path}/${file}`
}

function readHost(host: string, localhost: boolean): string {
  if (localhost && host === 'localhost') return host
  const labels = host.split('.')
  // Characters that a URL parser would change into others (full-width digits, ligatures) are none of IDNA 2008.
  if (host.normalize('NFKC') !== host) throw malformed('its domain holds characters that domains do not have')
  if (labels.length < 2) throw malformed('its domain must be a full one')
  if (host.length > maxDomain || labels.some((part) => part.length > maxLabel || !label.test(part))) {
    throw malformed('its domain is none')
  }
  if (numeric.test(labels.at(-1) ?? '')) throw malformed('it names an address in place of a domain')
  return host
}

function readSegment(encoded: string): string {
  const segment = decodeOnce(encoded)
  const isForbidden =
    segment === '' ||
    segment === '.' ||
    segment === '..' ||
    /[/\\\0]/.test(segment) ||
    segment.trim() !== segment
  if (isForbidden) throw malformed('its path leads out of its folder, or nowhere')
  return segment
}

function decodeOnce(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (cause) {
    throw malformed('it is percent-encoded in a way that cannot be read', cause)
  }
}

function malformed(why: string, cause?: unknown): CredentialError {
  return new CredentialError('did_malformed', `Not a DID that names a place on the web: ${why}`, { cause })
}
