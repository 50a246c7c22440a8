/** What became of a call that got no answer, in the codes of the protocol. */
import { ProtocolError, type ProtocolErrorCode } from '@facet-id/protocol/error'

/** A failure of Node's as a coded error; one of ours that only passed through Node stays as it is. */
export function failureOf(cause: unknown): Error {
  if (cause instanceof Error && cause.name === 'ProtocolError') return cause
  const said = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const [code, text] = meanings.find(([pattern]) => pattern.test(said))?.[1] ?? unreachable
  return new ProtocolError(code, text, { cause })
}

type Meaning = readonly [ProtocolErrorCode, string]

const unreachable: Meaning = [
  'peer_unreachable',
  'The peer could not be reached: check the address, and that its service is running',
]

/** The time was up: what else happened then follows from it. */
export function timedOut(cause: unknown): ProtocolError {
  return new ProtocolError('peer_timed_out', 'The peer did not answer in time: try again later', { cause })
}

/** By the `code` of Node's error. */
const meanings: readonly (readonly [RegExp, Meaning])[] = [
  [/^HPE_HEADER_OVERFLOW$/, ['response_too_large', 'The headers of the answer are larger than is read here']],
  [/^HPE_/, ['peer_unreachable', 'What was reached does not speak HTTP: check the address and its port']],
  [
    /^(?:ERR_INVALID_CHAR|ERR_INVALID_HTTP_TOKEN|ERR_UNESCAPED_CHARACTERS)$/,
    ['message_malformed', 'The request holds a character that HTTP does not carry'],
  ],
  [
    /^ERR_TLS_|CERT|_SIGNATURE|^(?:INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH|PATH_LENGTH_EXCEEDED)/,
    ['peer_unreachable', 'The certificate of the peer is not valid for its name: nothing was sent to it'],
  ],
  [
    /^(?:EPROTO|ERR_SSL_)/,
    ['peer_unreachable', 'No TLS connection came about: check the address and its port'],
  ],
]
