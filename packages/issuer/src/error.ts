/** Why the issuer refused. Messages carry no user data. */
export type IssuerErrorCode =
  /** What the operator configured, or asked for in an offer, cannot work; the message names it. */
  | 'settings_invalid'
  /** No credential configuration of that name. */
  | 'configuration_unknown'
  /** The claims to issue do not fit the configuration: one is missing, unknown or of a wrong kind. */
  | 'claims_do_not_fit'
  /** No issuance of that id. */
  | 'issuance_unknown'
  /** The token endpoint takes no such grant. */
  | 'grant_type_unsupported'
  /** The client is unknown, or did not prove who it is. */
  | 'client_unknown'
  /** The address to go back to is not one that the client registered. */
  | 'redirect_uri_refused'
  /** An authorization request came through the browser though it has to be pushed. */
  | 'pushed_request_required'
  /** The name of a pushed request is unknown, expired, used, of another client, or did not come alone. */
  | 'request_uri_unusable'
  /** The browser is not one that is being asked something. */
  | 'flow_unknown'
  | 'code_challenge_missing'
  /** The request asks for no credential that exists. */
  | 'scope_unknown'
  /** Authorization details name what does not exist, is another issuer's, or was not granted. */
  | 'authorization_details_refused'
  /** A token is asked for that would be for somebody else. */
  | 'resource_refused'
  /** The `issuer_state` is not one of an offer that stands. */
  | 'issuer_state_unknown'
  /** The person said no, is not known, or is not the one that the offer was made for. */
  | 'access_denied'
  /** The user authentication answered what it must not. */
  | 'user_authentication_failed'
  /** The authorization code is unknown, expired, used, or of another client. */
  | 'code_unusable'
  | 'code_verifier_wrong'
  /** The key that is proven is not the one that was named before. */
  | 'sender_key_differs'
  | 'refresh_token_unusable'
  /** A client revokes a token that was given to another. */
  | 'token_of_another'
  /** The pre-authorized code is unknown, expired, spent or was guessed at too often. */
  | 'pre_authorized_code_unusable'
  /** A transaction code is expected and was not sent, or was sent and is not expected. */
  | 'tx_code_unexpected'
  | 'tx_code_wrong'
  /** Another authorization server, whose token it may be, could not be asked. */
  | 'server_unreachable'
  /** No access token came with the request. */
  | 'access_token_missing'
  /** The server takes no request here without a DPoP proof. */
  | 'dpop_proof_missing'
  /** The DPoP proof was not made for this request, not just now, by another key, or was used before. */
  | 'dpop_proof_invalid'
  /** The DPoP proof has no nonce, or one that is not ours or too old; the answer brings one. */
  | 'dpop_nonce_needed'
  /** The server takes no request here from a wallet that is not attested. */
  | 'client_attestation_missing'
  /** The attestation is of nobody who is believed, for another client, or its key was not proven to us and now. */
  | 'client_attestation_invalid'
  /** The attestation is over; the wallet's provider makes another. */
  | 'client_attestation_stale'
  /** The proof of the attestation has no challenge, or one that is not ours or too old; the answer brings one. */
  | 'attestation_challenge_needed'
  /** An access token came in a way or a form that is not taken. */
  | 'access_token_malformed'
  /** The access token is unknown, expired or spent. */
  | 'access_token_unusable'
  /** The configuration exists, but this access token is not good for it. */
  | 'configuration_not_authorized'
  /** The request names a credential identifier; none was ever given out. */
  | 'credential_identifier_unknown'
  /** What a credential would say cannot be found out now. Nothing was used up. */
  | 'claims_unavailable'
  /** Whoever knows the subject, or the operator, said no, for good. */
  | 'request_denied'
  /** The transaction was never given out to this grant, is over, or was collected. */
  | 'transaction_unknown'
  /** The notification was never given out to this grant. */
  | 'notification_unknown'
  /** More proofs, or keys, than the metadata allows. */
  | 'batch_too_large'
  | 'proof_missing'
  | 'proof_invalid'
  /** The nonce in the proofs is not ours, too old, or was used before. */
  | 'nonce_unusable'
  /**
   * An independent engine could not read the credential back, or saw something else. Nothing was issued, and
   * its configuration is stopped.
   */
  | 'second_opinion_differs'
  /** Credentials of that configuration are not issued until the operator resumes it. Nothing was used up. */
  | 'configuration_stopped'
  /** The state is under such contention that the operation was given up; nothing was changed. */
  | 'state_contended'
  | 'endpoint_unknown'
  | 'method_not_allowed'

export class IssuerError extends Error {
  override readonly name = 'IssuerError'
  readonly code: IssuerErrorCode

  constructor(code: IssuerErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}
