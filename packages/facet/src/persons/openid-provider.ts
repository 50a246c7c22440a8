/**
 * Persons log in at an OpenID provider, and agree here. OpenID Connect Core 1.0 §3.1: code flow, PKCE, nonce; the
 * state is the flow, which the issuer binds to the browser.
 */
import { writeBase64url } from '@facet-id/credential/base64url'
import type { CheckSignatures, Hash, MaybePromise, Random } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import type { UserAnswer, UserAsked, UserAuthentication, UserStep } from '@facet-id/issuer/authorization'
import { codeChallengeOf, readAuthorizationResponse } from '@facet-id/protocol/oauth/authorization'
import {
  authenticationUrl,
  codeExchangeRequest,
  type ExpectedIdToken,
  type ProviderMetadata,
  providerMetadataUrl,
  readIdToken,
  readIdTokenClaims,
  readIdTokenResponse,
  readProviderMetadata,
} from '@facet-id/protocol/openid-connect'
import type { Scheme } from '@facet-id/protocol/url'
import type { Transport } from '@facet-id/protocol/wire'
import { createServerKeys, type ServerKeys } from '@facet-id/resolve'
import { FacetError } from '../error.ts'
import { decidedBy, type KnownPerson, knownPage } from './person-known.ts'
import { isRsaSigned, verifiedRsaPayload } from './rsa-tokens.ts'

export interface OpenIdProviderOptions {
  /** The provider's identifier. */
  readonly issuer: string
  /** As which the provider knows this issuer; the redirect URI to register there is `<issuer>/authorize/answer`. */
  readonly clientId: string
  /** Absent: PKCE alone. */
  readonly clientSecret?: string
  /** Besides `openid`; none when absent. */
  readonly scopes?: readonly string[]
  /** What the credentials are called, by configuration. */
  readonly titles: Readonly<Record<string, string>>
  /** Who that is to the operator, and what is known of them; `undefined` refuses. Absent: `sub`, and nothing. */
  readonly personOf?: (idToken: JsonObject) => MaybePromise<KnownPerson | undefined>
  /** It follows no redirect. */
  readonly transport: Transport
  readonly checkSignatures: CheckSignatures
  readonly hash: Hash
  readonly random: Random
  /** Seconds since the epoch. */
  readonly now: () => number
  /** `https` when absent. */
  readonly scheme?: Scheme
}

export function openIdProvider(options: OpenIdProviderOptions): UserAuthentication {
  const { transport, now, scheme = 'https' } = options
  const servers = createServerKeys<ProviderMetadata>(
    {
      urlOf: (issuer) => providerMetadataUrl(issuer, scheme),
      read: (text, issuer) => readProviderMetadata(text, issuer, scheme),
    },
    { transport, now },
  )
  return {
    begin: (asked) => sendToProvider(asked, options, servers),
    answer: (asked, came) =>
      isLoggingIn(came.state)
        ? loggedIn(asked, came, { options, servers })
        : decidedBy(asked, came, options.titles),
  }
}

async function sendToProvider(
  asked: UserAsked,
  { issuer, clientId, scopes = [], hash, random }: OpenIdProviderOptions,
  servers: ServerKeys<ProviderMetadata>,
): Promise<UserStep> {
  const { authorization_endpoint } = await metadataOf(issuer, servers)
  const [verifier, nonce] = [writeBase64url(random(32)), writeBase64url(random(32))]
  const url = authenticationUrl(authorization_endpoint, {
    client_id: clientId,
    redirect_uri: asked.answerUrl,
    scope: ['openid', ...scopes].join(' '),
    state: asked.flow,
    nonce,
    code_challenge: codeChallengeOf(verifier, hash),
  })
  return { next: 'redirect', url, state: { verifier, nonce } }
}

interface Context {
  readonly options: OpenIdProviderOptions
  readonly servers: ServerKeys<ProviderMetadata>
}

async function loggedIn(
  asked: UserAsked,
  came: UserAnswer,
  { options, servers }: Context,
): Promise<UserStep> {
  const { issuer, clientId, clientSecret, transport, titles, personOf = bySubject } = options
  const { verifier, nonce } = came.state
  const metadata = await metadataOf(issuer, servers)
  const answer = readAuthorizationResponse(came.request.url, {
    redirectUri: asked.answerUrl,
    state: asked.flow,
    issuer,
    requireIss: metadata.authorization_response_iss_parameter_supported === true,
  })
  if ('error' in answer) return { next: 'refuse' }
  const exchange = {
    code: answer.code,
    redirect_uri: asked.answerUrl,
    code_verifier: String(verifier),
    client_id: clientId,
  }
  const response = await transport.send(codeExchangeRequest(metadata.token_endpoint, exchange, clientSecret))
  const { id_token } = readIdTokenResponse(response)
  const expected = { issuer, clientId, nonce: String(nonce), now: options.now() }
  const person = await personOf(await verifiedClaims(id_token, expected, { options, servers }))
  if (person === undefined) return { next: 'refuse' }
  return knownPage(asked, person, titles)
}

async function verifiedClaims(
  text: string,
  expected: ExpectedIdToken,
  { options, servers }: Context,
): Promise<JsonObject> {
  const { issuer, checkSignatures, now } = options
  // OpenID Connect Core §15.1: RS256 is what providers must have, and what most sign with.
  if (isRsaSigned(text)) {
    const payload = await verifiedRsaPayload({ issuer, token: text, typ: 'JWT', now: now() }, servers)
    if (payload === undefined) throw unusable('signed its ID Token with no key that it publishes')
    return readIdTokenClaims(payload, expected).claims
  }
  const token = readIdToken(text, expected)
  const { alg, kid } = token
  const key = await servers.keyOf({ issuer, alg, ...(kid === undefined ? {} : { kid }) })
  const [verdict] = key === undefined ? [] : await checkSignatures([token.check(key)])
  if (verdict !== 'valid') throw unusable('signed its ID Token with no key that it publishes')
  return token.claims
}

async function metadataOf(issuer: string, servers: ServerKeys<ProviderMetadata>): Promise<ProviderMetadata> {
  const found = await servers.metadataOf(issuer)
  if ('document' in found) return found.document
  throw unusable('did not say where it is asked')
}

function isLoggingIn(state: JsonObject): boolean {
  return typeof state.verifier === 'string'
}

function bySubject({ sub }: JsonObject): KnownPerson {
  return { subject: String(sub) }
}

function unusable(why: string): FacetError {
  return new FacetError('login_failed', `The OpenID provider ${why}`)
}
