/** For tests: an issuer that asks persons, a browser, and a small OpenID provider of its own. */
import { utf8 } from '@facet-id/credential/base64url'
import { writeDidJwk } from '@facet-id/credential/did'
import { writeJws, writeSigningInput } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import { createIssuer, defaultSettings, type Issuer } from '@facet-id/issuer'
import { defaultAuthorization, type UserAuthentication } from '@facet-id/issuer/authorization'
import { readForm } from '@facet-id/protocol/form'
import {
  type AuthorizationResponse,
  authorizationUrl,
  codeChallengeOf,
  readAuthorizationResponse,
} from '@facet-id/protocol/oauth/authorization'
import type { Transport, WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { memoryStore } from '@facet-id/store'
import {
  type Clock,
  checkSignatures,
  clock,
  deflate,
  hash,
  type KeyPair,
  keyPair,
  macOf,
  random,
  signerOf,
} from '@facet-id/testkit'
import type { RsaKey } from './rsa.test-support.ts'

export const ISSUER = 'https://issuer.example'
export const OP = 'https://login.example/tenant'
export const REDIRECT = 'https://wallet.example/cb'
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'

export interface Here {
  readonly issuer: Issuer
  readonly time: Clock
}

export function issuerAsking(userAuthentication: UserAuthentication, time: Clock = clock()): Here {
  const keys = keyPair()
  const did = writeDidJwk(keys.publicJwk)
  const kid = `${did}#0`
  const issuer = createIssuer(
    {
      store: memoryStore({ now: time.nowMs }),
      signer: { ...signerOf(keys.privateJwk, kid), kid },
      checkSignatures,
      hash,
      random,
      mac: macOf(random(32)),
      deflate,
      now: time.now,
      userAuthentication,
    },
    {
      ...defaultSettings,
      credential_issuer: ISSUER,
      did,
      display: [],
      configurations: {
        person: {
          vct: 'urn:facet:test:person',
          scope: 'person',
          display: [],
          claims: [{ path: ['name'] }],
          lifetime: 86_400,
        },
      },
      authorization: {
        ...defaultAuthorization,
        clients: { wallet: { name: 'Wallet <b>&', redirectUris: [REDIRECT] } },
      },
    },
  )
  return { issuer, time }
}

export interface Browser {
  open(url: string): Promise<WireResponse>
  /** Presses a button of the form that is shown. */
  press(shown: WireResponse, form: Readonly<Record<string, string>>): Promise<WireResponse>
}

export function browserOf({ issuer }: Here): Browser {
  const cookies = new Map<string, string>()
  async function send(request: WireRequest): Promise<WireResponse> {
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ')
    const response = await issuer.handle({ ...request, headers: { ...request.headers, cookie } })
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(response.headers['set-cookie'] ?? '') ?? []
    if (name !== undefined && value !== undefined) cookies.set(name, value)
    return response
  }
  return {
    open: (url) => send({ method: 'GET', url, headers: {} }),
    press(shown, form) {
      const [, action = ''] = /action="([^"]+)"/.exec(shown.body) ?? []
      const [, flow = ''] = /name="flow" value="([^"]+)"/.exec(shown.body) ?? []
      const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: ISSUER }
      const body = new URLSearchParams({ flow, ...form }).toString()
      return send({ method: 'POST', url: action, headers, body })
    },
  }
}

export const startUrl: string = authorizationUrl(`${ISSUER}/authorize`, {
  response_type: 'code',
  client_id: 'wallet',
  redirect_uri: REDIRECT,
  scope: 'person',
  state: 's',
  code_challenge: codeChallengeOf(VERIFIER, hash),
  code_challenge_method: 'S256',
})

export function arrived({ headers }: WireResponse): AuthorizationResponse {
  const expected = { redirectUri: REDIRECT, state: 's', issuer: ISSUER, requireIss: true }
  return readAuthorizationResponse(headers.location ?? '', expected)
}

/** A provider that logs everybody in as Anna, and says what a test wants it to say. */
export interface TestProvider {
  readonly transport: Transport
  /** What it was asked at its token endpoint. */
  readonly asked: WireRequest[]
  /** Where it sends the browser that comes to it. */
  returns(url: string, changes?: Readonly<Record<string, string | undefined>>): string
}

export interface ProviderWays {
  readonly claims?: JsonObject
  readonly header?: JsonObject
  readonly signedBy?: KeyPair
  readonly metadata?: JsonObject
  /** It signs with RSA, and publishes that key too. */
  readonly rsa?: { readonly published: RsaKey; readonly signing: RsaKey; readonly alg: string }
  readonly time: Clock
}

export function testProvider({
  claims = {},
  header = {},
  signedBy,
  metadata = {},
  rsa,
  time,
}: ProviderWays): TestProvider {
  const keys = keyPair()
  const asked: WireRequest[] = []
  const codes = new Map<string, Readonly<Record<string, string>>>()
  const json = (value: unknown): WireResponse => ({
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(value),
  })
  function redeem(request: WireRequest): WireResponse {
    asked.push(request)
    const { code = '', code_verifier = '', redirect_uri } = readForm(request.body ?? '')
    const began = codes.get(code)
    codes.delete(code)
    if (began === undefined || began.redirect_uri !== redirect_uri)
      return { ...json({ error: 'invalid_grant' }), status: 400 }
    if (codeChallengeOf(code_verifier, hash) !== began.code_challenge)
      return { ...json({ error: 'invalid_grant' }), status: 400 }
    const now = time.now()
    const said = {
      iss: OP,
      sub: 'anna',
      aud: 'facet',
      nonce: began.nonce ?? '',
      iat: now,
      exp: now + 300,
      ...claims,
    }
    const input = writeSigningInput({ alg: 'ES256', kid: 'op', ...header }, said)
    const signer = signerOf((signedBy ?? keys).privateJwk)
    const id_token =
      rsa === undefined
        ? writeJws(input, signer.sign(utf8(input)))
        : rsa.signing.token({ alg: rsa.alg, typ: 'JWT' }, said)
    return json({ access_token: 'x', token_type: 'Bearer', id_token })
  }
  return {
    asked,
    transport: {
      async send(request) {
        switch (request.url) {
          case `${OP}/.well-known/openid-configuration`:
            return json({
              issuer: OP,
              authorization_endpoint: `${OP}/authorize`,
              token_endpoint: `${OP}/token`,
              jwks_uri: `${OP}/keys`,
              authorization_response_iss_parameter_supported: true,
              ...metadata,
            })
          case `${OP}/keys`:
            return json({
              keys: [
                { kty: 'RSA', n: 'x', e: 'AQAB' },
                { ...keys.publicJwk, kid: 'op' },
                ...(rsa === undefined ? [] : [rsa.published.publicJwk]),
              ],
            })
          case `${OP}/token`:
            return redeem(request)
          default:
            return { ...json({}), status: 404 }
        }
      },
    },
    returns(url, changes = {}) {
      const query = Object.fromEntries(new URL(url).searchParams)
      const code = `code${codes.size}`
      codes.set(code, query)
      const back = { code, state: query.state, iss: OP, ...changes }
      const form = Object.entries(back).flatMap(([name, value]): [string, string][] =>
        value === undefined ? [] : [[name, value]],
      )
      return `${query.redirect_uri}?${new URLSearchParams(form)}`
    },
  }
}
