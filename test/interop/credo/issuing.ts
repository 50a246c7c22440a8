/** What an issuer made of Credo offers, and the server that it sends persons to. */
import type { AddressInfo } from 'node:net'
import { type Kms, type SdJwtVcIssuer, X509Certificate } from '@credo-ts/core'
import type {
  OpenId4VcIssuanceSessionRecord,
  OpenId4VciCredentialRequestToCredentialMapper,
  OpenId4VciDeferredCredentialRequestToCredentialMapper,
} from '@credo-ts/openid4vc'
import express from 'express'
import { onTestFinished } from 'vitest'
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

/** An OAuth server behind which everybody is known, for Credo to send persons to. Ends with the test. */
export async function otherServer(): Promise<string> {
  const app = express()
  const server = app.listen(0, '127.0.0.1')
  await new Promise((done) => server.once('listening', done))
  onTestFinished(async () => {
    await new Promise((done) => {
      server.close(done)
      server.closeAllConnections()
    })
  })
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  app.get('/.well-known/oauth-authorization-server', (_request, response) => {
    response.json({
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      token_endpoint_auth_methods_supported: ['client_secret_basic'],
    })
  })
  app.get('/authorize', ({ query }, response) => {
    const back = new URL(String(query.redirect_uri))
    back.searchParams.set('code', 'theirs')
    back.searchParams.set('state', String(query.state))
    response.redirect(back.href)
  })
  app.post('/token', (_request, response) => {
    response.json({ access_token: 'theirs', token_type: 'Bearer', expires_in: 60 })
  })
  return issuer
}
