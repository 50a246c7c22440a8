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
  /** The encryption of a message, or of the answer that it asks for, is malformed, missing or not known here. */
  | 'encryption_unsupported'
  /** An authorization request asks for another answer than a code. */
  | 'response_type_unsupported'
  /** An authorization request came as a request object (RFC 9101). */
  | 'request_object_unsupported'
  /** Authorization details are of a type that nobody here knows, or lack what their type demands. */
  | 'authorization_details_malformed'
  /** An authorization response is another server's, or does not say whose: the code in it goes nowhere. */
  | 'issuer_mismatch'
  /** `proofs` are missing where a proof is due, or a key proof is not what its type says it is. */
  | 'proof_malformed'
  /** A DPoP proof is not what RFC 9449 says it is, or came twice. */
  | 'dpop_proof_malformed'
  /** A client attestation, or the proof of its key, is not what its draft says it is, or came twice. */
  | 'client_attestation_malformed'
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
