/** What an issuer made of Credo offers, and how it signs. */
import { type Kms, type SdJwtVcIssuer, X509Certificate } from '@credo-ts/core'
import type {
  OpenId4VcIssuanceSessionRecord,
  OpenId4VciCredentialRequestToCredentialMapper,
  OpenId4VciDeferredCredentialRequestToCredentialMapper,
} from '@credo-ts/openid4vc'
import { base64Of, type CertifiedKey } from '../issuance/certified.ts'
import { CONFIGURATION, type CredoServices, VCT } from './services.ts'

type OfferOptions = Parameters<CredoServices['issuer']['createCredentialOffer']>[0]

export interface CredoOffer {
  readonly link: string
  readonly txCode: string | undefined
  readonly session: OpenId4VcIssuanceSessionRecord
}

/** Offers by reference, as it always does. */
export async function offerOf(
  { issuer, issuerId }: CredoServices,
  options: Partial<OfferOptions> = { preAuthorizedCodeFlowConfig: {} },
): Promise<CredoOffer> {
  const { credentialOffer, issuanceSession } = await issuer.createCredentialOffer({
    issuerId,
    credentialConfigurationIds: [CONFIGURATION],
    version: 'v1',
    ...options,
  } as OfferOptions)
  return { link: credentialOffer, txCode: issuanceSession.userPin, session: issuanceSession }
}

/** The certificate as Credo takes it, with its key kept by the agent. */
export async function certifiedIn(
  { agent }: Pick<CredoServices, 'agent'>,
  { chain, privateJwk }: CertifiedKey,
): Promise<X509Certificate[]> {
  const { keyId } = await agent.kms.importKey({ privateJwk: privateJwk as Kms.KmsJwkPrivate })
  const certificates = chain.map((der) => X509Certificate.fromEncodedCertificate(base64Of(der)))
  const [first] = certificates
  if (first !== undefined) first.keyId = keyId
  return certificates
}

interface Holding {
  readonly method: 'did' | 'jwk'
}

/** A specimen for each key, signed as `issuer` says. */
export function specimens(issuer: SdJwtVcIssuer) {
  return (keys: readonly Holding[]) => ({
    type: 'credentials' as const,
    format: 'dc+sd-jwt' as const,
    credentials: keys.map((holder) => ({
      payload: { vct: VCT, given_name: 'Erika', family_name: 'Specimen' },
      disclosureFrame: { _sd: ['given_name' as const, 'family_name' as const] },
      holder: holder as never,
      issuer,
    })),
  })
}

/** First a promise, then what it is a promise of. */
export function deferring(issuer: () => SdJwtVcIssuer): {
  readonly mapper: OpenId4VciCredentialRequestToCredentialMapper
  readonly deferredMapper: OpenId4VciDeferredCredentialRequestToCredentialMapper
} {
  return {
    mapper: () => ({ type: 'deferral', transactionId: 'later', interval: 1 }),
    deferredMapper: ({ transaction }) =>
      specimens(issuer())((transaction.holderBinding?.keys ?? []) as readonly Holding[]) as never,
  }
}
