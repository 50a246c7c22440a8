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

/** What a trust chain of a federation proved (OpenID Federation 1.0 §10). */
export interface FederationIdentity {
  /** The entity identifier that the chain is about. */
  readonly entityId: string
  /** The entity identifier of the anchor. */
  readonly anchor: string
  /** Types of the trust marks that were verified. */
  readonly trustMarks: readonly string[]
}
