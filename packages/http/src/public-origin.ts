/** What the absolute URLs of requests begin with. */
import { HttpError } from './error.ts'

const everyAddress = new Set(['', '0.0.0.0', '::', '0:0:0:0:0:0:0:0'])

/**
 * The origin of a public address. Its path is left out: well-known documents stand outside of it
 * (RFC 8414 §3.1), so whatever stands in front passes paths on as they are.
 *
 * @throws {HttpError} `option_refused`
 */
export function originOf(publicUrl: string): string {
  const url = URL.canParse(publicUrl) ? new URL(publicUrl) : undefined
  if (
    url === undefined ||
    (url.protocol !== 'https:' && url.protocol !== 'http:') ||
    `${url.username}${url.password}${url.search}${url.hash}` !== ''
  ) {
    throw new HttpError(
      'option_refused',
      'publicUrl must be an http or https URL without user, query or fragment',
    )
  }
  return url.origin
}

/**
 * Refuses to listen on every address without a public one: there would be no URL to hand out.
 *
 * @throws {HttpError} `option_refused`
 */
export function checkHost(host: string, publicUrl: string | undefined): void {
  if (publicUrl === undefined && everyAddress.has(host)) {
    throw new HttpError(
      'option_refused',
      'A server on every address needs a publicUrl: say how it is reached',
    )
  }
}

/** The origin of a server that is reached where it listens. */
export function localOrigin(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}
