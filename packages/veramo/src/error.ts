/** Why the agent did not do what it was asked. Codes are stable; messages carry no key. */
export type DidAgentErrorCode =
  /** An alias is 1 to 128 letters, digits and `. _ : / -`. */
  | 'alias_malformed'
  /** Another DID has the alias. */
  | 'alias_taken'
  /** This agent made no such DID, or none of that alias. */
  | 'did_unknown'
  /** This agent keeps the DID, or a key of it, already. */
  | 'did_taken'
  /** A DID of this method cannot be changed so: make another. */
  | 'did_immutable'
  /** The DID was given up: it neither signs nor changes. */
  | 'did_deactivated'
  /** This agent holds no such key, or none that signs in that role. */
  | 'key_unknown'
  /** The key was replaced by another: it verifies, and never signs again. */
  | 'key_retired'
  /** A key was to be replaced, and whoever makes keys made the same again. */
  | 'key_reused'
  /** The key is held by a token or service that this agent was not given. */
  | 'holder_missing'
  /** The DID was changed meanwhile: look at it and do it again. */
  | 'state_contended'
  /** An agent of the application made something else than a signature. */
  | 'signature_malformed'
  /** Fewer witnesses than the DID needs have signed a change: nothing was changed. */
  | 'witness_missing'
  /** What a DID or a service is to be cannot be read. */
  | 'wish_malformed'
  /** What is to be imported is no DID of this agent's form, or is not whole. */
  | 'import_malformed'
  /** The DID has a service of this id. */
  | 'service_taken'
  /** The DID has no service of this id. */
  | 'service_unknown'
  /** A key and the DID it is kept for do not belong together: restore the store from a backup. */
  | 'record_corrupt'
  /** Veramo knows it, this agent does not do it: another type of key, another method, importing keys. */
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

/** The answer of what Veramo's classes ask for and this agent does not do. */
export function notSupported(what: string): DidAgentError {
  return new DidAgentError('not_supported', `${what} is not supported here`)
}
