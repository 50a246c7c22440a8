/** Why a server could not be started. What a stranger sends never makes one: it is answered. */
export type HttpErrorCode =
  /** Another program holds the port. */
  | 'port_in_use'
  /** The system does not let this user take the port. */
  | 'port_forbidden'
  /** The host is no address of this machine. */
  | 'host_unavailable'
  /** The system refused for another reason, which is the error's `cause`. */
  | 'listen_failed'
  /** An option is not what it must be, or does not go with another. */
  | 'option_refused'
  /** Reported, and never thrown: a body parser of a framework took a body before the role could read it. */
  | 'body_taken'

export class HttpError extends Error {
  override readonly name = 'HttpError'
  readonly code: HttpErrorCode

  constructor(code: HttpErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}
