/**
 * Object identifiers of what a certificate is for. HAIP 1.0 names none; these are the ones that
 * neighbours of ours put into certificates, and that the development authority of the product puts there.
 */
export const purposes: Readonly<Record<'issuer' | 'verifier' | 'status', readonly string[]>> = {
  /** ISO/IEC 18013-5 annex B: signs documents. Issuers of credentials. */
  issuer: ['1.0.18013.5.1.2'],
  /** ISO/IEC 18013-5 annex B: authenticates readers. Verifiers, for their requests. */
  verifier: ['1.0.18013.5.1.6'],
  /** draft-ietf-oauth-status-list §10: signs status lists. */
  status: ['1.3.6.1.5.5.7.3.30'],
}
