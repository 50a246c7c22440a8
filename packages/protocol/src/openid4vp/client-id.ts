/**
 * Client identifiers of verifiers, and the prefix that says how a wallet may know that a request
 * is theirs. OpenID4VP 1.0 §5.9.
 *
 * The whole text, prefix included, is the verifier's name: in sessions, in comparisons and as the
 * audience of a presentation (§14.10). Cut off the prefix, and one party can pass for another.
 */
import { readDid } from '@facet-id/credential/did'
import { ProtocolError } from '../error.ts'

/** A verifier that signs its requests with a key of its DID. */
export interface ClientId {
  readonly prefix: 'decentralized_identifier'
  /** The DID: what follows the prefix. */
  readonly id: string
  /** Prefix and all. */
  readonly full: string
}

/** Those of §5.9.3 that this release does not take. */
const UNSUPPORTED_PREFIXES = [
  'redirect_uri',
  'openid_federation',
  'verifier_attestation',
  'x509_san_dns',
  'x509_hash',
]

/**
 * Reads a client identifier. Only the text before the first `:` is its prefix; what follows is read
 * by the rules of that prefix, and is no URI (§5.9.1).
 *
 * @throws {ProtocolError} `feature_unsupported` for a prefix that is not taken, for an unknown one
 * and for none, because no verifier is registered here beforehand (§5.9.2); `message_malformed` for
 * what no verifier may be called: `origin:…`, a prefix not in lower case, an id that is no DID
 */
export function readClientId(text: string): ClientId {
  const colon = text.indexOf(':')
  if (colon === -1) {
    throw unsupported(
      'a client_id without a prefix names a verifier known beforehand, and none is known here',
    )
  }
  const prefix = text.slice(0, colon)
  if (prefix === 'decentralized_identifier') return { prefix, id: readId(text.slice(colon + 1)), full: text }
  if (UNSUPPORTED_PREFIXES.includes(prefix)) {
    throw unsupported(`verifiers with the client_id prefix "${prefix}" are not supported yet`)
  }
  // "The Wallet MUST NOT accept this Client Identifier Prefix in requests": the browser sets it.
  if (prefix === 'origin') throw malformed('no verifier may call itself by the prefix "origin"')
  // Were it taken for a registered name, `Decentralized_identifier:` would be a DID without a proof.
  if (prefix !== prefix.toLowerCase()) throw malformed('a client_id prefix is written in lower case')
  throw unsupported('the client_id has a prefix that OpenID4VP 1.0 does not define')
}

/** The client identifier of the verifier with that DID. */
export function writeClientId(did: string): string {
  return `decentralized_identifier:${did}`
}

function readId(id: string): string {
  try {
    return readDid(id).did
  } catch (cause) {
    throw malformed('what follows decentralized_identifier: must be a DID', cause)
  }
}

function unsupported(why: string): ProtocolError {
  return new ProtocolError('feature_unsupported', `The verifier is refused: ${why}`)
}

function malformed(why: string, cause?: unknown): ProtocolError {
  return new ProtocolError('message_malformed', `The verifier is refused: ${why}`, { cause })
}
