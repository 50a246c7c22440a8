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
