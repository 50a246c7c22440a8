/** A wallet made of `@openid4vc/openid4vci`, step by step. */
import {
  type CallbackContext,
  clientAuthenticationNone,
  Oauth2Client,
  type RequestDpopOptions,
} from '@openid4vc/oauth2'
import { Openid4vciClient } from '@openid4vc/openid4vci'
import { agreed, REDIRECT, WALLET } from '../issuance/our-issuer.ts'
import { newPeerKey, type PeerKey, peerCallbacks } from './callbacks.ts'

type IssuerMetadata = Awaited<ReturnType<Openid4vciClient['resolveIssuerMetadata']>>
type TokenAnswer = Awaited<ReturnType<Openid4vciClient['retrievePreAuthorizedCodeAccessTokenFromOffer']>>

export interface PeerWallet {
  readonly client: Openid4vciClient
  readonly oauth: Oauth2Client
  readonly keys: readonly PeerKey[]
  readonly callbacks: ReturnType<typeof peerCallbacks>
}

/** What was learned of an offer. */
export interface PeerOffer {
  readonly credentialOffer: Awaited<ReturnType<Openid4vciClient['resolveCredentialOffer']>>
  readonly issuerMetadata: IssuerMetadata
  readonly credentialConfigurationId: string
}

/** With what a credential is asked for. */
export interface PeerAccess {
  readonly accessToken: string
  readonly dpop?: RequestDpopOptions
}

export interface PeerWishes {
  readonly copies?: number
  /** Keys besides those of the copies. */
  readonly more?: readonly PeerKey[]
  readonly clientAuthentication?: CallbackContext['clientAuthentication']
}

export function peerWallet({ copies = 1, more = [], clientAuthentication }: PeerWishes = {}): PeerWallet {
  const keys = Array.from({ length: copies }, newPeerKey)
  const callbacks = peerCallbacks([...keys, ...more], clientAuthentication)
  return {
    keys,
    callbacks,
    client: new Openid4vciClient({ callbacks }),
    oauth: new Oauth2Client({ callbacks }),
  }
}

export async function learn({ client }: PeerWallet, link: string): Promise<PeerOffer> {
  const credentialOffer = await client.resolveCredentialOffer(link)
  const issuerMetadata = await client.resolveIssuerMetadata(credentialOffer.credential_issuer)
  const [credentialConfigurationId = ''] = credentialOffer.credential_configuration_ids
  return { credentialOffer, issuerMetadata, credentialConfigurationId }
}

export async function redeem(
  { client }: PeerWallet,
  { credentialOffer, issuerMetadata }: PeerOffer,
  { txCode, dpop }: { readonly txCode?: string | undefined; readonly dpop?: RequestDpopOptions } = {},
): Promise<TokenAnswer> {
  return client.retrievePreAuthorizedCodeAccessTokenFromOffer({
    credentialOffer,
    issuerMetadata,
    ...(txCode === undefined ? {} : { txCode }),
    ...(dpop === undefined ? {} : { dpop }),
  })
}

/** From an offer with an authorization code to a token, by way of a browser. */
export async function authorize(
  { client }: PeerWallet,
  { credentialOffer, issuerMetadata }: PeerOffer,
  dpop?: RequestDpopOptions,
  clientId = WALLET,
) {
  const begun = await client.initiateAuthorization({
    clientId,
    issuerMetadata,
    credentialOffer,
    scope: 'person',
    redirectUri: REDIRECT,
    ...(dpop === undefined ? {} : { dpop }),
  })
  if (begun.authorizationFlow !== 'Oauth2Redirect') throw new Error('a presentation is asked for')
  const server = issuerMetadata.authorizationServers.find(
    ({ issuer }) => issuer === begun.authorizationServer,
  )
  if (server === undefined) throw new Error('no authorization server')
  const back = await agreed(begun.authorizationRequestUrl)
  const answer = client.parseAndVerifyAuthorizationResponseRedirectUrl({
    url: back,
    authorizationServerMetadata: server,
  })
  if (answer.code === undefined) throw new Error(`no code: ${String(answer.error)}`)
  const token = await client.retrieveAuthorizationCodeAccessTokenFromOffer({
    issuerMetadata,
    credentialOffer,
    authorizationCode: answer.code,
    redirectUri: REDIRECT,
    ...(begun.pkce === undefined ? {} : { pkceCodeVerifier: begun.pkce.codeVerifier }),
    ...(dpop === undefined ? {} : { dpop }),
  })
  return { ...token, request: begun.authorizationRequestUrl, back }
}

/** The access that a token gives, and the key that it is bound to. */
export function accessOf(
  { accessTokenResponse }: Pick<TokenAnswer, 'accessTokenResponse'>,
  dpop?: RequestDpopOptions,
): PeerAccess {
  return { accessToken: accessTokenResponse.access_token, ...(dpop === undefined ? {} : { dpop }) }
}

/** A proof of each key, with one nonce. */
export async function proofs(
  { client, keys }: PeerWallet,
  { issuerMetadata, credentialConfigurationId }: PeerOffer,
  given: { readonly nonce?: string; readonly keyAttestationJwt?: string } = {},
): Promise<{ jwt: [string, ...string[]] }> {
  const nonce = given.nonce ?? (await client.requestNonce({ issuerMetadata })).c_nonce
  const all = await Promise.all(
    keys.map(({ signer }) =>
      client.createCredentialRequestJwtProof({
        issuerMetadata,
        credentialConfigurationId,
        signer,
        nonce,
        ...(given.keyAttestationJwt === undefined ? {} : { keyAttestationJwt: given.keyAttestationJwt }),
      }),
    ),
  )
  return { jwt: all.map(({ jwt }) => jwt) as [string, ...string[]] }
}

export async function ask(
  wallet: PeerWallet,
  { issuerMetadata, credentialConfigurationId }: PeerOffer,
  access: PeerAccess,
  given: Awaited<ReturnType<typeof proofs>> | { attestation: [string] },
) {
  const { credentialResponse } = await wallet.client.retrieveCredentials({
    issuerMetadata,
    credentialConfigurationId,
    proofs: given,
    ...access,
  })
  return credentialResponse
}

/** How a wallet is called that nobody attests. */
export const asWallet = clientAuthenticationNone({ clientId: WALLET })

/** The credentials of an answer, as texts. */
export function textsIn({
  credentials = [],
}: {
  readonly credentials?: readonly unknown[] | undefined
}): string[] {
  return credentials.map((one) => String((one as { readonly credential: unknown }).credential))
}

/** The error that the peer read in a refusal. */
export async function errorSeen(act: Promise<unknown>): Promise<string> {
  const refused = await act.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (refused === undefined) return 'accepted'
  return seen(refused) ?? String(refused)
}

function seen(error: unknown): string | undefined {
  const { errorResponse, response } = error as {
    readonly errorResponse?: { readonly error: string }
    readonly response?: { readonly [name: string]: { readonly data?: { readonly error: string } } }
  }
  if (errorResponse !== undefined) return errorResponse.error
  const [result] = Object.entries(response ?? {}).flatMap(([name, value]) =>
    /ErrorResponseResult$/.test(name) && value?.data !== undefined ? [value.data.error] : [],
  )
  if (result !== undefined) return result
  const unauthorized = (
    response as { readonly resourceUnauthorizedError?: { wwwAuthenticateHeaders: { error?: string }[] } }
  )?.resourceUnauthorizedError
  return unauthorized?.wwwAuthenticateHeaders[0]?.error
}
