import { writeDidJwk } from '@facet-id/credential/did'
import { sameKey } from '@facet-id/credential/jose'
import { isJsonObject, readJsonObject } from '@facet-id/credential/json'
import { splitSdJwt } from '@facet-id/credential/sd-jwt'
import {
  authorizationServerMetadataRequest,
  readAuthorizationServerMetadataResponse,
  readTokenResponse,
} from '@facet-id/protocol/oauth'
import {
  chooseAuthorizationServer,
  credentialIssuerMetadataRequest,
  credentialRequest,
  nonceRequest,
  readCredentialIssuerMetadataResponse,
  readCredentialResponse,
  readNonceResponse,
  readOfferLink,
} from '@facet-id/protocol/openid4vci'
import type { WireRequest } from '@facet-id/protocol/wire'
import { keyPair, outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import type { IssuanceRecord } from './issuance/issuance-store.ts'
import {
  askToken,
  CREDENTIAL,
  credentialsIn,
  issue,
  judge,
  NONCE,
  proofOf,
  ready,
  refusalIn,
  TOKEN,
  tokenFor,
  verified,
} from './wallet.test-support.ts'
import { ISSUER, person, specimen, world } from './world.test-support.ts'

test('VCI-8-1, VCI-8.3-1, VCI-8.1-1, VCI-A.3-2 a wallet that knows nothing but the link gets credentials that hold', async () => {
  const here = world()
  const { link, txCode = '' } = await here.offer()
  const read = readOfferLink(link)
  if (read.by !== 'value') throw new Error('the offer is in the link')
  const { offer } = read
  const metadata = readCredentialIssuerMetadataResponse(
    await here.send(credentialIssuerMetadataRequest(offer.credential_issuer)),
    offer.credential_issuer,
  )
  const [configurationId = ''] = offer.credential_configuration_ids
  const [grant] = Object.values(offer.grants)
  if (grant === undefined) throw new Error('the offer has a grant')
  const server = chooseAuthorizationServer(metadata, grant)
  const { token_endpoint } = readAuthorizationServerMetadataResponse(
    await here.send(authorizationServerMetadataRequest(server)),
    server,
  )
  const asked = askToken({ issuanceId: '', offer, link, txCode, expiresAt: 0 })
  const { access_token } = readTokenResponse(await here.send({ ...asked, url: token_endpoint }))
  const { c_nonce } = readNonceResponse(await here.send(nonceRequest(metadata.nonce_endpoint ?? '')))
  const keys = Array.from({ length: metadata.batch_credential_issuance?.batch_size ?? 1 }, keyPair)
  const jwt = keys.map((pair) => proofOf(pair, { nonce: c_nonce, issuedAt: here.time.now() }))
  const response = await here.send(
    credentialRequest(metadata.credential_endpoint, access_token, {
      credential_configuration_id: configurationId,
      proofs: { jwt },
    }),
  )

  expect(response.status).toBe(200)
  const answer = readCredentialResponse(response)
  const credentials = 'credentials' in answer ? answer.credentials : []
  expect(credentials).toHaveLength(10)
  for (const { credential } of credentials) {
    const seen = await verified(here, credential)
    expect(seen).toMatchObject({ issuer: here.settings.did, vct: 'urn:facet:test:person' })
    expect(seen.claims).toMatchObject(specimen)
    expect(credential.endsWith('~')).toBe(true)
  }
})

test('VCI-8.3-4 each key is bound to one credential, and each credential to one key', async () => {
  const here = world()
  const { request, keys } = await ready(here, { copies: 5 })
  const credentials = credentialsIn(await here.send(request))
  expect(credentials).toHaveLength(5)
  const bound = await Promise.all(credentials.map((credential) => verified(here, credential)))
  for (const { publicJwk } of keys) {
    const mine = bound.filter(({ holderKey }) => holderKey !== undefined && sameKey(holderKey, publicJwk))
    expect(mine).toHaveLength(1)
  }
})

test('SVC-2.2.2.3-1 nothing about the person stands in the clear, at any depth, and nothing else is concealed', async () => {
  const here = world()
  const { credentials } = await issue(here, 1)
  const { jwt, disclosures } = splitSdJwt(credentials[0] ?? '')
  const payload = readJsonObject(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString())
  expect(Object.keys(payload).sort()).toEqual(['_sd', '_sd_alg', 'cnf', 'exp', 'iat', 'iss', 'status', 'vct'])
  // Five claims, two nationalities, two parts of the address, one age.
  expect(disclosures).toHaveLength(10)
  const { disclosed } = await verified(here, credentials[0] ?? '')
  expect(disclosed).toHaveLength(10)
})

test('VCI-3.3.2-1 one response has credentials of one configuration and of one person', async () => {
  const here = world()
  const { credentials } = await issue(here, 4)
  for (const credential of credentials) {
    const { cnf, status, ...said } = (await verified(here, credential)).claims
    const iat = here.time.now() - (here.time.now() % 86_400)
    const registered = { iss: here.settings.did, vct: person.vct, iat, exp: iat + person.lifetime }
    expect(said).toEqual({ ...specimen, ...registered })
  }
})

test('VCI-14.3-1 an issuance revokes no earlier one', async () => {
  const here = world()
  const first = await issue(here)
  const second = await issue(here)
  for (const credential of [...first.credentials, ...second.credentials]) {
    expect((await judge(here, credential)).verified).toBe(true)
  }
})

test('what was issued can be listed, by id and without a person in it', async () => {
  const here = world()
  const made = [await issue(here, 2), await issue(here, 3)]
  const listed: IssuanceRecord[] = []
  for await (const issuance of here.issuer.issuances()) listed.push(issuance)
  expect(listed.map(({ issuanceId }) => issuanceId).sort()).toEqual(
    made.map(({ issuanceId }) => issuanceId).sort(),
  )
  expect(listed.map(({ entries }) => entries.length).sort()).toEqual([2, 3])
  expect(listed[0]).toMatchObject({ configurationId: 'person', issuedAt: here.time.now() })
  expect(JSON.stringify(listed)).not.toContain('Eriksson')
})

test('two nodes over one state are one issuer: what one offers the other issues', async () => {
  const one = world()
  const other = world({ beside: one })
  const made = await one.offer()
  const { request } = await ready(other, { made })
  const credentials = credentialsIn(await one.send(request))
  expect((await judge(other, credentials[0] ?? '')).verified).toBe(true)
})

const get = (url: string): WireRequest => ({ method: 'GET', url, headers: {} })

test.each<[string, WireRequest]>([
  ['another path', get(`${ISSUER}/admin`)],
  ['the identifier itself', get(ISSUER)],
  ['a slash too much', { ...get(`${TOKEN}/`), method: 'POST' }],
  ['an endpoint beside the identifier', { ...get('https://issuer.example/token'), method: 'POST' }],
  ['another host', { ...get('https://other.example/utopia/token'), method: 'POST' }],
  ['another case', { ...get(TOKEN.toUpperCase()), method: 'POST' }],
  ['dots', { ...get(`${ISSUER}/x/../token`), method: 'POST' }],
  ['the empty text', get('')],
  ['a name that every object has', get('constructor')],
  ['metadata behind the path', get(`${ISSUER}/.well-known/openid-credential-issuer`)],
  ['a list that is no number', get(`${ISSUER}/status-lists/__proto__`)],
  ['a list with a zero before', get(`${ISSUER}/status-lists/00`)],
  ['a list beyond all numbers', get(`${ISSUER}/status-lists/99999999999999999999`)],
  ['a negative list', get(`${ISSUER}/status-lists/-1`)],
])('VCI-12.2.2-1 nothing answers at %s', async (_, request) => {
  const here = world()
  expect(refusalIn(await here.send(request))).toBe('404 invalid_request')
})

test.each<[WireRequest['method'], string, string]>([
  ['GET', TOKEN, 'POST'],
  ['GET', NONCE, 'POST'],
  ['GET', CREDENTIAL, 'POST'],
  ['OPTIONS', TOKEN, 'POST'],
  ['POST', `${ISSUER}/status-lists/0`, 'GET'],
  ['POST', 'https://issuer.example/.well-known/openid-credential-issuer/utopia', 'GET'],
])('%s is not the method of %s, and the answer says which is', async (method, url, allowed) => {
  const response = await world().send({ method, url, headers: {} })
  expect(refusalIn(response)).toBe('405 invalid_request')
  expect(response.headers.allow).toBe(allowed)
})

const deep = '['.repeat(100_000)

test.each<[string, Partial<WireRequest>]>([
  ['an empty body', { body: '' }],
  ['what is no JSON', { body: 'credential_configuration_id=person' }],
  ['a list', { body: '[]' }],
  ['null', { body: 'null' }],
  ['a text', { body: '"person"' }],
  ['JSON deeper than any', { body: deep }],
  ['an object deeper than any', { body: `{"proofs":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}` }],
  ['more than is read', { body: `{"a":"${'x'.repeat(2_000_000)}"}` }],
  [
    'a repeated member',
    { body: '{"credential_configuration_id":"person","credential_configuration_id":"x"}' },
  ],
  ['a prototype', { body: '{"__proto__":{"credential_configuration_id":"person"}}' }],
  ['lone surrogates', { body: '{"credential_configuration_id":"\\ud800"}' }],
  ['a form', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
  ['a body of no type', { headers: {} }],
])(
  'VCI-8.3.1-2, VCI-8.3.1-3, VCI-8.2-1 as a credential request %s is refused, and spoils nothing',
  async (_, hostile) => {
    const here = world()
    const { request } = await ready(here)
    const before = await here.state.rests()
    const { authorization = '' } = request.headers
    const headers = { ...(hostile.headers ?? { 'content-type': 'application/json' }), authorization }
    const response = await here.send({ ...request, ...hostile, headers })
    expect(refusalIn(response)).toBe('400 invalid_credential_request')
    expect(response.headers['content-type']).toBe('application/json')
    expect(await here.state.rests()).toEqual(before)
    expect(here.state.allotted()).toBe(0)
    expect((await here.send(request)).status).toBe(200)
  },
)

test.each<[string, string]>([
  ['nothing', ''],
  ['JSON deeper than any', deep],
  ['half an escape', 'grant_type=%E0%A4'],
  ['more parameters than are read', 'a=1&'.repeat(200_000)],
  ['more than is read', `grant_type=${'x'.repeat(2_000_000)}`],
  [
    'a code longer than any',
    `grant_type=urn:ietf:params:oauth:grant-type:pre-authorized_code&pre-authorized_code=${'x'.repeat(100_000)}`,
  ],
])('as a token request %s is refused, and spoils nothing', async (_, body) => {
  const here = world()
  const made = await here.offer()
  const before = await here.state.rests()
  expect(refusalIn(await here.send({ ...askToken(made), body }))).toBe('400 invalid_request')
  expect(await here.state.rests()).toEqual(before)
  await expect(tokenFor(here, made)).resolves.toMatch(/^[\w-]{43}$/)
})

test('a request that only its transport could make is answered and rejects nothing', async () => {
  const here = world()
  const headers = { authorization: 'Bearer \u0000', 'content-type': 'application/json; charset="\u{1F600}"' }
  const response = await here.send({ method: 'POST', url: CREDENTIAL, headers, body: '\ud800' })
  expect(response.status).toBe(400)
  expect(isJsonObject(readJsonObject(response.body))).toBe(true)
})

test('a key that is not that of the DID makes no issuer', () => {
  const { publicJwk } = keyPair()
  const did = writeDidJwk(publicJwk)
  expect(outcomeOf(() => world({ settings: { did } }))).toBe('settings_invalid')
  expect(outcomeOf(() => world({ settings: { did: 'issuer.example' } }))).toBe('settings_invalid')
})
