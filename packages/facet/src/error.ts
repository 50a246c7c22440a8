/** Why the product stopped. Each becomes one line for the person at the terminal, and exit code 1. */
export type FacetErrorCode =
  /** The command line cannot be understood; the message says which word. */
  | 'usage'
  /** A file that the command names cannot be read, or is not what it should be. */
  | 'file_unusable'
  /** The data directory cannot be made or written to: a file is in its place, or rights or space are missing. */
  | 'data_directory_unusable'
  /** The key file lies in the data directory that it protects. */
  | 'key_file_inside_data'
  /** The key file can be read by others than its owner. */
  | 'key_file_exposed'
  /** There is sealed data, but not the key that it was sealed with. */
  | 'key_file_missing'
  /** What stands in the key file is no key. */
  | 'key_file_malformed'
  /** The key file cannot be read, or cannot be made. */
  | 'key_file_unusable'
  /** There is an authority in that directory already. */
  | 'authority_present'
  /** There is a list in the making in that directory already. */
  | 'list_present'
  /** The authority has issued no such certificate. */
  | 'certificate_unknown'
  /** The certificate to sign with is expired, not valid yet, for another purpose or key, or its chain is broken. */
  | 'certificate_unusable'
  /** The attestation of a verifier is over, for another key, or cannot be read. */
  | 'attestation_unusable'
  /** A passphrase is needed and there is nobody to ask. */
  | 'passphrase_missing'
  /** The new passphrase was typed in two ways. */
  | 'passphrase_mismatch'
  /** Plain http outside development mode, or elsewhere than on loopback. */
  | 'development_mode_needed'
  /** The public URL of a service is none. */
  | 'public_url_malformed'
  /** No running service answers for this data directory. */
  | 'service_not_running'
  /** Another service runs on this data directory. */
  | 'service_running'
  /** The running service refused what the operator asked for. */
  | 'operator_refused'
  /** The independent engine could not read a credential that was about to be issued. */
  | 'second_opinion_unreadable'
  /** Whoever knows the claims of a subject, a database or a webhook, did not answer. */
  | 'claims_source_failed'
  /** What a database or a webhook answered about a subject is none of what was agreed upon. */
  | 'claims_answer_malformed'
  /** No DID of this name is kept in this data directory. */
  | 'did_not_kept'
  /** A running service signs with the DID. */
  | 'did_in_use'
  /** The DID was not resolved; the message says why, and "facet did explain" step by step. */
  | 'did_not_resolved'
  /** The card of a credential cannot be drawn: nothing is known of its type, or its template cannot be had. */
  | 'card_not_drawn'
  /** The OpenID provider at which persons log in could not be used. */
  | 'login_failed'
  /** Another authorization server cannot be asked about its tokens. */
  | 'server_not_asked'
  /** The demonstration did not come out as it must. */
  | 'demo_failed'

export class FacetError extends Error {
  override readonly name = 'FacetError'
  readonly code: FacetErrorCode

  constructor(code: FacetErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}

/**
 * The code of an error of ours, whichever package it is of; `undefined` for whatever else was thrown.
 * Codes of the platform look different, and what stands in its messages is not known.
 */
export function codeOf(error: unknown): string | undefined {
  const isOurs =
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/.test(error.code)
  return isOurs ? String(error.code) : undefined
}

/** Whether the system refused something, for this reason: `ENOENT`. */
export function isSystemError(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}
