/** Why a list of rules was not taken. Messages name the place in the list, never what stands there. */
export type TrustErrorCode =
  /** A rule is not of the form that the list has, or names a member that rules do not have. */
  | 'rule_malformed'
  /** A rule tries to mean more than one party or type: `*` stands for nothing here. */
  | 'rule_wildcard'
  /** Two rules are about the same party, or one names the same type twice: which of them counts? */
  | 'rule_repeated'

export class TrustError extends Error {
  override readonly name = 'TrustError'
  readonly code: TrustErrorCode

  constructor(code: TrustErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}
