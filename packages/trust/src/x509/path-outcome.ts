/** What came of a chain of certificates: whose key it proves, or which rule it breaks. */
import type { PublicJwk } from '@facet-id/credential/jose'
import type { CertificateIdentity } from '../identity.ts'

export type PathFaultCode =
  /** A certificate cannot be read; its own code is in the words. */
  | 'unreadable'
  /** The certificate of the party itself is its own issuer (HAIP 1.0 §4 to §6). */
  | 'leaf_self_signed'
  /** The chain brings an anchor, and the rules refuse that. */
  | 'anchor_sent'
  /** A certificate does not name the next one as its issuer, or stands there twice. */
  | 'order_wrong'
  /** The last certificate was issued by nobody who is an anchor here. */
  | 'anchor_unknown'
  | 'signature_invalid'
  | 'not_yet_valid'
  | 'expired'
  /** A certificate demands that an extension be understood, and it is not. */
  | 'extension_unknown'
  /** Who issued a certificate was not allowed to issue any. */
  | 'not_an_authority'
  /** More authorities below one than it allows. */
  | 'path_too_long'
  /** An authority above may not vouch for such a name. */
  | 'name_not_permitted'
  /** The key of the party itself is an authority's, or none for signatures. */
  | 'key_usage_wrong'
  /** The certificate is for another purpose. */
  | 'purpose_wrong'
  | 'revoked'
  /** Whether a certificate was revoked could not be found out. */
  | 'revocation_unknown'

export interface PathFault {
  /** Which certificate, 0 for that of the party itself; one more than were sent for the anchor. */
  readonly at: number
  readonly code: PathFaultCode
  /** A sentence that is safe to show: nothing that stands in a certificate. */
  readonly why: string
}

export type PathOutcome =
  | {
      readonly outcome: 'proven'
      readonly key: PublicJwk
      readonly identity: CertificateIdentity
      /** Key identifiers of those who issued each certificate of the chain, base64url (OpenID4VP 1.0 §6.1.1.1). */
      readonly authorityKeyIdentifiers: readonly string[]
      /** Until when this may be kept: the first end of a certificate or of a revocation list. Seconds since the epoch. */
      readonly validUntil: number
      /** What was tolerated, in words for a log. */
      readonly notes: readonly string[]
    }
  /** `undetermined`: it could not be found out, and never counts as proven. */
  | ({ readonly outcome: 'refused' | 'undetermined' } & PathFault)

export function fault(at: number, code: PathFaultCode, why: string): PathFault {
  return { at, code, why }
}
