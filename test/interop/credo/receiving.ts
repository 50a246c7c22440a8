/** How a wallet made of Credo gets credentials, step by step. */
import { Kms, type SdJwtVcRecord } from '@credo-ts/core'
import type {
  OpenId4VciCredentialBindingResolver,
  OpenId4VciRequestTokenResponse,
  OpenId4VciResolvedCredentialOffer,
} from '@credo-ts/openid4vc'
import { agreed, REDIRECT, WALLET } from '../issuance/our-issuer.ts'
import type { AttestedKey } from '../openid4vc/attested.ts'
import type { CredoHolder } from './holder.ts'

export interface Granted {
  readonly resolvedCredentialOffer: OpenId4VciResolvedCredentialOffer
  readonly token: OpenId4VciRequestTokenResponse
}

/** From an offer with a pre-authorized code to a token. */
export async function redeemed(holder: CredoHolder, link: string, txCode?: string): Promise<Granted> {
  const api = holder.openid4vc.holder
  const resolvedCredentialOffer = await api.resolveCredentialOffer(link)
  const token = await api.requestToken({
    resolvedCredentialOffer,
    ...(txCode === undefined ? {} : { txCode }),
  })
  return { resolvedCredentialOffer, token }
}

/** From an offer with an authorization code to a token, by way of a browser. */
export async function authorized(
  holder: CredoHolder,
  link: string,
  attested: { readonly walletAttestationJwt?: string } = {},
): Promise<Granted & { readonly asked: string }> {
  const api = holder.openid4vc.holder
  const resolvedCredentialOffer = await api.resolveCredentialOffer(link)
  const asked = await api.resolveOpenId4VciAuthorizationRequest(resolvedCredentialOffer, {
    clientId: WALLET,
    redirectUri: REDIRECT,
    ...attested,
  })
  if (asked.authorizationFlow !== 'Oauth2Redirect') throw new Error('a presentation is asked for')
  const { authorizationCode: code } = api.parseAuthorizationCodeFromAuthorizationResponse({
    authorizationResponseRedirectUrl: await agreed(asked.authorizationRequestUrl),
    resolvedCredentialOffer,
  })
  const token = await api.requestToken({
    resolvedCredentialOffer,
    code,
    clientId: WALLET,
    redirectUri: REDIRECT,
    ...(asked.codeVerifier === undefined ? {} : { codeVerifier: asked.codeVerifier }),
    ...(asked.dpop === undefined ? {} : { dpop: asked.dpop }),
    ...attested,
  })
  return { resolvedCredentialOffer, token, asked: asked.authorizationRequestUrl }
}

/** So many new keys. */
export function keysOf(holder: CredoHolder, count: number): OpenId4VciCredentialBindingResolver {
  return async () => ({
    method: 'jwk',
    keys: await Promise.all(Array.from({ length: count }, () => newKey(holder))),
  })
}

/** What is issued for them, at once or later. */
export function requested(
  holder: CredoHolder,
  { resolvedCredentialOffer, token }: Granted,
  credentialBindingResolver: OpenId4VciCredentialBindingResolver = keysOf(holder, 1),
) {
  return holder.openid4vc.holder.requestCredentials({
    resolvedCredentialOffer,
    ...token,
    credentialBindingResolver,
  })
}

export function credentialsIn(records: readonly { readonly record: unknown }[]): readonly string[] {
  return records.flatMap(({ record }) =>
    (record as SdJwtVcRecord).credentialInstances.map(({ compactSdJwtVc }) => compactSdJwtVc),
  )
}

async function newKey(holder: CredoHolder) {
  const { publicJwk } = await holder.kms.createKey({ type: { kty: 'EC', crv: 'P-256' } })
  return Kms.PublicJwk.fromPublicJwk(publicJwk)
}

/** The name of a new key, in a DID of its own. */
export async function newDidUrl(holder: CredoHolder): Promise<string> {
  const { keyId } = await holder.kms.createKey({ type: { kty: 'EC', crv: 'P-256' } })
  const { didState } = await holder.dids.create({ method: 'jwk', options: { keyId } })
  return `${didState.did}#0`
}

/** A new key, as the helpers of the other peer take it. */
export async function newAttestedKey(holder: CredoHolder): Promise<AttestedKey> {
  const jwk = (await newKey(holder)).toJson()
  return { signer: { method: 'jwk', alg: 'ES256', publicJwk: jwk as AttestedKey['signer']['publicJwk'] } }
}

/** The code of a refusal, or its words where it has none. */
export async function whyRefused(act: Promise<unknown>): Promise<string> {
  const error = await act.then(
    () => 'accepted',
    (reason: unknown) => reason,
  )
  const { errorResponse } = error as { readonly errorResponse?: { readonly error: string } }
  return errorResponse?.error ?? String(error)
}
