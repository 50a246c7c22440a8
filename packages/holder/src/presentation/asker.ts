/** Who asks, and how that was proven. OpenID4VP 1.0 §5.9. */
import type { AskQuestion } from '@facet-id/trust'
import type { ProvenRequest } from './proven-request.ts'

/** A verifier, with what was proven of it when its request was. */
export interface Asker extends Omit<AskQuestion, 'claims'> {
  /** Whether a key of it signed the request; absent: whoever composed it is unknown. */
  readonly isSigned?: true
}

/**
 * `did`, `certificate`, `federation`, `attestation`: the request is signed by a key that belongs to that.
 * `registration`: by a key that was known beforehand. `nothing`: the request is not signed, and the address that the
 * answer goes to is all that is known; anybody can have composed it, also under a name that is registered.
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

/** A client id without a prefix is one that was known beforehand (§5.9.2); it signs only where keys are registered. */
export function proofOf({ clientId, isSigned }: Asker): ProofOfAsker {
  const end = clientId.indexOf(':')
  if (end === -1) return isSigned === true ? 'registration' : 'nothing'
  const prefix = clientId.slice(0, end)
  return Object.hasOwn(proofs, prefix) ? (proofs[prefix] ?? 'nothing') : 'nothing'
}

/** Whether the name itself is nobody's word: one that was registered, over a request that nobody signed. */
export function isBorrowed(asker: Asker): boolean {
  return !asker.clientId.includes(':') && asker.isSigned !== true
}

export function askerOf({
  client_id,
  evidence,
  isSigned,
}: Pick<ProvenRequest, 'client_id' | 'evidence' | 'isSigned'>): Asker {
  return { clientId: client_id, ...evidence, ...(isSigned === true ? { isSigned } : {}) }
}
