/**
 * Why a list of rules, a certificate, a list of others or a statement was not taken. Messages name the
 * place or the rule, never what stands there.
 */
export type TrustErrorCode =
  // Rules of our own
  /** A rule is not of the form that the list has, or names a member that rules do not have. */
  | 'rule_malformed'
  /** A rule tries to mean more than one party or type: `*` stands for nothing here. */
  | 'rule_wildcard'
  /** Two rules are about the same party, or one names the same type twice: which of them counts? */
  | 'rule_repeated'
  // X.509
  /** The bytes are no canonical DER, or not of the form that RFC 5280 asks for. */
  | 'der_malformed'
  /** DER, but no certificate of version 3, or one that says a thing twice. */
  | 'certificate_malformed'
  /** A key, a curve or a signature algorithm that is not taken. */
  | 'certificate_unsupported'
  /** More bytes or more certificates than are read. */
  | 'certificates_too_large'
  /** A revocation list that breaks a rule. */
  | 'crl_malformed'
  /** Not PEM, or PEM of something else. */
  | 'pem_malformed'
  // Lists that others sign
  /** A list of trusted parties that is not of its form. */
  | 'list_malformed'
  // OpenID Federation
  /** An entity statement, trust mark or policy that is not of its form. */
  | 'statement_malformed'
  /** A policy that contradicts itself, or names an operator that must be understood and is not. */
  | 'policy_malformed'
  /** An exchange was given an answer, or asked for its outcome, out of turn. */
  | 'not_ready'

export class TrustError extends Error {
  override readonly name = 'TrustError'
  readonly code: TrustErrorCode

  constructor(code: TrustErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}
