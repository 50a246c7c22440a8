/**
 * Codes with which the endpoints of an issuer refuse a request, besides those of the access token.
 * OpenID4VCI 1.0 §8.3.1.2, §9.3, §11.3. All go with HTTP status 400.
 */

/** Of the credential endpoint (§8.3.1.2). */
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

/** Of the deferred credential endpoint (§9.3). */
export type DeferredCredentialError =
  | CredentialRequestError
  /** Not given out by this issuer, or already used: stop asking. */
  | 'invalid_transaction_id'

/** Of the notification endpoint (§11.3). */
export type NotificationError =
  /** Not given out by this issuer. */
  'invalid_notification_id' | 'invalid_notification_request'
