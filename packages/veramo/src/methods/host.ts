/** Where a DID that is found on the web lives: the host and path in its name, and the URL they give. */
import { DidAgentError } from '../error.ts'
import type { DidWish } from './method.ts'

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
const SEGMENT = /^[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,63}$/
/** Segments that would end up where the other form of the DID is served. */
const RESERVED = '.well-known'
const MAX_SEGMENTS = 8

export interface Host {
  /** As it stands in the DID: `example.org%3A8443:people:7`. */
  readonly written: string
  /** Folder of its files, no slash at the end: `/.well-known`, `/people/7`. */
  readonly folder: string
}

/**
 * Reads the host and the path of a DID to be. No IP address in any notation: no resolver would take it.
 *
 * @throws {DidAgentError} `wish_malformed`
 */
export function readHost({ domain, path = [] }: Pick<DidWish, 'domain' | 'path'>): Host {
  const [host = '', port, ...more] = (domain ?? '').split(':')
  const labels = host.split('.')
  const last = labels.at(-1) ?? ''
  const isName = host.length <= 253 && labels.every((label) => LABEL.test(label)) && !/^(?:\d|0x)/.test(last)
  if (!isName || more.length > 0 || (port !== undefined && !isPort(port))) {
    throw new DidAgentError(
      'wish_malformed',
      'The domain is a host name in lower case, with :port where it has one',
    )
  }
  if (path.length > MAX_SEGMENTS || !path.every((segment) => SEGMENT.test(segment)) || path[0] === RESERVED) {
    throw new DidAgentError('wish_malformed', 'A path has up to 8 segments of letters, digits and . _ ~ -')
  }
  const authority = port === undefined ? host : `${host}%3A${port}`
  return {
    written: [authority, ...path].join(':'),
    folder: path.length === 0 ? `/${RESERVED}` : `/${path.join('/')}`,
  }
}

function isPort(text: string): boolean {
  return /^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65535
}
