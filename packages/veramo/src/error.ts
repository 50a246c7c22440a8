/** Why the agent did not do what it was asked. Codes are stable; messages carry no key. */
export type DidAgentErrorCode =
  /** An alias is 1 to 128 letters, digits and `. _ : / -`. */
  | 'alias_malformed'
  /** Another DID has the alias. */
  | 'alias_taken'
  /** This agent made no such DID, or none of that alias. */
  | 'did_unknown'
  /** This agent holds no such key. */
  | 'key_unknown'
  /** A key and the DID it is kept for do not belong together: restore the store from a backup. */
  | 'record_corrupt'
  /** Veramo knows it, this agent does not do it: another type of key, changing a did:jwk, importing keys. */
  | 'not_supported'

/** What this package throws of its own. Match on `code`, never on the message. */
export class DidAgentError extends Error {
  override readonly name = 'DidAgentError'
  readonly code: DidAgentErrorCode

  constructor(code: DidAgentErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}

/** The answer of what Veramo's classes ask for and did:jwk, or this release, does not have. */
export function notSupported(what: string): DidAgentError {
  return new DidAgentError('not_supported', `${what} is not supported here`)
}
