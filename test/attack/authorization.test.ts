/**
 * Whoever comes to the authorization server with what is another's, used, guessed or meant for somebody else: at two
 * nodes of one issuer, over one state, everything at once.
 */
import { utf8 } from '@facet-id/credential/base64url'
import { writeDidJwk } from '@facet-id/credential/did'
import { writeJws, writeSigningInput } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import { createIssuer, defaultSettings, type Issuer, type MadeOffer } from '@facet-id/issuer'
import { defaultAuthorization, type UserAuthentication } from '@facet-id/issuer/authorization'
import {
  AUTHORIZATION_CODE_GRANT,
  PRE_AUTHORIZED_CODE_GRANT,
  readErrorResponse,
  readTokenResponse,
  tokenRequest,
} from '@facet-id/protocol/oauth'
import {
  type AuthorizationRequest,
  type AuthorizationResponse,
  authorizationUrl,
  codeChallengeOf,
  pushedAuthorizationRequest,
  readAuthorizationResponse,
  readPushedAuthorizationResponse,
} from '@facet-id/protocol/oauth/authorization'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { memoryStore, type Store } from '@facet-id/store'
import {
  checkSignatures,
  clock,
  deflate,
  hash,
  keyPair,
  macOf,
  outcomeOf,
  random,
  signerOf,
} from '@facet-id/testkit'
import { expect, test } from 'vitest'

const ISSUER = 'https://issuer.example'
const REDIRECT = 'https://wallet.example/cb'
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
const FIFTY = 50

/** Agrees to everything, for whoever comes. */
const agreeing: UserAuthentication = {
  begin: ({ flow }) => ({ next: 'page', html: `flow="${flow}"` }),
  answer: ({ configurationIds }, { request }) =>
    new URLSearchParams(request.body).has('no')
      ? { next: 'refuse' }
      : { next: 'agreed', subject: 'anna', configurationIds, claims: { person: { name: 'Anna' } } },
}

interface Ring {
  readonly nodes: readonly [Issuer, Issuer]
  readonly store: Store
  readonly time: ReturnType<typeof clock>
  /** Of which offers the operator heard that they were guessed at. */
  readonly guessed: readonly string[]
  /** To one node after the other. */
  send(request: WireRequest): Promise<WireResponse>
}

const clientKeys = keyPair()

function ring(authorization: Partial<typeof defaultAuthorization> = {}): Ring {
  const time = clock()
  const store = memoryStore({ now: time.nowMs })
  const keys = keyPair()
  const did = writeDidJwk(keys.publicJwk)
  const kid = `${did}#0`
  const mac = macOf(random(32))
  const guessed: string[] = []
  const node = (): Issuer =>
    createIssuer(
      {
        store,
        signer: { ...signerOf(keys.privateJwk, kid), kid },
        checkSignatures,
        hash,
        random,
        mac,
        deflate,
        now: time.now,
        userAuthentication: agreeing,
        onGuessed: ({ issuanceId }) => guessed.push(issuanceId),
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
          clients: { wallet: { name: 'Wallet', redirectUris: [REDIRECT] } },
          ...authorization,
        },
      },
    )
  const nodes = [node(), node()] as const
  let turn = 0
  return { nodes, store, time, guessed, send: (request) => nodes[turn++ % 2 === 0 ? 0 : 1].handle(request) }
}

async function restingIn(store: Store, ns: string): Promise<number> {
  let count = 0
  for await (const _ of store.range(ns)) count++
  return count
}

function refusalOf(response: WireResponse): string {
  const { status, error } = readErrorResponse(response)
  return `${status} ${error}`
}

function redeeming({ offer, txCode }: MadeOffer, tx_code = txCode): WireRequest {
  const grant = offer.grants[PRE_AUTHORIZED_CODE_GRANT]
  return tokenRequest(`${ISSUER}/token`, {
    grant_type: PRE_AUTHORIZED_CODE_GRANT,
    'pre-authorized_code': grant?.['pre-authorized_code'] ?? '',
    ...(tx_code === undefined ? {} : { tx_code }),
  })
}

