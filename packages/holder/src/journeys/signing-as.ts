/**
 * Whether whoever signed may be that credential issuer: once seen, it stays the same in each way to be known, unless
 * a list vouches for another.
 */
import type { KeyMechanism } from '@facet-id/credential/sd-jwt-vc'
import type { Op } from '@facet-id/store'
import { type CertificateIdentity, isSameParty } from '@facet-id/trust'
import type { Holding } from '../holding.ts'
import { namesIssuer } from '../shelf/certificate-names.ts'
import { findIssuer, rememberIssuer } from '../shelf/issuer-store.ts'

export interface SigningAs {
  isIssuer(identity: string): boolean
  /** What keeps whom it signed as. */
  remember(identity: string): Op
}

export interface Signed {
  readonly credentialIssuer: string
  readonly vct: string
  readonly by: KeyMechanism
  readonly certificate?: CertificateIdentity
}

export async function signingAs(
  { credentialIssuer, vct, by, ...proven }: Signed,
  { ports, settings }: Holding,
): Promise<SigningAs> {
  const { certificate } = proven
  const key = ports.hash('sha-256', credentialIssuer)
  const known = await findIssuer(ports.store, key, by)
  // A certificate is renewed: what counts is whom the authority calls by it, and not which one it is.
  const isRenewed = (): boolean =>
    certificate !== undefined &&
    ((known?.certificate !== undefined && isSameParty(known.certificate, certificate)) ||
      namesIssuer(certificate, credentialIssuer, settings.scheme))
  return {
    isIssuer: (identity) =>
      known === undefined ||
      known.did === identity ||
      // Its own address proved it: there is nobody else that it could be.
      (by === 'jwt_vc_issuer' && identity === credentialIssuer) ||
      (by === 'x5c' && isRenewed()) ||
      ports.trust.mayIssue({ issuer: identity, vct, ...proven }).decision === 'trusted',
    remember: (identity) => rememberIssuer(key, by, { credentialIssuer, did: identity, ...proven }),
  }
}
