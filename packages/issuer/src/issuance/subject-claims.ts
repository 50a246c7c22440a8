/**
 * Where claims come from: the port that is asked for what a credential says about its subject, unless an offer
 * brought it. What is answered is checked like the claims of an offer before anything is signed.
 */
import type { MaybePromise } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'

/** What is to be issued, and to whom. */
export interface SubjectAsked {
  /** As the operator's user authentication, or `server`, calls them; absent for what was offered without a person. */
  readonly subject?: string
  /**
   * The authorization server whose name for the person `subject` is: two servers may call two persons alike. Absent:
   * the name is that of this issuer's own user authentication.
   */
  readonly server?: string
  readonly configurationId: string
  /** Which of the subject's sets of data; absent: there is one only. */
  readonly credentialIdentifier?: string
  /**
   * The same each time that the same credential is asked about: whoever answers does what it does once for each.
   * Says nothing about the person.
   */
  readonly issuanceId: string
}

export type SubjectAnswer =
  | { readonly answer: 'claims'; readonly claims: JsonObject }
  /** Not yet: the wallet is told to ask again, after that many seconds where they are given. */
  | { readonly answer: 'later'; readonly interval?: number }
  /** Never: the wallet is told so, and asks no more. */
  | { readonly answer: 'denied' }

/**
 * Rejects where nobody can tell at the moment: the wallet loses nothing, and tries again. It must settle, best within
 * eight seconds: nobody else measures its time, the wallet waits, and what comes with the same token waits behind it.
 */
export type SubjectClaims = (asked: SubjectAsked) => MaybePromise<SubjectAnswer>
