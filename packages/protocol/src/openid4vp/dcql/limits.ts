/**
 * How much of a query is read: the text names no bounds, and a stranger's query needs some. They are
 * such that whatever is read can be held against all that a wallet has without anybody waiting.
 */
export const DCQL_LIMITS = {
  credentials: 32,
  vct_values: 64,
  /** In one credential query. */
  claims: 128,
  values: 64,
  pathDepth: 16,
  /** In one credential query. */
  claim_sets: 32,
  trusted_authorities: 32,
  authorityValues: 64,
  credential_sets: 32,
  /** In one credential set. */
  options: 32,
  /** For one query with `multiple`. */
  presentations: 64,
  /** Ids in all claim sets and options of a query together. */
  members: 4096,
  /** Claims in all credential queries together. */
  allClaims: 1024,
  /**
   * Steps into credentials in one evaluation, each credential that is looked at being one as well: ten thousand
   * that are held, and ten claims of each in ten queries. What would take more is not looked at any more.
   */
  steps: 1_000_000,
} as const
