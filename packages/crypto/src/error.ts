/** Why a primitive did not do what it was asked. Codes are stable; messages carry no key and no text. */
export type CryptoErrorCode =
  /** A key of the wrong size, off its curve, or whose halves do not belong together. */
  | 'key_unusable'
  /** No zlib stream (RFC 1950), one that was cut short, or one with bytes behind its end. */
  | 'zlib_malformed'
  /** The stream holds more than the caller allowed. */
  | 'inflate_too_large'
  /** What was sealed was changed, moved to another place, or sealed under another key. */
  | 'seal_broken'
  /** Sealed by a newer release. */
  | 'seal_format_unknown'
  /** The platform lacks the algorithm. */
  | 'algorithm_unsupported'
  /** What was encrypted was changed, or encrypted to another key; which of the two is not told. */
  | 'jwe_broken'
  /** A message was to be encrypted with the same name for its sender and its receiver. */
  | 'jwe_parties_alike'
  /** A pool of workers that needs whole numbers of at least one. */
  | 'pool_settings_invalid'
  /** More waits for the workers than may. */
  | 'pool_overloaded'
  | 'pool_closed'
  /** A worker died with the task, or could not answer it; another takes its place. */
  | 'worker_failed'
  | 'passphrase_empty'
  /** The cost asked for is too low to protect anything, or so high that it would stall the machine. */
  | 'passphrase_cost_refused'

/** What this package throws. Match on `code`, never on the message. */
export class CryptoError extends Error {
  override readonly name = 'CryptoError'
  readonly code: CryptoErrorCode

  constructor(code: CryptoErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}
