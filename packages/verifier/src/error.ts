/** Why the verifier refused a message or a call. That a presentation fails is a result, not an error. */
export type VerifierErrorCode =
  /** What the operator configured cannot work; the message names the member. */
  | 'settings_invalid'
  /** No presentation of that id, or it is over. */
  | 'presentation_unknown'
  /** The presentation was answered before: an answer counts once. */
  | 'presentation_answered'
  /** `state` is missing or belongs to another presentation. */
  | 'state_mismatch'
  /** The `vp_token` does not have the shape that the query asks for. */
  | 'vp_token_unfit'
  /** No issuer's and holder's signatures over the nonce of this request: the answer changes nothing. */
  | 'answer_unproven'
  /** The answer must be encrypted, and was not. */
  | 'answer_not_encrypted'
  /** The answer is not encrypted to the key of this request, or was changed. */
  | 'answer_undecryptable'
  /** What is asked for in words, or what is wished of a request, cannot be asked. */
  | 'description_unreadable'
  | 'request_unfit'
  /** No answer waits for this response code, or no longer. */
  | 'response_code_unknown'
  /** The answer came back in another session than the one that asked: it is refused. */
  | 'session_mismatch'
  /** This verifier was given no way to wait, or none to send results. */
  | 'port_missing'
  /** A result is fetched with the transaction id as a bearer token, and there was none. */
  | 'transaction_missing'
  | 'endpoint_unknown'
  | 'method_not_allowed'
  /** The presentation could not be kept. */
  | 'state_contended'
  /** A port rejected where it should have answered; `cause` says why. Nothing was changed. */
  | 'port_failed'

export class VerifierError extends Error {
  override readonly name = 'VerifierError'
  readonly code: VerifierErrorCode

  constructor(code: VerifierErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}
