/**
 * An authorization server for tests of the wallet, with a protected endpoint beside it on another origin: honest and
 * strict, until a test puts something else in the place of what it would do.
 */
import { writeBase64url } from '@facet-id/credential/base64url'
import { jwkThumbprint } from '@facet-id/credential/jose'
import {
  type AuthorizationServerMetadata,
  readAccessToken,
  readTokenRequest,
  type TokenResponse,
  writeErrorResponse,
  writeTokenResponse,
} from '@facet-id/protocol/oauth'
import {
  type AuthorizationRequest,
  codeChallengeOf,
  readAuthorizationRequest,
  readFrontChannelRequest,
  readPushedAuthorizationRequest,
  writeAuthorizationResponse,
  writePushedAuthorizationResponse,
} from '@facet-id/protocol/oauth/authorization'
import {
  findClientAttestation,
  withAttestationChallenge,
  writeAttestationChallengeResponse,
} from '@facet-id/protocol/oauth/client-attestation'
import { accessTokenHash, findDpopProof, withDpopNonce } from '@facet-id/protocol/oauth/dpop'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { checkSignatures, hash, type KeyPair, keyPair, random } from '@facet-id/testkit'

export const SERVER = 'https://server.example/tenant'
export const RESOURCE = 'https://issuer.example/credential'
export const REDIRECT = 'https://wallet.example/back'
export const CLIENT = 'https://wallet.example'
export const PRE_AUTHORIZED_CODE = 'pre-authorized'

export type At = 'par' | 'token' | 'challenge' | 'resource'

/** What a test may put in the place of the usual, at any time. */
export interface ServerWays {
  /** Members of the metadata; `undefined` leaves one out. */
  metadata?: { [K in keyof AuthorizationServerMetadata]?: AuthorizationServerMetadata[K] | undefined }
  /** Members of the token response. */
  token?: Partial<TokenResponse>
  /** Where its endpoints are; absent: under its identifier. */
  endpoints?: string
  /** Whether the challenge endpoint gives a nonce for DPoP proofs too. */
  nonceWithChallenge?: boolean
  around?: { [E in At]?: (usual: () => WireResponse, request: WireRequest) => WireResponse }
}

export interface TestServer {
  readonly metadata: AuthorizationServerMetadata
  readonly ways: ServerWays
  /** Requests, in the order in which they came. */
  readonly asked: { readonly at: At; readonly request: WireRequest }[]
  /** With which wallets are attested here. */
  readonly provider: KeyPair
  handle(request: WireRequest): WireResponse
  /** What the person's browser makes of an address: where it is sent back to. */
  visit(url: string, refusing?: string): string
}