const wrongFor = ({ txCode = '' }: MadeOffer): string =>
  `${(Number(txCode) + 1) % 10 ** txCode.length}`.padStart(6, '0')

const offered = ({ nodes }: Ring) => nodes[0].offer({ configurationId: 'person', claims: { name: 'Anna' } })

test('ATK-17 of fifty requests at once with one pre-authorized code, at two nodes, one gets a token', async () => {
  const here = ring()
  const made = await offered(here)
  const answers = await Promise.all(Array.from({ length: FIFTY }, () => here.send(redeeming(made))))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  expect(new Set(answers.filter(({ status }) => status !== 200).map(refusalOf))).toEqual(
    new Set(['400 invalid_grant']),
  )
  expect(await restingIn(here.store, 'issuer/session')).toBe(1)
})

test('ATK-17 of fifty requests at once with one authorization code, at two nodes, one gets a token, and it is worth nothing', async () => {
  const here = ring()
  const request = codeRequest(await codeOf(here))
  const answers = await Promise.all(Array.from({ length: FIFTY }, () => here.send(request)))
  const [granted, ...others] = answers.filter(({ status }) => status === 200)
  expect(others).toEqual([])
  if (granted === undefined) throw new Error('one is answered')
  const { access_token } = readTokenResponse(granted)
  const headers = { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' }
  const asked = await here.send({ method: 'POST', url: `${ISSUER}/credential`, headers, body: '{}' })
  expect(refusalOf(asked)).toBe('401 invalid_token')
  expect(await restingIn(here.store, 'issuer/grant')).toBe(0)
})

test('ATK-18 a wrong transaction code does not burn the pre-authorized code', async () => {
  const here = ring()
  const made = await offered(here)
  for (let tries = 0; tries < 4; tries++) {
    expect(refusalOf(await here.send(redeeming(made, wrongFor(made))))).toBe('400 invalid_grant')
  }
  expect((await here.send(redeeming(made))).status).toBe(200)
})

test('ATK-19 fifty guesses at once, at two nodes, end the code, and the right one comes too late', async () => {
  const here = ring()
  const made = await offered(here)
  const guesses = Array.from({ length: FIFTY }, () => here.send(redeeming(made, wrongFor(made))))
  expect(new Set((await Promise.all(guesses)).map(refusalOf))).toEqual(new Set(['400 invalid_grant']))
  expect(refusalOf(await here.send(redeeming(made)))).toBe('400 invalid_grant')
  expect(await restingIn(here.store, 'issuer/offer')).toBe(0)
  expect(await restingIn(here.store, 'issuer/session')).toBe(0)
  // The operator hears of it, from one node, and finds it at either.
  expect(here.guessed).toEqual([made.issuanceId])
  for (const node of here.nodes) {
    for await (const { issuanceId, tries } of node.guessed()) {
      expect([issuanceId, tries]).toEqual([made.issuanceId, 5])
    }
  }
  expect(await restingIn(here.store, 'issuer/guessed')).toBe(1)
})

const asking: AuthorizationRequest = {
  response_type: 'code',
  client_id: 'wallet',
  redirect_uri: REDIRECT,
  scope: 'person',
  state: 's',
  code_challenge: codeChallengeOf(VERIFIER, hash),
  code_challenge_method: 'S256',
}

const pushing = (): WireRequest => pushedAuthorizationRequest(`${ISSUER}/par`, asking)

const opened = (here: Ring, url: string): Promise<WireResponse> =>
  here.send({ method: 'GET', url, headers: {} })

async function pushed(here: Ring): Promise<string> {
  const { request_uri } = readPushedAuthorizationResponse(await here.send(pushing()))
  return authorizationUrl(`${ISSUER}/authorize`, { client_id: 'wallet', request_uri })
}

async function answered(here: Ring, form: Readonly<Record<string, string>> = {}): Promise<WireResponse> {
  const shown = await opened(here, await pushed(here))
  const [, flow = ''] = /flow="([^"]+)"/.exec(shown.body) ?? []
  const [cookie = ''] = (shown.headers['set-cookie'] ?? '').split(';')
  return here.send({
    method: 'POST',
    url: `${ISSUER}/authorize/answer`,
    headers: { 'content-type': 'application/x-www-form-urlencoded', cookie },
    body: new URLSearchParams({ flow, ...form }).toString(),
  })
}

