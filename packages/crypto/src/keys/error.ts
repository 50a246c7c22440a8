/** Why a key at rest, in a token or with a service could not be used. Messages carry no key, PIN or passphrase. */
export type KeyErrorCode =
  /** The file cannot be read or written, or its name is taken. */
  | 'key_file_unusable'
  /** Others than its owner can read the file: chmod 600 it. */
  | 'key_file_exposed'
  /** What stands in the file is no private key in a form that is known, or a key that is not taken. */
  | 'key_file_malformed'
  /** Written by a newer release. */
  | 'key_file_format_unknown'
  /** The key is encrypted, and no passphrase was given. */
  | 'passphrase_missing'
  /** The passphrase is another, or the file was changed. */
  | 'passphrase_wrong'
  /** The token or service has no such key. */
  | 'key_unknown'
  /** The token or service makes no keys, or none for this algorithm. */
  | 'key_unsupported'
  /** A service answered with a signature that the key does not verify: nothing was handed out. */
  | 'signature_wrong'
  /** A service cannot be reached, or did not do what it was asked. */
  | 'key_service_unavailable'
  /** The PKCS #11 module cannot be loaded, or there is no binding for it on this platform. */
  | 'pkcs11_module_unusable'
  /** No slot has a token of that label. */
  | 'pkcs11_token_unknown'
  /** The PIN is wrong, or locked: the token counts, so nothing is tried again. */
  | 'pkcs11_pin_refused'
  /** The token refused something; the message has its return value. */
  | 'pkcs11_failed'

/** What this front throws. Match on `code`, never on the message. */
export class KeyError extends Error {
  override readonly name = 'KeyError'
  readonly code: KeyErrorCode

  constructor(code: KeyErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}
