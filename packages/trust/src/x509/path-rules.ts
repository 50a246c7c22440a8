/** What is expected of a chain of certificates. All of it is the caller's; nothing is taken from the chain. */
import type { Certificate } from '../certificate/certificate.ts'
import type { RevocationList } from '../certificate/crl.ts'

/** Whom a chain may lead to. The certificate is from the operator's configuration. */
export interface TrustAnchor {
  /** What the operator calls it; rules about issuers and verifiers name it so. */
  readonly id: string
  readonly certificate: Certificate
}

export interface PathRules {
  readonly anchors: readonly TrustAnchor[]
  /** Seconds since the epoch. */
  readonly now: number
  /** Object identifiers of extended key usages, one of which the party's certificate must have. Absent: any purpose. */
  readonly purposes?: readonly string[]
  /** `required` refuses a certificate without any; `when_present` when absent. */
  readonly purpose?: 'required' | 'when_present'
  /** Lists that are at hand, of whatever authority. */
  readonly revocationLists?: readonly RevocationList[]
  /** `required`: each certificate must be covered by a list; `when_given` when absent. A stale list never passes. */
  readonly revocation?: 'required' | 'when_given'
  /** What is done with an anchor that the chain brings along, which HAIP forbids to send: `ignore` when absent. */
  readonly anchorInChain?: 'ignore' | 'refuse'
}
