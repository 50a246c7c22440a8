/**
 * Codes with which the credential endpoint refuses a request, besides those of the access token.
 * OpenID4VCI 1.0 §8.3.1.2. All go with HTTP status 400.
 */
export type CredentialRequestError =
  /** A parameter is missing, repeated or malformed, or its value is not supported. */
  | 'invalid_credential_request'
  | 'unknown_credential_configuration'
  | 'unknown_credential_identifier'
  /** Proofs are missing, one of them is invalid, or one has no nonce. */
  | 'invalid_proof'
  /** A proof has a nonce that is not, or no longer, one of the issuer's: get another and retry. */
  | 'invalid_nonce'
  | 'invalid_encryption_parameters'
  /** Refused for good: retrying changes nothing. */
  | 'credential_request_denied'
