/** Why a message was not read, or a peer not reached. Messages carry no user data. */
export type ProtocolErrorCode =
  /** A message breaks the form its specification gives it. */
  | 'message_malformed'
  /** A message passes a bound on size, depth or count. */
  | 'message_too_large'
  /** The content type is not the one that the specification names. */
  | 'content_type_unexpected'
  /** A feature of the specification that this release refuses rather than half supports. */
  | 'feature_unsupported'
  /** A credential request is encrypted, or asks for an encrypted response: this release has neither. */
  | 'encryption_unsupported'
  /** `proofs` are missing where a proof is due, or a key proof is not what its type says it is. */
  | 'proof_malformed'
  /** Transaction data of a request break their form, or the form of their type, or are of an unknown type. */
  | 'transaction_data_invalid'
  | 'peer_unreachable'
  | 'peer_timed_out'
  | 'response_too_large'
  /** The address is one that a peer must not make us call (loopback, private, metadata …). */
  | 'address_refused'
  | 'https_required'

export class ProtocolError extends Error {
  override readonly name = 'ProtocolError'
  readonly code: ProtocolErrorCode

  constructor(code: ProtocolErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}
