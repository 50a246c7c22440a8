/** Why the store did not do what it was asked. Messages carry no keys and no values. */
export type StoreErrorCode =
  /** The store was closed, or is closing. */
  | 'store_closed'
  /** Another owner, in this process or in another, holds it. */
  | 'store_locked'
  /** What rests is damaged: a file is cut short, or a checksum or a record's form does not hold. */
  | 'store_corrupt'
  /** No space is left; nothing more is written until the store is opened again. */
  | 'store_full'
  /** The disk or the file system refused; nothing more is written until the store is opened again. */
  | 'store_unavailable'
  /** A value is larger than `capabilities.maxValueBytes`. */
  | 'value_too_large'
  /** A commit has more operations than `capabilities.maxOps`. */
  | 'too_many_ops'
  /** A namespace, key or name is empty, too long, or no well-formed text. */
  | 'key_malformed'
  /** A count, a limit, a sequence number or a moment is not one. */
  | 'op_malformed'
  /** A sealed value was changed, cut short or moved to another key, or its header was tampered with. */
  | 'seal_broken'
  /** The key does not open this store. */
  | 'key_wrong'
  /** The passphrase does not open this store. */
  | 'passphrase_wrong'
  /** A passphrase was given where the store was sealed by a key. */
  | 'key_missing'
  /** The form is one that this release does not know. */
  | 'format_unknown'

export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly code: StoreErrorCode

  constructor(code: StoreErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}
