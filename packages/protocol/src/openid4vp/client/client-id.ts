/**
 * Client identifiers of verifiers, and the prefix that says how a wallet may know that a request
 * is theirs. OpenID4VP 1.0 §5.9. What follows from each prefix is in `prefix-rules.ts`.
 *
 * The whole text, prefix included, is the verifier's name: in sessions, in comparisons and as the
 * audience of a presentation (§14.10). Cut off the prefix, and one party can pass for another.
 */
import { readBase64url } from '@facet-id/credential/base64url'
import { readDid } from '@facet-id/credential/did'
import { ProtocolError } from '../../error.ts'
import { readHttpUrl, readIdentifierUrl, type Scheme } from '../../url.ts'
import { type ClientIdPrefix, prefixRules } from './prefix-rules.ts'

/** A verifier, as it calls itself: a claim until it is proven by the rules of the prefix. */
export interface ClientId {
  readonly prefix: ClientIdPrefix
  /** What follows the prefix; the whole of it where there is none. */
  readonly id: string
  /** Prefix and all. */
  readonly full: string
}

/** Characters of a client identifier. */
const LENGTH = 2048

/**
 * Reads a client identifier. Only the text before the first `:` is its prefix; what follows is read
 * by the rules of that prefix, and is no URI (§5.9.1).
 *
 * @param scheme of addresses in it
 * @throws {ProtocolError} `feature_unsupported` for an unknown prefix; `message_too_large`,
 * `https_required`; `message_malformed` for what no verifier may be called: `origin:…`, a prefix that only
 * looks like one that is known, an id that does not fit its prefix
 */
export function readClientId(text: string, scheme: Scheme = 'https'): ClientId {
  if (text.length > LENGTH) {
    throw new ProtocolError('message_too_large', 'The client_id is longer than is read here')
  }
  const colon = text.indexOf(':')
  if (colon === -1) return { prefix: 'pre-registered', id: readRegisteredName(text), full: text }
  const prefix = text.slice(0, colon)
  const id = text.slice(colon + 1)
  // "The Wallet MUST NOT accept this Client Identifier Prefix in requests": the browser sets it.
  if (prefix === 'origin') throw malformed('no verifier may call itself by the prefix "origin"')
  if (!isPrefix(prefix)) throw refusalOf(prefix)
  readers[prefix](id, scheme)
  return { prefix, id, full: text }
}

/**
 * The client identifier of a verifier: of the one with that DID, unless another prefix is given.
 * {@link readClientId} says what fits which prefix.
 */
export function writeClientId(id: string, prefix: ClientIdPrefix = 'decentralized_identifier'): string {
  return prefix === 'pre-registered' ? id : `${prefix}:${id}`
}

/** `pre-registered` stands for no prefix; written out it is one that nobody defined. */
type WrittenPrefix = Exclude<ClientIdPrefix, 'pre-registered'>

const readers: Readonly<Record<WrittenPrefix, (id: string, scheme: Scheme) => unknown>> = {
  decentralized_identifier: (id) => attempt('a DID', () => readDid(id)),
  openid_federation: (id, scheme) => readIdentifierUrl(id, scheme),
  redirect_uri(id, scheme) {
    if (readHttpUrl(id, scheme).fragment !== undefined) throw unfit('an address without a fragment')
  },
  verifier_attestation(id) {
    if (!NAME.test(id) || isPrefix(id.slice(0, Math.max(0, id.indexOf(':')))))
      throw unfit('the name of a verifier')
  },
  x509_hash(id) {
    const bytes = attempt('the SHA-256 of a certificate', () => readBase64url(id))
    if (bytes.length !== 32) throw unfit('the SHA-256 of a certificate')
  },
  x509_san_dns(id) {
    if (!DNS_NAME.test(id) || id.length > 253) throw unfit('a DNS name in lower case')
  },
}

/** Printable ASCII without blanks. */
const NAME = /^[\x21-\x7E]+$/

/** Lower case, no wildcard, no address in numbers: the last label begins with a letter. */
const DNS_NAME = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/**
 * §5.9.2: a wallet must not take for registered what looks like a supported prefix. So the name up to the first sign
 * that could be taken for a colon is compared, by its letters and digits alone, whatever the case.
 */
function readRegisteredName(text: string): string {
  if (!NAME.test(text)) throw malformed('a client_id without a prefix is of printable ASCII without blanks')
  const beginning = lettersOf(/^[\w-]*/.exec(text)?.[0] ?? '')
  if ([...PREFIXES, 'origin'].some((prefix) => beginning === lettersOf(prefix))) {
    throw malformed('a client_id without a prefix must not begin like one with a prefix')
  }
  return text
}

const PREFIXES: readonly string[] = Object.keys(prefixRules).filter((prefix) => prefix !== 'pre-registered')

function isPrefix(text: string): text is WrittenPrefix {
  return PREFIXES.includes(text)
}

/** Were it taken for a registered name, `Decentralized_identifier:` would be a DID without a proof. */
function refusalOf(prefix: string): ProtocolError {
  if (prefix !== prefix.toLowerCase()) return malformed('a client_id prefix is written in lower case')
  return new ProtocolError(
    'feature_unsupported',
    'The verifier is refused: the client_id has a prefix that OpenID4VP 1.0 does not define',
  )
}

function lettersOf(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '')
}

function attempt<T>(what: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    throw unfit(what, cause)
  }
}

function unfit(what: string, cause?: unknown): ProtocolError {
  return malformed(`what follows its client_id prefix must be ${what}`, cause)
}

function malformed(why: string, cause?: unknown): ProtocolError {
  return new ProtocolError('message_malformed', `The verifier is refused: ${why}`, { cause })
}
