/**
 * Which providers of wallets are believed: by keys that the operator got from them, or by certificates below anchors
 * that the operator chose for this and nothing else. HAIP 1.0 §4.4.1, Attestation-Based Client Authentication §7.1.
 */
import { algorithmOf } from '@facet-id/credential/jose'
import {
  type RegisteredWalletProvider,
  registeredWalletProviders,
  type WalletProviderKey,
} from '@facet-id/issuer/authorization'
import { createCertificateKeys, type TrustedCertificates } from './certificate-keys.ts'

export interface WalletProviders {
  readonly registered?: readonly RegisteredWalletProvider[]
  /** Absent: an attestation with certificates is of nobody believed. */
  readonly certificates?: TrustedCertificates
}

/**
 * What could not be found out, such as whether a certificate was revoked, is as good as no.
 *
 * @param now seconds since the epoch
 */
export function createWalletProviders(
  { registered = [], certificates }: WalletProviders,
  now: () => number,
): WalletProviderKey {
  const byKey = registeredWalletProviders(registered)
  // No text names a purpose for such certificates: the anchors are for this alone.
  const certified = certificates && createCertificateKeys(certificates, now, 'any')
  return async (reference) => {
    const { alg, x5c: chain } = reference
    if (chain === undefined) return byKey(reference)
    const answer = await certified?.({ chain })
    return answer !== undefined && 'key' in answer && algorithmOf(answer.key) === alg ? answer.key : undefined
  }
}