export function testServer(ways: ServerWays = {}): TestServer {
  const metadata: AuthorizationServerMetadata = JSON.parse(
    JSON.stringify({ ...usualMetadata(ways.endpoints), ...ways.metadata }),
  )
  const places = placesUnder(ways.endpoints)
  const provider = keyPair()
  const pushed = new Map<string, AuthorizationRequest & { jkt?: string }>()
  const codes = new Map<string, AuthorizationRequest & { jkt?: string }>()
  const tokens = new Map<string, string | undefined>()
  const asked: TestServer['asked'] = []
  const nonces = { [SERVER]: fresh(), [RESOURCE]: fresh() }
  const seen = new Set<string>()
  let challenge = fresh()
  let refreshToken = fresh()

  /** The thumbprint of the proof, or the refusal. */
  function sender(
    request: WireRequest,
    of: typeof SERVER | typeof RESOURCE,
    token?: string,
  ): string | WireResponse {
    if (metadata.dpop_signing_alg_values_supported === undefined) return ''
    const status = of === SERVER ? 400 : 401
    const proof = findDpopProof(request)
    if (proof === undefined) return writeErrorResponse({ status, error: 'invalid_dpop_proof' })
    if (proof.nonce !== nonces[of]) return writeErrorResponse({ status, error: 'use_dpop_nonce' })
    const [verdict] = checkSignatures([proof.check])
    const ath = token === undefined ? undefined : accessTokenHash(token, hash)
    const url = request.url.split('?', 1)[0]
    if (
      verdict !== 'valid' ||
      proof.htm !== 'POST' ||
      proof.htu !== url ||
      proof.ath !== ath ||
      seen.has(proof.jti)
    ) {
      return writeErrorResponse({ status, error: 'invalid_dpop_proof' })
    }
    seen.add(proof.jti)
    // Each proof takes the newest: a wallet that does not listen to every answer is refused next time.
    nonces[of] = fresh()
    return jwkThumbprint(proof.jwk, hash)
  }

  /** Whether the wallet is who it says, or the refusal. */
  function client(request: WireRequest): WireResponse | undefined {
    if (!metadata.token_endpoint_auth_methods_supported?.includes('attest_jwt_client_auth')) return undefined
    const found = findClientAttestation(request)
    if (found?.proof === undefined) return writeErrorResponse({ status: 401, error: 'invalid_client' })
    const { attestation, proof } = found
    if (proof.challenge !== challenge) {
      return writeErrorResponse({ status: 400, error: 'use_attestation_challenge' })
    }
    challenge = fresh()
    const verdicts = checkSignatures([attestation.check(provider.publicJwk), proof.check(attestation.jwk)])
    const right = proof.aud === SERVER && proof.iss === attestation.sub && !seen.has(proof.jti)
    seen.add(proof.jti)
    if (right && verdicts.every((verdict) => verdict === 'valid')) return undefined
    return writeErrorResponse({ status: 401, error: 'invalid_client' })
  }

  const usual: Record<At, (request: WireRequest) => WireResponse> = {
    challenge: () => writeAttestationChallengeResponse({ attestation_challenge: challenge }),
    par(request) {
      const refused = client(request)
      const jkt = sender(request, SERVER)
      if (refused !== undefined) return refused
      if (typeof jkt !== 'string') return jkt
      const request_uri = `urn:ietf:params:oauth:request_uri:${fresh()}`
      pushed.set(request_uri, { ...readPushedAuthorizationRequest(request), jkt })
      return writePushedAuthorizationResponse({ request_uri, expires_in: 60 })
    },
    token(request) {
      const refused = client(request)
      const jkt = sender(request, SERVER)
      if (refused !== undefined) return refused
      if (typeof jkt !== 'string') return jkt
      const told = readTokenRequest(request)
      if (told.grant_type === 'authorization_code') {
        const asking = codes.get(told.code)
        codes.delete(told.code)
        const verifier = told.code_verifier ?? ''
        if (
          asking?.redirect_uri !== told.redirect_uri ||
          asking?.code_challenge !== codeChallengeOf(verifier, hash) ||
          (asking.jkt !== undefined && asking.jkt !== jkt) ||
          asking.client_id !== told.client_id
        ) {
          return writeErrorResponse({ status: 400, error: 'invalid_grant' })
        }
      } else if (told.grant_type === 'refresh_token') {
        if (told.refresh_token !== refreshToken)
          return writeErrorResponse({ status: 400, error: 'invalid_grant' })
        refreshToken = fresh()
      } else if (told['pre-authorized_code'] !== PRE_AUTHORIZED_CODE) {
        return writeErrorResponse({ status: 400, error: 'invalid_grant' })
      }
      const access_token = fresh()
      tokens.set(access_token, jkt)
      return writeTokenResponse({
        access_token,
        token_type: jkt === '' ? 'Bearer' : 'DPoP',
        expires_in: 300,
        refresh_token: refreshToken,
        ...ways.token,
      })
    },
    resource(request) {
      const token = readAccessToken(request)
      const known = token === undefined ? undefined : tokens.get(token.token)
      if (token === undefined || known === undefined || (known !== '') !== (token.scheme === 'DPoP')) {
        return writeErrorResponse({ status: 401, error: 'invalid_token' })
      }
      const jkt = sender(request, RESOURCE, token.token)
      if (typeof jkt !== 'string') return jkt
      if (jkt !== known) return writeErrorResponse({ status: 401, error: 'invalid_token' })
      return { status: 200, headers: {}, body: 'done' }
    },
  }

  return {
    metadata,
    ways,
    asked,
    provider,
    handle(request) {
      const at = places[request.url]
      if (at === undefined) return { status: 404, headers: {}, body: '' }
      asked.push({ at, request })
      const answer = (): WireResponse => usual[at](request)
      const response = ways.around?.[at]?.(answer, request) ?? answer()
      const nonce = nonces[at === 'resource' ? RESOURCE : SERVER]
      const noncing =
        metadata.dpop_signing_alg_values_supported !== undefined &&
        (at !== 'challenge' || ways.nonceWithChallenge === true)
      const withNonce = noncing ? withDpopNonce(response, nonce ?? '') : response
      return at === 'par' || at === 'token' ? withAttestationChallenge(withNonce, challenge) : withNonce
    },
    visit(url, refusing) {
      const front = readFrontChannelRequest({ url })
      const asking =
        front.by === 'reference' ? pushed.get(front.request_uri) : readAuthorizationRequest(front.parameters)
      if (asking === undefined) throw new Error('the request is not one that was pushed')
      if (front.by === 'reference') pushed.delete(front.request_uri)
      const code = fresh()
      codes.set(code, asking)
      const about = { ...(asking.state === undefined ? {} : { state: asking.state }), iss: metadata.issuer }
      const response = refusing === undefined ? { code, ...about } : { error: refusing, ...about }
      return writeAuthorizationResponse(asking.redirect_uri ?? '', response).headers.location ?? ''
    },
  }
}

const usualMetadata = (endpoints = SERVER): AuthorizationServerMetadata => ({
  issuer: SERVER,
  token_endpoint: `${endpoints}/token`,
  authorization_endpoint: `${endpoints}/authorize`,
  pushed_authorization_request_endpoint: `${endpoints}/par`,
  challenge_endpoint: `${endpoints}/challenge`,
  code_challenge_methods_supported: ['S256'],
  authorization_response_iss_parameter_supported: true,
  dpop_signing_alg_values_supported: ['ES256'],
  token_endpoint_auth_methods_supported: ['attest_jwt_client_auth'],
})

const placesUnder = (endpoints = SERVER): Readonly<Record<string, At>> => ({
  [`${endpoints}/par`]: 'par',
  [`${endpoints}/token`]: 'token',
  [`${endpoints}/challenge`]: 'challenge',
  [RESOURCE]: 'resource',
})

function fresh(): string {
  return writeBase64url(random(16))
}
