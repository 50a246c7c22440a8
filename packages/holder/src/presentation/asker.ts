/** Who asks, and how that was proven. OpenID4VP 1.0 §5.9. */
import type { AskQuestion } from '@facet-id/trust'

/** A verifier, with what was proven of it when its request was. */
export type Asker = Omit<AskQuestion, 'claims'>

/**
 * `did`, `certificate`, `federation`, `attestation`: the request is signed by a key that belongs to that.
 * `registration`: it is known beforehand. `nothing`: the request is not signed, and the address that the answer
 * goes to is all that is known.
 */
export type ProofOfAsker = 'did' | 'certificate' | 'federation' | 'attestation' | 'registration' | 'nothing'

const proofs: Readonly<Record<string, ProofOfAsker>> = {
  decentralized_identifier: 'did',
  x509_san_dns: 'certificate',
  x509_hash: 'certificate',
  openid_federation: 'federation',
  verifier_attestation: 'attestation',
  redirect_uri: 'nothing',
  origin: 'nothing',
}

/** A client id without a prefix is one that was known beforehand (§5.9.2). */
export function proofOf({ clientId }: Asker): ProofOfAsker {
  const end = clientId.indexOf(':')
  if (end === -1) return 'registration'
  const prefix = clientId.slice(0, end)
  return Object.hasOwn(proofs, prefix) ? (proofs[prefix] ?? 'nothing') : 'nothing'
}
