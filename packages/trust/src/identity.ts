/** What was proven of a party besides its name: by certificates, or by a federation. */

/** What a chain of certificates proved. The anchor is what makes it mean anything. */
export interface CertificateIdentity {
  /** The operator's name for the anchor that the chain leads to. */
  readonly anchor: string
  /** The subject, for people: `C=UTO, O=…`. Written by the party, vouched for by the anchor. */
  readonly subject: string
  /** DNS names among the other names of the subject, lower case. */
  readonly sanDns: readonly string[]
  /** URIs among them, as they stand. */
  readonly sanUris: readonly string[]
  /** SHA-256 of the certificate, base64url: what a client id with `x509_hash:` says. */
  readonly sha256: string
}

/**
 * Whether two certificates are of one party: the same one, or one that was renewed. An authority gives
 * one name to one party (RFC 5280 §4.1.2.6), so below one anchor the same names are the same party;
 * a certificate without a subject is itself and no other.
 */
export function isSameParty(a: CertificateIdentity, b: CertificateIdentity): boolean {
  if (a.anchor !== b.anchor) return false
  if (a.sha256 === b.sha256) return true
  return a.subject !== '' && namesOf(a) === namesOf(b)
}

function namesOf({ subject, sanDns, sanUris }: CertificateIdentity): string {
  return JSON.stringify([subject, [...sanDns].sort(), [...sanUris].sort()])
}

/** The entities of the trust path that was proven, the party itself and the anchor among them. */
export function entitiesOf({ entityId, intermediates = [], anchor }: FederationIdentity): readonly string[] {
  return [...new Set([entityId, ...intermediates, anchor])]
}

/** What a trust chain of a federation proved (OpenID Federation 1.0 §10). */
export interface FederationIdentity {
  /** The entity identifier that the chain is about. */
  readonly entityId: string
  /** The entity identifier of the anchor. */
  readonly anchor: string
  /** Those between the two, the nearest superior first; absent: the anchor is the superior. */
  readonly intermediates?: readonly string[]
  /** Types of the trust marks that were verified. */
  readonly trustMarks: readonly string[]
}
