import { CredentialError } from '../../error.ts'

/** An entry breaks a rule of the method. `why` completes "The log of the DID is not valid: …". */
export function logInvalid(why: string, cause?: unknown): CredentialError {
  return new CredentialError('did_log_invalid', `The log of the DID is not valid: ${why}`, { cause })
}
