/**
 * The key of an issuer that is known by a certificate: read, checked, judged by the anchors and revocation
 * lists of the trust configuration, and kept for as long as that stays true.
 */
import type { MaybePromise } from '@facet-id/credential/jose'
import { checkSignatures, hash } from '@facet-id/crypto/node'
import type { CertificateReference, CertifiedKeyAnswer } from '@facet-id/resolve'
import {
  beginPath,
  type Certificate,
  checksOfPath,
  judgePath,
  type PathOutcome,
  purposes,
  type RevocationList,
  type TrustAnchor,
} from '@facet-id/trust/x509'

/** What a trust configuration knows of certificates. */
export interface TrustedCertificates {
  /** Whom chains may lead to at that moment, in seconds since the epoch. */
  anchorsAt(now: number): readonly TrustAnchor[]
  /** A list that did not change is the very same object. */
  revocationLists(): MaybePromise<readonly RevocationList[]>
}

/** Judging a chain takes milliseconds, and verifiers meet the chains of a few issuers over and over. */
const MAX_KEPT = 256

interface Kept {
  readonly answer: CertifiedKeyAnswer
  readonly from: number
  readonly until: number
  readonly anchors: readonly TrustAnchor[]
  readonly lists: readonly RevocationList[]
}

/**
 * @param now seconds since the epoch
 * @param purpose what the certificates are for; `any` where no text says it
 */
export function createCertificateKeys(
  certificates: TrustedCertificates,
  now: () => number,
  purpose: 'issuer' | 'verifier' | 'any' = 'issuer',
): (reference: Pick<CertificateReference, 'chain'>) => Promise<CertifiedKeyAnswer> {
  /** By the chain, byte for byte; what was proven only, the least recently used first. */
  const kept = new Map<string, Kept>()

  return async ({ chain }) => {
    const lists = await certificates.revocationLists()
    const at = now()
    const anchors = certificates.anchorsAt(at)
    const name = chain.map((der) => hash('sha-256', der)).join('.')
    const known = kept.get(name)
    kept.delete(name)
    if (known !== undefined && isStillTrue(known, { at, anchors, lists })) {
      kept.set(name, known)
      return known.answer
    }
    const path = beginPath(chain, {
      anchors,
      revocationLists: lists,
      now: at,
      ...(purpose === 'any' ? {} : { purposes: purposes[purpose] }),
    })
    const outcome = judgePath(path, await checkSignatures(checksOfPath(path)), hash)
    const answer = answerOf(outcome)
    if (outcome.outcome === 'proven') {
      kept.set(name, { answer, from: at, until: outcome.validUntil, anchors, lists })
      const [oldest] = kept.keys()
      if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest)
    }
    return answer
  }
}

function isStillTrue(
  kept: Kept,
  { at, anchors, lists }: Pick<Kept, 'anchors' | 'lists'> & { readonly at: number },
): boolean {
  return (
    kept.from <= at &&
    at < kept.until &&
    areSame(kept.lists, lists) &&
    areSame(certificatesOf(kept.anchors), certificatesOf(anchors))
  )
}

function areSame<T>(some: readonly T[], others: readonly T[]): boolean {
  return some.length === others.length && some.every((one, at) => one === others[at])
}

function certificatesOf(anchors: readonly TrustAnchor[]): readonly Certificate[] {
  return anchors.map(({ certificate }) => certificate)
}

/** The identity is the certificate: what a credential says beside it is not asked. */
function answerOf(outcome: PathOutcome): CertifiedKeyAnswer {
  if (outcome.outcome !== 'proven') {
    return outcome.outcome === 'refused' ? { refused: outcome.why } : { undetermined: outcome.why }
  }
  const { key, identity, authorityKeyIdentifiers } = outcome
  return { key, issuer: `x509_hash:${identity.sha256}`, certificate: identity, authorityKeyIdentifiers }
}