function read(response: WireResponse, issuer = ISSUER): AuthorizationResponse {
  const expected = { redirectUri: REDIRECT, state: 's', issuer, requireIss: true }
  return readAuthorizationResponse(response.headers.location ?? '', expected)
}

async function codeOf(here: Ring): Promise<string> {
  const response = read(await answered(here))
  if (!('code' in response)) throw new Error('the person agreed')
  return response.code
}

function codeRequest(code: string): WireRequest {
  return tokenRequest(`${ISSUER}/token`, {
    grant_type: AUTHORIZATION_CODE_GRANT,
    code,
    redirect_uri: REDIRECT,
    code_verifier: VERIFIER,
    client_id: 'wallet',
  })
}

test('ATK-29 every answer of this server says whose it is, and a wallet that asked another goes no further', async () => {
  const here = ring()
  for (const response of [await answered(here), await answered(here, { no: '1' })]) {
    expect(read(response).iss).toBe(ISSUER)
    expect(await outcomeOf(() => read(response, 'https://other.example'))).toBe('issuer_mismatch')
  }
})

test('ATK-31 where requests must be pushed, the browser brings a name that is good once, soon, and alone', async () => {
  const here = ring({ pushedRequests: 'required' })
  const refused = async (url: string): Promise<void> => {
    const response = await opened(here, url)
    expect(response.status).toBe(400)
    expect(response.headers).not.toHaveProperty('location')
  }
  await refused(authorizationUrl(`${ISSUER}/authorize`, asking))
  const url = await pushed(here)
  await refused(`${url}&scope=other`)
  await refused(`${url}&redirect_uri=https%3A%2F%2Fevil.example`)
  await refused(url.replace('client_id=wallet', 'client_id=other'))
  const all = await Promise.all(Array.from({ length: FIFTY }, () => opened(here, url)))
  expect(all.filter(({ status }) => status === 200)).toHaveLength(1)
  await refused(url)
  const late = await pushed(here)
  here.time.advance(60)
  await refused(late)
  expect(await restingIn(here.store, 'issuer/flow')).toBe(1)
})

function assertion(here: Ring, changes: JsonObject = {}): WireRequest {
  const now = here.time.now()
  const claims = { iss: 'wallet', sub: 'wallet', aud: ISSUER, iat: now, exp: now + 60, jti: 'j', ...changes }
  const input = writeSigningInput({ alg: 'ES256', typ: 'client-authentication+jwt' }, claims)
  const form = new URLSearchParams({
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: writeJws(input, signerOf(clientKeys.privateJwk).sign(utf8(input))),
  })
  const request = pushing()
  return { ...request, body: `${request.body}&${form}` }
}

test('ATK-34 an assertion that names an endpoint, several parties or another server authenticates nobody, and one serves once', async () => {
  const clients = {
    wallet: { name: 'Wallet', redirectUris: [REDIRECT], keys: [{ publicJwk: clientKeys.publicJwk }] },
  }
  const here = ring({ clients })
  for (const aud of [
    `${ISSUER}/token`,
    `${ISSUER}/par`,
    `${ISSUER}/`,
    [ISSUER],
    [ISSUER, 'https://evil.example'],
    'https://evil.example',
  ]) {
    expect(refusalOf(await here.send(assertion(here, { aud })))).toBe('401 invalid_client')
  }
  expect(await restingIn(here.store, 'issuer/pushed')).toBe(0)
  const request = assertion(here)
  const answers = await Promise.all(Array.from({ length: FIFTY }, () => here.send(request)))
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
  expect(await restingIn(here.store, 'issuer/pushed')).toBe(1)
})
