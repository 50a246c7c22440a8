/** Keys of issuers that are no DIDs, each found in its own way. */
import type { MaybePromise } from '@facet-id/credential/jose'
import type { IssuerKeyAnswer, KeyReference } from '@facet-id/credential/sd-jwt-vc'
import type { CertificateIdentity } from '@facet-id/trust'
import { createIssuerMetadataKeys, type IssuerMetadataOptions } from './issuer-metadata.ts'

export type CertificateReference = Extract<KeyReference, { readonly by: 'x5c' }>

/** A key, and where a certificate proved it, what else that proved: for whoever is asked about trust. */
export type CertifiedKeyAnswer = IssuerKeyAnswer & {
  readonly certificate?: CertificateIdentity
  /** Those of all certificates of its chain, base64url: what a query by `aki` is held against. */
  readonly authorityKeyIdentifiers?: readonly string[]
}

export interface IssuerKeysOptions extends IssuerMetadataOptions {
  /**
   * The key of a chain that leads to a trusted anchor, and whom it stands for. Absent: no certificate is
   * trusted, since the first of a chain proves nothing by itself.
   */
  readonly certificateKey?: (reference: CertificateReference) => MaybePromise<CertifiedKeyAnswer>
}

export interface IssuerKeys {
  /** Never rejects, unless `certificateKey` does. */
  issuerKeyOf(reference: Exclude<KeyReference, { by: 'did' }>): Promise<CertifiedKeyAnswer>
}

export function createIssuerKeys({ certificateKey = nobody, ...options }: IssuerKeysOptions): IssuerKeys {
  const { keyOf } = createIssuerMetadataKeys(options)
  return {
    issuerKeyOf: async (reference) => (reference.by === 'x5c' ? certificateKey(reference) : keyOf(reference)),
  }
}

function nobody(): IssuerKeyAnswer {
  return { refused: 'No certificates are trusted here, so the issuer is not known by one.' }
}
