/** A wallet made of Credo. */
import { X509Module } from '@credo-ts/core'
import { type OpenId4VciRequestTokenResponse, OpenId4VcModule } from '@credo-ts/openid4vc'
import { type CredoAgent, credoAgent } from './agent.ts'

/** @param trustedCertificates base64 of DER: anchors for issuers and verifiers known by certificates */
export async function credoHolder(trustedCertificates: readonly string[] = []) {
  return credoAgent({
    openid4vc: new OpenId4VcModule({}),
    x509: new X509Module({ trustedCertificates: [...trustedCertificates] }),
  })
}

export type CredoHolder = Awaited<ReturnType<typeof credoHolder>>

/** Accepts an offer to its end; keeps what it got. */
export async function acceptOffer(holder: CredoHolder, link: string, txCode?: string) {
  const api = holder.openid4vc.holder
  const resolvedCredentialOffer = await api.resolveCredentialOffer(link)
  const token = await api.requestToken({
    resolvedCredentialOffer,
    ...(txCode === undefined ? {} : { txCode }),
  })
  return requestCredentials(holder, { resolvedCredentialOffer, ...token })
}

type Granted = Pick<
  Parameters<CredoHolder['openid4vc']['holder']['requestCredentials']>[0],
  'resolvedCredentialOffer'
> &
  OpenId4VciRequestTokenResponse

export async function requestCredentials(holder: CredoHolder, granted: Granted) {
  const answer = await holder.openid4vc.holder.requestCredentials({
    ...granted,
    credentialBindingResolver: async ({ issuerMaxBatchSize }) => ({
      method: 'jwk',
      keys: await Promise.all(Array.from({ length: Math.min(issuerMaxBatchSize, 3) }, () => newKey(holder))),
    }),
  })
  for (const { record } of answer.credentials) await holder.sdJwtVc.store({ record: record as never })
  return answer
}

async function newKey(agent: CredoAgent) {
  const { Kms } = await import('@credo-ts/core')
  const { publicJwk } = await agent.kms.createKey({ type: { kty: 'EC', crv: 'P-256' } })
  return Kms.PublicJwk.fromPublicJwk(publicJwk)
}

/** Answers a request with whatever it would choose itself. */
export async function present(holder: CredoHolder, link: string) {
  const api = holder.openid4vc.holder
  const resolved = await api.resolveOpenId4VpAuthorizationRequest(link)
  if (resolved.dcql === undefined) throw new Error('no DCQL query')
  return api.acceptOpenId4VpAuthorizationRequest({
    authorizationRequestPayload: resolved.authorizationRequestPayload,
    dcql: { credentials: api.selectCredentialsForDcqlRequest(resolved.dcql.queryResult) },
  })
}
