/**
 * Who is believed for what. Roles ask, a list or a person decides, and the answer comes with words.
 *
 * Trust is a question of its own: a signature may be perfect and its maker nobody that one believes.
 */
import type { ClaimsPath } from '@facet-id/credential/sd-jwt'
import type { CertificateIdentity, FederationIdentity } from './identity.ts'

/** The port that roles ask. Pure but for the time: at one moment the same question has the same answer. */
export interface Trust {
  /** May this issuer issue credentials of this type? */
  mayIssue(question: IssueQuestion): TrustDecision
  /** May this verifier ask for these claims? */
  mayAsk(question: AskQuestion): TrustDecision
}

/** What was proven of the party besides its name; whoever asks has verified it. */
export interface Evidence {
  /** The party signed with the key of this certificate, and the chain leads to an anchor. */
  readonly certificate?: CertificateIdentity
  /** A federation vouches for the party. */
  readonly federation?: FederationIdentity
}

export interface IssueQuestion extends Evidence {
  /** The credential's `iss`, or the Credential Issuer Identifier before there is a credential. */
  readonly issuer: string
  /** The credential's type. */
  readonly vct: string
  /** What the issuer calls itself besides, and did not prove: `iss` beside a certificate. Only blocks are held against it. */
  readonly claimed?: string
}

export interface AskQuestion extends Evidence {
  /** Full client id, prefix and all, as the request's signature proved it. */
  readonly clientId: string
  readonly claims: readonly AskedClaims[]
}

/** What one query asks for: names, never values. */
export interface AskedClaims {
  /** Types that would answer the query; any of them may be what is shown. */
  readonly vcts: readonly string[]
  /** Empty: nothing besides what every credential of the type shows. */
  readonly paths: readonly ClaimsPath[]
}

export interface TrustDecision {
  /** `undetermined`: it could not be found out, or is left to the person. It never counts as trusted. */
  readonly decision: 'trusted' | 'not_trusted' | 'undetermined'
  /** A sentence that is safe to show: nothing of the person, and nothing that a stranger wrote. */
  readonly why: string
  /** What a registrar says that the claims are for; absent where nobody says so. */
  readonly purpose?: string
}
