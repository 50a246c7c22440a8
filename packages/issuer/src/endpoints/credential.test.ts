import { readErrorResponse, readTokenResponse } from '@facet-id/protocol/oauth'
import { credentialRequest } from '@facet-id/protocol/openid4vci'
import type { WireRequest } from '@facet-id/protocol/wire'
import { expect, test } from 'vitest'
import {
  askCredential,
  askToken,
  CREDENTIAL,
  credentialsIn,
  type Ready,
  ready,
  refusalIn,
  tokenFor,
  withBody,
} from '../wallet.test-support.ts'
import { person, type World, world } from '../world.test-support.ts'

/** Sends what must be refused, and shows that it was as if nothing had been sent. */
async function refused(here: World, { request }: Ready, wrong: WireRequest): Promise<string> {
  const before = await here.state.rests()
  const allotted = here.state.allotted()
  const response = await here.send(wrong)
  const refusal = response.body === '' ? String(response.status) : refusalIn(response)
  expect(response.headers['cache-control']).toBe('no-store')
  expect(await here.state.rests()).toEqual(before)
  expect(here.state.allotted()).toBe(allotted)
  expect(credentialsIn(await here.send(request)).length).toBeGreaterThan(0)
  return refusal
}

test('VCI-8.3-3, VCI-8.3-6, VCI-7.2-4 the answer is plain JSON with credentials and nothing else, for nobody to keep', async () => {
  const here = world()
  const response = await here.send((await ready(here)).request)
  expect(response.status).toBe(200)
  expect(response.headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-store' })
  expect(Object.keys(JSON.parse(response.body))).toEqual(['credentials'])
})

test('VCI-8.3.1-1 a request without a token is challenged, and told no more', async () => {
  const here = world()
  const right = await ready(here)
  const { authorization: _, ...headers } = right.request.headers
  const response = await here.send({ ...right.request, headers })
  expect(response).toMatchObject({
    status: 401,
    body: '',
    headers: { 'www-authenticate': 'Bearer, DPoP algs="ES256 ES384 ES512 EdDSA"' },
  })
  expect(await refused(here, right, { ...right.request, headers })).toBe('401')
})

test.each<[string, string]>([
  ['another', 'Bearer mF_9.B5f-4.1JqM'],
  ['of the same form', `Bearer ${'A'.repeat(43)}`],
])('VCI-8.3.1-1 a token that is %s is refused with a challenge', async (_, authorization) => {
  const here = world()
  const right = await ready(here)
  const wrong = { ...right.request, headers: { ...right.request.headers, authorization } }
  expect((await here.send(wrong)).headers['www-authenticate']).toBe('Bearer error="invalid_token"')
  expect(await refused(here, right, wrong)).toBe('401 invalid_token')
})

test.each<[string, string]>([
  ['empty', 'Bearer '],
  ['two tokens', 'Bearer a b'],
  ['a list of tokens', 'Bearer a, Bearer b'],
  ['none of ASCII', 'Bearer töken'],
])('VCI-8.3.1-1 a header with %s is refused with a challenge', async (_, authorization) => {
  const here = world()
  const right = await ready(here)
  const wrong = { ...right.request, headers: { ...right.request.headers, authorization } }
  expect((await here.send(wrong)).headers['www-authenticate']).toBe('Bearer error="invalid_request"')
  expect(await refused(here, right, wrong)).toBe('400 invalid_request')
})

test('VCI-8.3.1-1 a bearer token is not taken for one that is bound to a key', async () => {
  const here = world()
  const right = await ready(here)
  const headers = { ...right.request.headers, authorization: `DPoP ${right.token}` }
  expect(await refused(here, right, { ...right.request, headers })).toBe('401 invalid_token')
})

test('VCI-8.3.1-12, DPOP-7.2-2 a token in the query is refused, alone or beside one in the header', async () => {
  const here = world()
  const right = await ready(here)
  const url = `${CREDENTIAL}?access_token=${right.token}`
  const { authorization: _, ...headers } = right.request.headers
  const alone = { ...right.request, url, headers }
  expect((await here.send(alone)).headers['www-authenticate']).toBe('Bearer error="invalid_request"')
  expect(refusalIn(await here.send(alone))).toBe('400 invalid_request')
  expect(await refused(here, right, { ...right.request, url })).toBe('400 invalid_request')
})

test('VCI-8.3.1-1, VCI-13.10-1 a token is refused once its five minutes are over', async () => {
  const here = world()
  const token = await tokenFor(here)
  here.time.advance(300)
  const { proofs } = await ready(here)
  expect(refusalIn(await here.send(askCredential(token, proofs)))).toBe('401 invalid_token')
})

test('VCI-8.3.1-1 a token is good for one response', async () => {
  const here = world()
  const right = await ready(here)
  expect((await here.send(right.request)).status).toBe(200)
  const again = await ready(here)
  expect(refusalIn(await here.send(askCredential(right.token, again.proofs)))).toBe('401 invalid_token')
  expect((await here.send(again.request)).status).toBe(200)
})

test('VCI-6.1-5, VCI-8.3.1-1 a token for one configuration is not enough for another', async () => {
  const here = world({
    settings: { configurations: { person, member: { ...person, vct: 'urn:facet:test:member' } } },
  })
  const right = await ready(here)
  const wrong = withBody(right.request, {
    credential_configuration_id: 'member',
    proofs: { jwt: right.proofs },
  })
  expect((await here.send(wrong)).headers['www-authenticate']).toBe('Bearer error="insufficient_scope"')
  expect(await refused(here, right, wrong)).toBe('403 insufficient_scope')
})

test.each(['passport', '', '__proto__', 'constructor', 'PERSON'])(
  'VCI-8.2-3, VCI-8.3.1-4 the configuration "%s" is not known',
  async (id) => {
    const here = world()
    const right = await ready(here)
    const wrong = withBody(right.request, { credential_configuration_id: id, proofs: { jwt: right.proofs } })
    const expected = id === '' ? 'invalid_credential_request' : 'unknown_credential_configuration'
    expect(await refused(here, right, wrong)).toBe(`400 ${expected}`)
  },
)

test('VCI-8.2-5, VCI-8.3.1-5 a credential identifier was never given out, so none is known', async () => {
  const here = world()
  const right = await ready(here)
  const wrong = withBody(right.request, { credential_identifier: 'person', proofs: { jwt: right.proofs } })
  expect(await refused(here, right, wrong)).toBe('400 unknown_credential_identifier')
})

test('VCI-8.2-4, VCI-8.3.1-3 neither or both ways to name the credential is malformed', async () => {
  const here = world()
  const right = await ready(here)
  const proofs = { jwt: right.proofs }
  expect(refusalIn(await here.send(withBody(right.request, { proofs })))).toBe(
    '400 invalid_credential_request',
  )
  const both = { credential_configuration_id: 'person', credential_identifier: 'person', proofs }
  expect(await refused(here, right, withBody(right.request, both))).toBe('400 invalid_credential_request')
})

test('VCI-8.2-9 what is not known is ignored, a proof of former times too', async () => {
  const here = world()
  const { request, proofs } = await ready(here)
  const body = {
    credential_configuration_id: 'person',
    format: 'vc+sd-jwt',
    proof: { proof_type: 'jwt', jwt: 'x.y.z' },
    issuer_state: 'x',
    proofs: { jwt: proofs },
  }
  expect((await here.send(withBody(request, body))).status).toBe(200)
})

test.each<[string, object, string]>([
  [
    'an encrypted response',
    { credential_response_encryption: { jwk: {}, enc: 'A128GCM' } },
    'invalid_encryption_parameters',
  ],
  ['an encrypted response, badly', { credential_response_encryption: null }, 'invalid_encryption_parameters'],
])('VCI-8.3.1-8, VCI-8.3.1-11 %s is refused, in the clear', async (_, asked, expected) => {
  const here = world()
  const right = await ready(here)
  const wrong = withBody(right.request, {
    credential_configuration_id: 'person',
    proofs: { jwt: right.proofs },
    ...asked,
  })
  expect((await here.send(wrong)).headers['content-type']).toBe('application/json')
  expect(await refused(here, right, wrong)).toBe(`400 ${expected}`)
})

test('VCI-8.3.1-8 an encrypted request is refused', async () => {
  const here = world()
  const right = await ready(here)
  const headers = { ...right.request.headers, 'content-type': 'application/jwt' }
  const wrong = { ...right.request, headers, body: 'eyJh.b.c.d.e' }
  expect(await refused(here, right, wrong)).toBe('400 invalid_encryption_parameters')
})

test('VCI-8.3.1-10 what is said to a wallet that was wrong has only the characters that may be said', async () => {
  const here = world()
  const { request } = await ready(here)
  for (const body of [
    '{"é"',
    '{"proofs":{"jwt":["\\u0000\\"\\\\"]},"credential_configuration_id":"person"}',
  ]) {
    const { error_description } = readErrorResponse(await here.send(withBody(request, body)))
    expect(error_description).toMatch(/^[\x20\x21\x23-\x5B\x5D-\x7E]+$/)
  }
})

test('the most that is offered is issued at once', async () => {
  const here = world({ settings: { batchSize: 100 } })
  const { request } = await ready(here, { copies: 100 })
  expect(credentialsIn(await here.send(request))).toHaveLength(100)
})

test('a token lives as long as its answer says', async () => {
  const here = world({ settings: { tokenLifetime: 30 } })
  const made = await here.offer()
  const { access_token, expires_in } = readTokenResponse(await here.send(askToken(made)))
  expect(expires_in).toBe(30)
  here.time.advance(29)
  const { proofs } = await ready(here)
  const asked = credentialRequest(CREDENTIAL, access_token, {
    credential_configuration_id: 'person',
    proofs: { jwt: proofs },
  })
  expect((await here.send(asked)).status).toBe(200)
})
