/** Why the product stopped. Each becomes one line for the person at the terminal, and exit code 1. */
export type FacetErrorCode =
  /** The command line cannot be understood; the message says which word. */
  | 'usage'
  /** A file that the command names cannot be read, or is not what it should be. */
  | 'file_unusable'
  /** The key file lies in the data directory that it protects. */
  | 'key_file_inside_data'
  /** The key file can be read by others than its owner. */
  | 'key_file_exposed'
  /** There is sealed data, but not the key that it was sealed with. */
  | 'key_file_missing'
  | 'key_file_malformed'
  /** A passphrase is needed and there is nobody to ask. */
  | 'passphrase_missing'
  /** Plain http outside development mode, or elsewhere than on loopback. */
  | 'development_mode_needed'
  /** No running service answers for this data directory. */
  | 'service_not_running'
  /** The running service refused what the operator asked for. */
  | 'operator_refused'
  /** The independent engine could not read a credential that was about to be issued. */
  | 'second_opinion_unreadable'
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
