import { utf8 } from '@facet-id/credential/base64url'
import { jwkThumbprint, writeJws } from '@facet-id/credential/jose'
import {
  findClientAttestation,
  writeClientAttestationInput,
} from '@facet-id/protocol/oauth/client-attestation'
import { findDpopProof } from '@facet-id/protocol/oauth/dpop'
import type { WireRequest } from '@facet-id/protocol/wire'
import { hash, keyPair, outcomeOf, signerOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import {
  advanceAuthorization,
  beginAuthorization,
  nextOfAuthorization,
} from '../authorization/authorization.ts'
import type { Access, Authorization, Plan, Wanted } from '../authorization/authorization-state.ts'
import { createNonces } from '../authorization/nonces.ts'
import {
  CLIENT,
  PRE_AUTHORIZED_CODE,
  REDIRECT,
  RESOURCE,
  SERVER,
  type ServerWays,
  type TestServer,
  testServer,
} from '../authorization/server.test-support.ts'
import type { Holding } from '../holding.ts'
import { NOW } from '../issuer.test-support.ts'
import type { HolderPorts } from '../ports.ts'
import { defaultSettings, type HolderSettings } from '../settings.ts'
import { world } from '../wallet.test-support.ts'
import { authorizationWishes, meetAuthorization, renewAccess } from './authorize.ts'
import { sendSigned } from './send-signed.ts'

const ISSUER = 'https://issuer.example'
const byCode: Wanted = { by: 'authorization_code', scope: 'person', issuerState: 'from-the-offer' }
const byOffer: Wanted = { by: 'pre-authorized_code', code: PRE_AUTHORIZED_CODE }

interface Wallet {
  readonly server: TestServer
  readonly holding: Holding
  readonly plan: Plan
  readonly time: ReturnType<typeof world>['time']
  readonly attested: { issuer: string; fresh: boolean }[]
}

interface WalletChanges {
  readonly ways?: ServerWays
  readonly settings?: Partial<HolderSettings>
  readonly ports?: Partial<HolderPorts>
  readonly wanted?: Wanted
}

function wallet({ ways, settings, ports, wanted = byCode }: WalletChanges = {}): Wallet {
  const server = testServer(ways)
  const { ports: usual, time } = world()
  const attested: Wallet['attested'] = []
  const instance = keyPair()
  const statement = writeClientAttestationInput({
    sub: CLIENT,
    exp: NOW + 86_400,
    jwk: instance.publicJwk,
    alg: 'ES256',
  })
  const attestation = writeJws(statement, signerOf(server.provider.privateJwk).sign(utf8(statement)))
  const holding: Holding = {
    settings: { ...defaultSettings, redirectUri: REDIRECT, boundTokens: 'required', ...settings },
    ports: {
      ...usual,
      transport: { send: async (request) => server.handle(request) },
      authorize: ({ url }) => server.visit(url),
      walletAttestation(of) {
        attested.push(of)
        return { attestation, clientId: CLIENT, signer: signerOf(instance.privateJwk) }
      },
      ...ports,
    },
    nonces: createNonces(),
    renewals: new Map(),
    redeemed: new Set(),
  }
  const plan = { id: 'i1', credentialIssuer: ISSUER, server: server.metadata, wanted }
  return { server, holding, plan, time, attested }
}

/** Every state goes through text, as if the wallet had been restarted before each step. */
async function through(from: Authorization, holding: Holding): Promise<Authorization> {
  let authorization = from
  for (;;) {
    const wishes = authorizationWishes(holding)
    const need = nextOfAuthorization(authorization, wishes)
    if (need === undefined) return authorization
    const answer = await meetAuthorization(need, 'i1', holding)
    const stepped = advanceAuthorization(authorization, answer, authorizationWishes(holding))
    authorization = JSON.parse(JSON.stringify(stepped))
  }
}

async function accessFor({ plan, holding }: Wallet): Promise<Access> {
  const got = await through(beginAuthorization(plan), holding)
  if (got.has !== 'access') throw new Error('the way ends with access')
  return got.access
}

function ask(access: Access, { holding }: Wallet) {
  const request: WireRequest = { method: 'POST', url: RESOURCE, headers: {}, body: '{}' }
  return sendSigned(request, { sender: access.sender, token: access }, holding)
}

const at = ({ asked }: TestServer) => asked.map((entry) => entry.at)
const formOf = (request: WireRequest | undefined) =>
  Object.fromEntries((request?.body ?? '').split('&').map((pair) => pair.split('=').map(decodeURIComponent)))

test('VCI-5.1-1, VCI-5.1.3-3, PAR-2.1-1, DPOP-5-1, DPOP-10-2 goes by the browser to access that is bound to its key', async () => {
  const own = wallet()
  const access = await accessFor(own)
  expect(access).toMatchObject({ server: SERVER, tokenType: 'DPoP', expiresAt: NOW + 300 })
  expect((await ask(access, own)).body).toBe('done')
  const pushed = formOf(own.server.asked.find((entry) => entry.at === 'par')?.request)
  expect(pushed).toMatchObject({
    response_type: 'code',
    client_id: CLIENT,
    redirect_uri: REDIRECT,
    scope: 'person',
    issuer_state: 'from-the-offer',
    code_challenge_method: 'S256',
  })
  const proof = own.server.asked.map(({ request }) => findDpopProof(request)).find(Boolean)
  expect(pushed.dpop_jkt).toBe(proof && jwkThumbprint(proof.jwk, hash))
  expect(own.server.asked.every((entry) => entry.at === 'challenge' || findDpopProof(entry.request))).toBe(
    true,
  )
})

test('DPOP-5-1, VCI-6.1-1 a pre-authorized code is redeemed with a proof too, without a browser', async () => {
  const usual = wallet({ wanted: byOffer })
  const { authorize: _, ...ports } = usual.holding.ports
  const own = { ...usual, holding: { ...usual.holding, ports } }
  const access = await accessFor(own)
  expect((await ask(access, own)).status).toBe(200)
  expect(new Set(at(own.server))).toEqual(new Set(['challenge', 'token', 'resource']))
})

test('DPOP-8.2-1, DPOP-8-1, DPOP-9-1 nonces are taken from every answer, and each server refuses once at most', async () => {
  const own = wallet()
  const access = await accessFor(own)
  await ask(access, own)
  await ask(access, own)
  // The server makes each nonce good for one proof: one refusal where none is known yet, at each origin.
  expect(at(own.server)).toEqual(['challenge', 'par', 'par', 'token', 'resource', 'resource', 'resource'])
})

test('DPOP-8.2-1 where challenges come with a nonce, nothing is refused for one', async () => {
  const own = wallet({ ways: { nonceWithChallenge: true } })
  await accessFor(own)
  expect(at(own.server)).toEqual(['challenge', 'par', 'token'])
})

test('DPOP-4.2-3 every request has a proof of its own, also one that is repeated', async () => {
  const own = wallet()
  await ask(await accessFor(own), own)
  const jtis = own.server.asked.flatMap(({ request }) => findDpopProof(request)?.jti ?? [])
  expect(new Set(jtis).size).toBe(jtis.length)
  expect(jtis.length).toBeGreaterThan(4)
})

test('DPOP-9-2 nonces of one server and of one grant are sent to no other', async () => {
  const own = wallet()
  await ask(await accessFor(own), own)
  const second = { ...own, plan: { ...own.plan, id: 'i2' } }
  const before = own.server.asked.length
  await accessFor(second)
  const noncesIn = (entries: TestServer['asked']) =>
    entries.flatMap(({ request }) => findDpopProof(request)?.nonce ?? [])
  const [first, later] = [
    noncesIn(own.server.asked.slice(0, before)),
    noncesIn(own.server.asked.slice(before)),
  ]
  expect(later.filter((nonce) => first.includes(nonce))).toEqual([])
  const keysOf = own.server.asked.flatMap(({ request }) => findDpopProof(request)?.jwk.x ?? [])
  expect(new Set(keysOf).size).toBe(2)
})

test('DPOP-8-1 a server that refuses for its nonce again and again is asked twice', async () => {
  const refusing = {
    status: 400,
    headers: { 'content-type': 'application/json' },
    body: '{"error":"use_dpop_nonce"}',
  }
  const own = wallet({ wanted: byOffer, ways: { around: { token: () => refusing } } })
  expect(await outcomeOf(() => accessFor(own))).toBe('refused_by_peer')
  expect(at(own.server)).toEqual(['challenge', 'token', 'token'])
})

test('DPOP-5-4 a token that is not bound is not used where binding is demanded', async () => {
  const bearer: ServerWays = { token: { token_type: 'Bearer' } }
  expect(await outcomeOf(() => accessFor(wallet({ ways: bearer })))).toBe('token_not_bound')
  const lenient = await accessFor(wallet({ ways: bearer, settings: { boundTokens: 'when_supported' } }))
  expect(lenient.tokenType).toBe('Bearer')
  const unknowing: ServerWays = { metadata: { dpop_signing_alg_values_supported: undefined } }
  expect(await outcomeOf(() => accessFor(wallet({ ways: unknowing })))).toBe('offer_unsupported')
  const own = wallet({ ways: unknowing, settings: { boundTokens: 'when_supported' } })
  const access = await accessFor(own)
  expect((await ask(access, own)).body).toBe('done')
  expect(own.server.asked.some(({ request }) => request.headers.dpop !== undefined)).toBe(false)
  const claimed: ServerWays = { ...unknowing, token: { token_type: 'DPoP' } }
  const unbindable = wallet({ ways: claimed, settings: { boundTokens: 'when_supported' } })
  expect(await outcomeOf(() => accessFor(unbindable))).toBe('token_not_bound')
})

test('DPOP-5-1 a server whose algorithms the wallet has no key for gets no proof', async () => {
  const ways: ServerWays = { metadata: { dpop_signing_alg_values_supported: ['EdDSA'] } }
  expect(await outcomeOf(() => accessFor(wallet({ ways })))).toBe('offer_unsupported')
})

test('ISS-2.4-1, ISS-2.4-2, BCP-2.1-4, ATK-29 an answer of another server, or that does not say whose, stops: no code is sent', async () => {
  for (const changed of [
    (url: string) => url.replace(encodeURIComponent(SERVER), encodeURIComponent('https://attacker.example')),
    (url: string) => url.replace(`&iss=${encodeURIComponent(SERVER)}`, ''),
    (url: string) => url.replace(encodeURIComponent(SERVER), encodeURIComponent(`${SERVER}/`)),
  ]) {
    const own = wallet()
    const authorize: HolderPorts['authorize'] = ({ url }) => changed(own.server.visit(url))
    const holding = { ...own.holding, ports: { ...own.holding.ports, authorize } }
    expect(await outcomeOf(() => accessFor({ ...own, holding }))).toBe('issuer_mismatch')
    expect(at(own.server)).not.toContain('token')
  }
})

test('ISS-2.4-3 an iss is compared, and wanted, also where the server did not say that it sends one', async () => {
  const other = (url: string): string =>
    url.replace(encodeURIComponent(SERVER), encodeURIComponent('https://attacker.example'))
  const none = (url: string): string => url.replace(`&iss=${encodeURIComponent(SERVER)}`, '')
  const outcomeWith = async (
    changed: (url: string) => string,
    responseIssuer: HolderSettings['responseIssuer'],
  ): Promise<string> => {
    const metadata = { authorization_response_iss_parameter_supported: undefined }
    const own = wallet({ ways: { metadata }, settings: { responseIssuer } })
    const authorize: HolderPorts['authorize'] = ({ url }) => changed(own.server.visit(url))
    const holding = { ...own.holding, ports: { ...own.holding.ports, authorize } }
    return outcomeOf(() => accessFor({ ...own, holding }))
  }
  expect(await outcomeWith(other, 'required')).toBe('issuer_mismatch')
  expect(await outcomeWith(none, 'required')).toBe('issuer_mismatch')
  expect(await outcomeWith(other, 'when_present')).toBe('issuer_mismatch')
  expect(await outcomeWith(none, 'when_present')).toBe('accepted')
})

test('BCP-2.1-3 an answer to another request, or at another address, sends no code', async () => {
  for (const changed of [
    (url: string) => url.replace(/state=[^&]*/, 'state=other'),
    (url: string) => url.replace(/&state=[^&]*/, ''),
    (url: string) => url.replace(REDIRECT, 'https://wallet.example/other'),
    () => REDIRECT,
    () => '',
  ]) {
    const own = wallet()
    const authorize: HolderPorts['authorize'] = ({ url }) => changed(own.server.visit(url))
    const holding = { ...own.holding, ports: { ...own.holding.ports, authorize } }
    expect(await outcomeOf(() => accessFor({ ...own, holding }))).toBe('redirect_unusable')
    expect(at(own.server)).not.toContain('token')
  }
})

test('VCI-5.2-2 a refusal of the server, or of the person there, is told by its code', async () => {
  const own = wallet()
  const authorize: HolderPorts['authorize'] = ({ url }) => own.server.visit(url, 'access_denied')
  const holding = { ...own.holding, ports: { ...own.holding.ports, authorize } }
  await expect(accessFor({ ...own, holding })).rejects.toMatchObject({
    code: 'authorization_denied',
    peerError: 'access_denied',
  })
})

test('VCI-5.2-3 a browser that comes back later, also after a restart, goes on from where it stood', async () => {
  const own = wallet()
  let opened = ''
  const away: HolderPorts['authorize'] = ({ url }) => {
    opened = url
    return undefined
  }
  const waiting = { ...own.holding, ports: { ...own.holding.ports, authorize: away } }
  let authorization = beginAuthorization(own.plan)
  const wishes = authorizationWishes(waiting)
  let outcome: unknown
  for (let need = nextOfAuthorization(authorization, wishes); need !== undefined; ) {
    try {
      const answer = await meetAuthorization(need, 'i1', waiting)
      authorization = advanceAuthorization(authorization, answer, wishes)
      need = nextOfAuthorization(authorization, wishes)
    } catch (error) {
      outcome = error
      break
    }
  }
  expect(outcome).toMatchObject({ code: 'authorization_pending' })
  const redirect = own.server.visit(opened)
  // An hour later, in another process: no nonces are known, and the name of the request is long over.
  own.time.advance(3600)
  const restarted: Holding = { ...own.holding, nonces: createNonces() }
  const kept: Authorization = JSON.parse(JSON.stringify(authorization))
  const answer = { answer: 'redirect', url: redirect } as const
  const resumed = advanceAuthorization(kept, answer, authorizationWishes(restarted))
  const got = await through(resumed, restarted)
  expect(got.has).toBe('access')
})

test('PAR-2.2-2 a name of a request that is over is not brought to the server: it is pushed again', async () => {
  const own = wallet()
  let authorization = beginAuthorization(own.plan)
  while (authorization.has !== 'pushed') {
    const need = nextOfAuthorization(authorization, authorizationWishes(own.holding))
    if (need === undefined) throw new Error('it is not pushed')
    const answer = await meetAuthorization(need, 'i1', own.holding)
    authorization = advanceAuthorization(authorization, answer, authorizationWishes(own.holding))
  }
  own.time.advance(60)
  expect((await through(authorization, own.holding)).has).toBe('access')
  expect(at(own.server).filter((place) => place === 'par')).toHaveLength(3)
})

test('VCI-5.1-2 a server without pushed requests gets its parameters from the browser', async () => {
  const own = wallet({ ways: { metadata: { pushed_authorization_request_endpoint: undefined } } })
  expect((await accessFor(own)).tokenType).toBe('DPoP')
  const demanding = {
    pushed_authorization_request_endpoint: undefined,
    require_pushed_authorization_requests: true,
  }
  expect(await outcomeOf(() => accessFor(wallet({ ways: { metadata: demanding } })))).toBe(
    'offer_unsupported',
  )
})

test('PKCE-BCP-3 a server that knows another PKCE than S256, or asks no person, is not asked', async () => {
  for (const metadata of [
    { code_challenge_methods_supported: ['plain'] },
    { authorization_endpoint: undefined },
    { grant_types_supported: ['urn:ietf:params:oauth:grant-type:pre-authorized_code'] },
  ]) {
    const own = wallet({ ways: { metadata } })
    expect(await outcomeOf(() => accessFor(own))).toBe('offer_unsupported')
    expect(at(own.server)).not.toContain('par')
  }
})

test('ABCA-5.1-1, ABCA-6.1-1, ABCA-6.2-1, VCI-E-2 the wallet is attested with the challenge of the endpoint, then of each answer', async () => {
  const own = wallet()
  await accessFor(own)
  expect(own.attested.every(({ issuer }) => issuer === ISSUER)).toBe(true)
  const attesting = own.server.asked.filter((entry) => entry.at === 'par' || entry.at === 'token')
  const challenges = attesting.map(({ request }) => findClientAttestation(request)?.proof?.challenge)
  expect(new Set(challenges).size).toBe(challenges.length)
  expect(challenges).not.toContain(undefined)
})

test('ABCA-7.4-1 without the endpoint the challenge of a refusal is used, and the request repeated once', async () => {
  const own = wallet({ wanted: byOffer, ways: { metadata: { challenge_endpoint: undefined } } })
  expect((await accessFor(own)).tokenType).toBe('DPoP')
  expect(at(own.server)).not.toContain('challenge')
})

test('ABCA-6.2-1, ABCA-7.4-1 challenges are of the server that proofs name, wherever its endpoints are', async () => {
  const endpoints = 'https://api.server.example'
  for (const challenge_endpoint of [undefined, `${endpoints}/challenge`]) {
    for (const wanted of [byOffer, byCode]) {
      const own = wallet({ wanted, ways: { endpoints, metadata: { challenge_endpoint } } })
      const access = await accessFor(own)
      expect(access.tokenEndpoint).toBe(`${endpoints}/token`)
      expect((await ask(await renewAccess(access, own.holding), own)).body).toBe('done')
    }
  }
})

test('ABCA-6.1-1, ABCA-7.4-1 where a refusal brings no challenge, the endpoint is asked for another', async () => {
  const own = wallet({ wanted: byOffer })
  const silent: HolderPorts['transport'] = {
    async send(request) {
      const response = own.server.handle(request)
      const { 'oauth-client-attestation-challenge': _, ...headers } = response.headers
      return { ...response, headers }
    },
  }
  const holding = { ...own.holding, ports: { ...own.holding.ports, transport: silent } }
  const access = await accessFor({ ...own, holding })
  expect((await renewAccess(access, holding)).tokenType).toBe('DPoP')
})

test('ABCA-6.2-1 a challenge of an issuer that has another server is for no proof', async () => {
  const around: ServerWays['around'] = {
    resource(usual) {
      const response = usual()
      return {
        ...response,
        headers: { ...response.headers, 'oauth-client-attestation-challenge': 'foreign' },
      }
    },
  }
  const own = wallet({ ways: { around } })
  const access = await accessFor(own)
  await ask(access, own)
  await renewAccess(access, own.holding)
  const challenges = own.server.asked.map(({ request }) => findClientAttestation(request)?.proof?.challenge)
  expect(challenges).not.toContain('foreign')
})

test('ABCA-7.1-2 an attestation that is over is asked for anew, once', async () => {
  let refused = 0
  const around: ServerWays['around'] = {
    token(usual) {
      if (refused++ > 0) return usual()
      return {
        status: 400,
        headers: { 'content-type': 'application/json' },
        body: '{"error":"use_fresh_attestation"}',
      }
    },
  }
  const own = wallet({ wanted: byOffer, ways: { around } })
  await accessFor(own)
  expect(own.attested.map(({ fresh }) => fresh)).toContain(true)
})

test('ABCA-4-2 an attestation goes to authorization servers that want it, and to no protected endpoint', async () => {
  const own = wallet()
  await ask(await accessFor(own), own)
  const toResource = own.server.asked.filter((entry) => entry.at === 'resource')
  expect(toResource.every(({ request }) => findClientAttestation(request) === undefined)).toBe(true)
  const unasked = wallet({
    ways: { metadata: { token_endpoint_auth_methods_supported: ['none'] } },
    settings: { clientId: CLIENT },
  })
  await accessFor(unasked)
  expect(unasked.attested).toEqual([])
})

test('ABCA-10.1-1, HAIP-4.4.1-3 an attestation, or its key, that one issuer saw is shown to no other, also later', async () => {
  const own = wallet()
  await accessFor(own)
  await accessFor({ ...own, plan: { ...own.plan, id: 'i2' } })
  const other = { ...own, plan: { ...own.plan, id: 'i3', credentialIssuer: 'https://other.example' } }
  const before = own.server.asked.length
  expect(await outcomeOf(() => accessFor(other))).toBe('attestation_unusable')
  expect(own.server.asked).toHaveLength(before)
})

test('ABCA-10.1-1, HAIP-4.4.1-3 of several issuers at once, one sees the key of an attestation', async () => {
  const own = wallet({ wanted: byOffer })
  const { store } = own.holding.ports
  let waiting: (() => void)[] = []
  const slow: HolderPorts['store'] = {
    ...store,
    // Nobody goes on before all three have found that no issuer saw the key.
    async get(ns, key) {
      const entry = await store.get(ns, key)
      if (ns !== 'holder/attestation-shown' || entry !== undefined) return entry
      await new Promise<void>((resolve) => {
        waiting.push(resolve)
        if (waiting.length < 3) return
        for (const go of waiting) go()
        waiting = []
      })
      return entry
    },
  }
  const holding = { ...own.holding, ports: { ...own.holding.ports, store: slow } }
  const outcomes = await Promise.all(
    ['one', 'two', 'three'].map((id) => {
      const plan = { ...own.plan, id, credentialIssuer: `https://${id}.example` }
      return outcomeOf(() => accessFor({ ...own, holding, plan }))
    }),
  )
  expect(outcomes.toSorted()).toEqual(['accepted', 'attestation_unusable', 'attestation_unusable'])
})

test('ABCA-10.1-1, HAIP-4.4.1-3 the key is shown to no other issuer also when its first attestation is over', async () => {
  const own = wallet({ wanted: byOffer })
  const years = 6 * 366 * 86_400
  const other = { ...own, plan: { ...own.plan, id: 'i2', credentialIssuer: 'https://other.example' } }
  await accessFor(own)
  for (const passed of [86_401, years, years]) {
    own.time.advance(passed)
    expect(await outcomeOf(() => accessFor(other))).toBe('attestation_unusable')
    // Each time that it is shown it is remembered for longer.
    await accessFor(own)
  }
})

test('ABCA-4-1 an attestation of another client than the port says is not sent', async () => {
  const own = wallet()
  const given = own.holding.ports.walletAttestation
  const walletAttestation: HolderPorts['walletAttestation'] = async (of) => {
    const attested = await given?.(of)
    return attested && { ...attested, clientId: 'https://other.example' }
  }
  const holding = { ...own.holding, ports: { ...own.holding.ports, walletAttestation } }
  expect(await outcomeOf(() => accessFor({ ...own, holding }))).toBe('attestation_unusable')
})

test('ABCA-4-1, HAIP-4.4.1-4 an attestation of another client than asked for the access is not sent later', async () => {
  const own = wallet()
  const access = await accessFor(own)
  const before = own.server.asked.length
  const renamed = { ...access, sender: { ...access.sender, clientId: 'https://former.example' } }
  expect(await outcomeOf(() => renewAccess(renamed, own.holding))).toBe('attestation_unusable')
  expect(own.server.asked).toHaveLength(before)
})

test('DPOP-5-1 where the key of the access is gone, no proof of another is sent', async () => {
  const own = wallet()
  const access = await accessFor(own)
  const { keys } = own.holding.ports
  await keys.forget([access.sender.dpopKey ?? ''])
  const before = own.server.asked.length
  expect(await outcomeOf(() => ask(access, own))).toBe('credential_unknown')
  expect(await outcomeOf(() => renewAccess(access, own.holding))).toBe('credential_unknown')
  expect(own.server.asked).toHaveLength(before)
})

test('ABCA-8-2 a server that takes attested wallets only is not asked without an attestation', async () => {
  const own = wallet({ ports: { walletAttestation: () => undefined }, settings: { clientId: CLIENT } })
  expect(await outcomeOf(() => accessFor(own))).toBe('offer_unsupported')
  expect(own.server.asked).toEqual([])
})

test('DPOP-5-1, RFT-6-1 access is renewed with proofs of the same key, and the newest refresh token stays', async () => {
  const own = wallet()
  const first = await accessFor(own)
  own.time.advance(300)
  const second = await renewAccess(first, own.holding)
  expect(second.accessToken).not.toBe(first.accessToken)
  expect(second).toMatchObject({ sender: first.sender, expiresAt: NOW + 600, server: SERVER })
  expect((await ask(second, own)).body).toBe('done')
  const third = await renewAccess(second, own.holding)
  expect((await ask(third, own)).body).toBe('done')
  expect(await outcomeOf(() => renewAccess(first, own.holding))).toBe('grant_ended')
  const { refreshToken: _, ...without } = first
  expect(await outcomeOf(() => renewAccess(without, own.holding))).toBe('grant_ended')
})

test('DPOP-5-4 access that was bound is not renewed unbound, also where binding is not demanded', async () => {
  const own = wallet({ settings: { boundTokens: 'when_supported' } })
  const access = await accessFor(own)
  expect(access.tokenType).toBe('DPoP')
  own.server.ways.token = { token_type: 'Bearer' }
  expect(await outcomeOf(() => renewAccess(access, own.holding))).toBe('token_not_bound')
  const never = wallet({
    ways: { token: { token_type: 'Bearer' } },
    settings: { boundTokens: 'when_supported' },
  })
  const bearer = await accessFor(never)
  expect((await renewAccess(bearer, never.holding)).tokenType).toBe('Bearer')
})

test('VCI-13.10-2, PKCE-4.1-1, VCI-15.4.3-1 each authorization has secrets of its own, of 256 bits', async () => {
  const own = wallet()
  const secrets = await Promise.all(
    ['i1', 'i2'].map(async (id) => {
      const answer = await meetAuthorization({ need: 'sender', of: { ...own.plan, id } }, id, own.holding)
      if (answer.answer !== 'sender') throw new Error('a sender was asked for')
      return [answer.secrets.verifier, answer.secrets.state]
    }),
  )
  const all = secrets.flat()
  expect(new Set(all).size).toBe(4)
  for (const secret of all) expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/)
})
