import type { JsonObject } from '@facet-id/credential/json'

/** Why the holder stopped. Messages carry no user data. */
export type HolderErrorCode =
  /** What the application configured cannot work; the message names the member. */
  | 'settings_invalid'
  /** The person said no. Nothing was sent that says so to an issuer; a verifier is told no more than "denied". */
  | 'declined_by_person'
  /** The offer or the metadata asks for something that this release does not do. */
  | 'offer_unsupported'
  /** The metadata of the issuer lacks what was offered. */
  | 'metadata_mismatch'
  /** A trust list says that this issuer must not issue this. Nothing of it was kept. */
  | 'issuer_not_trusted'
  /** The offer asks for a transaction code, and the person gave none, or none of the length and digits that it describes. */
  | 'tx_code_missing'
  /** The peer answered with an HTTP error; `peerStatus` and `peerError` say which. */
  | 'refused_by_peer'
  /** The issuer says that it will not issue this, for good; `peerError` says so too. Nothing of it is kept. */
  | 'issuance_denied'
  /** What was deferred was answered with failures alone for weeks, and is not asked for any more. Nothing of it is kept. */
  | 'issuance_given_up'
  /** The answer is in the clear, or encrypted to another key, where encryption was asked for. Nothing of it was kept. */
  | 'answer_not_encrypted'
  /** Whose metadata it is could not be proven, and the settings demand it. */
  | 'metadata_not_authentic'
  /** The person is at the authorization server. Resume the issuance with the address at which the browser comes back. */
  | 'authorization_pending'
  /** Where the browser came back is no answer to what was asked. Nothing was sent, and the issuance still waits. */
  | 'redirect_unusable'
  /** The authorization server gave no code: the person declined there, or it refused; `peerError` says which. */
  | 'authorization_denied'
  /** What attests the wallet to this issuer is of another client, or was shown to another issuer. It was not sent. */
  | 'attestation_unusable'
  /** The access token is not bound to a key of this wallet as it should be. It was not used. */
  | 'token_not_bound'
  /** The issuer gave no lasting access, or ended it: more of this credential takes a new offer. */
  | 'grant_ended'
  /** What was received does not pass its checks; the report says which. Nothing of it was kept. */
  | 'credential_refused'
  /** Something that is needed to check what was received could not be found out. Resume the issuance later. */
  | 'credential_undetermined'
  /** What was received is not what was offered and asked for. Nothing of it was kept. */
  | 'credential_substituted'
  /** The issuer signs as somebody else than before, known in the same way, and no list says that it may. Nothing of it was kept. */
  | 'issuer_changed'
  /** The request is not proven to come from the verifier that it names. Nothing was sent. */
  | 'request_not_authentic'
  /** The request is over, or was made for another time. Nothing was sent. */
  | 'request_expired'
  /** The request was answered before, or is by another call: each is answered once. Nothing was sent or spent. */
  | 'request_answered'
  /** The request wants its answer where nothing ties the address to its verifier. Nothing was sent there. */
  | 'answer_address_refused'
  /** The request asks in a way that cannot be answered; `cause` says how, and `handOver` what its verifier may hear. */
  | 'request_unusable'
  /** The verifier is one that must not ask for this. Nothing was sent. */
  | 'verifier_not_trusted'
  /** No credential held answers the request; the verifier is told no more than "denied". */
  | 'nothing_matches'
  /** The matching credential has no unused copy left; ask its issuer for more. */
  | 'copies_spent'
  /**
   * What was chosen is not among what the request and the shelf allow, or does not authorize all that is to be
   * authorized; or a moment is none: a defect of the application. Nothing was sent or deleted.
   */
  | 'choice_invalid'
  /** The log is not what was written; the message names the first entry that was changed or is missing. */
  | 'log_broken'
  /** No issuance of that id is under way. */
  | 'issuance_unknown'
  /** No credential of that id is held, or its key is gone. */
  | 'credential_unknown'
  /** An exchange was given an answer that it had not asked for: a defect of the caller. */
  | 'out_of_turn'
  /** Something else changed the same state at the same time; try again. */
  | 'state_contended'

/**
 * What the application hands over, where a verifier is not answered by a message: the user agent goes to the address,
 * or the platform takes the object.
 */
export type HandOver =
  | { readonly by: 'user_agent'; readonly url: string }
  | { readonly by: 'platform'; readonly data: JsonObject }

export class HolderError extends Error {
  override readonly name = 'HolderError'
  readonly code: HolderErrorCode
  /** The error code that the peer sent, when `code` is `refused_by_peer`. */
  readonly peerError?: string
  /** The HTTP status that the peer answered with, when `code` is `refused_by_peer`. */
  readonly peerStatus?: number
  /** What the verifier may hear of it, where it takes that from the user agent or the platform. */
  readonly handOver?: HandOver

  constructor(
    code: HolderErrorCode,
    message: string,
    options?: {
      readonly cause?: unknown
      readonly peerError?: string
      readonly peerStatus?: number
      readonly handOver?: HandOver
    },
  ) {
    super(message, options)
    this.code = code
    if (options?.peerError !== undefined) this.peerError = options.peerError
    if (options?.peerStatus !== undefined) this.peerStatus = options.peerStatus
    if (options?.handOver !== undefined) this.handOver = options.handOver
  }
}
