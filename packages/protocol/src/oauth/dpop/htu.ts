/**
 * The address that a DPoP proof is made for: that of the request, without query and fragment.
 * RFC 9449 §4.2, §4.3; normalized as RFC 3986 §6.2.2 and §6.2.3 say, since two programs may write one address
 * in two ways.
 */
import { ProtocolError } from '../../error.ts'
import { readHttpUrl, type Scheme } from '../../url.ts'

/** What the wallet writes: the address as it calls it. */
export function htuOf(url: string): string {
  return url.split(/[?#]/, 1)[0] ?? url
}

/**
 * The one spelling of an address, to compare by.
 *
 * @throws {ProtocolError} `dpop_proof_malformed` for what is no absolute https address
 */
export function normalizedHtu(url: string, scheme: Scheme = 'https'): string {
  try {
    const { scheme: written, host, path } = readHttpUrl(htuOf(lowerScheme(url)), scheme)
    const ofScheme = written === 'https' ? ':443' : ':80'
    const lower = host.toLowerCase()
    const bare = lower.endsWith(ofScheme) ? lower.slice(0, -ofScheme.length) : lower
    return `${written}://${bare}${path === '' ? '/' : normalizedPath(path)}`
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause
    throw new ProtocolError('dpop_proof_malformed', 'The htu of a DPoP proof is the address of the request', {
      cause,
    })
  }
}

function lowerScheme(url: string): string {
  return url.replace(/^[A-Za-z]{4,5}(?=:)/, (scheme) => scheme.toLowerCase())
}

/** Letters, digits and `-._~` are never percent-encoded; hexadecimal digits are upper case. */
function normalizedPath(path: string): string {
  return path.replace(/%[0-9A-Fa-f]{2}/g, (encoded) => {
    const char = String.fromCharCode(Number.parseInt(encoded.slice(1), 16))
    return /[A-Za-z0-9._~-]/.test(char) ? char : encoded.toUpperCase()
  })
}
