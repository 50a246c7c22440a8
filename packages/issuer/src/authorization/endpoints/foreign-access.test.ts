import { jwkThumbprint, writeSigningInput } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import type { IntrospectionResponse } from '@facet-id/protocol/oauth/authorization'
import { hash, type KeyPair, keyPair } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { collecting, deferredIn, tokenOf as ownToken } from '../../access.test-support.ts'
import { sendBound } from '../../bound.test-support.ts'
import type { IssuerPorts } from '../../ports.ts'
import type { IssuerSettings } from '../../settings.ts'
import { askCredential, nonceFrom, proofOf, refusalIn, signed } from '../../wallet.test-support.ts'
import { ISSUER, person, specimen, type World, world } from '../../world.test-support.ts'
import { type AuthorizationSettings, defaultAuthorization } from '../authorization-settings.ts'

const SERVER = 'https://as.example'
const keys = keyPair()

function trusting(
  tokens: 'jwt' | 'introspection',
  ports: Partial<IssuerPorts> = {},
  authorization: Partial<AuthorizationSettings> = {},
  configurations: IssuerSettings['configurations'] = { person },
): World {
  const servers = [{ issuer: SERVER, tokens }]
  const serverKey: IssuerPorts['serverKey'] = ({ issuer, kid }) =>
    issuer === SERVER && kid === 'a' ? keys.publicJwk : undefined
  return world({
    settings: { authorization: { ...defaultAuthorization, servers, ...authorization }, configurations },
    ports: {
      serverKey,
      subjectClaims: ({ subject }) => ({
        answer: 'claims',
        claims: { ...specimen, given_name: subject ?? '' },
      }),
      ...ports,
    },
  })
}

function tokenOf(here: World, changes: JsonObject = {}, header: JsonObject = {}, by: KeyPair = keys): string {
  const now = here.time.now()
  const claims = {
    iss: SERVER,
    sub: 'anna',
    aud: ISSUER,
    client_id: 'wallet',
    scope: 'openid person',
    iat: now,
    exp: now + 300,
    jti: 'j',
    ...changes,
  }
  return signed(writeSigningInput({ alg: 'ES256', typ: 'at+jwt', kid: 'a', ...header }, claims), by)
}

async function asking(
  here: World,
  token: string,
  body: JsonObject = { credential_configuration_id: 'person' },
) {
  const jwt = proofOf(keyPair(), { nonce: await nonceFrom(here), issuedAt: here.time.now() })
  const request = askCredential(token, [jwt])
  return { ...request, body: JSON.stringify({ ...body, proofs: { jwt: [jwt] } }) }
}

/** What stands behind a token; whose claims are asked for elsewhere. */
async function recordOf(here: World): Promise<JsonObject> {
  const [record] = (await here.state.rests()).filter(({ ns }) => ns === 'issuer/session')
  return JSON.parse(record?.text ?? '{}')
}

async function outcomeOfToken(here: World, token: string): Promise<string> {
  const response = await here.send(await asking(here, token))
  return response.status === 200 ? 'issued' : refusalIn(response)
}

test('OAS-7-1, VCI-12.2.4-5 a token that a named server signed for this issuer is good for its scopes, once each', async () => {
  const here = trusting('jwt')
  const token = tokenOf(here)
  expect(await outcomeOfToken(here, token)).toBe('issued')
  expect(await recordOf(here)).toMatchObject({ server: SERVER, subject: 'anna', clientId: 'wallet' })
  expect(await outcomeOfToken(here, token)).toBe('401 invalid_token')
  const url = 'https://issuer.example/.well-known/openid-credential-issuer/utopia'
  const metadata = JSON.parse((await here.send({ method: 'GET', url, headers: {} })).body)
  expect(metadata.authorization_servers).toEqual([ISSUER, SERVER])
})

test('OAS-7-1 of fifty requests at once with one token, one is answered with credentials', async () => {
  const here = trusting('jwt')
  const token = tokenOf(here)
  const requests = await Promise.all(Array.from({ length: 50 }, () => asking(here, token)))
  const answers = await Promise.all(requests.map((request) => here.send(request)))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
})

test('OAS-7-8 persons whom two servers and this issuer call alike are three, also where the claims come later', async () => {
  const others = { 'https://a.example': keyPair(), 'https://b.example': keyPair() }
  const asked: (string | undefined)[] = []
  const here = trusting(
    'jwt',
    {
      serverKey: ({ issuer }) => Object.entries(others).find(([id]) => id === issuer)?.[1].publicJwk,
      subjectClaims: ({ subject, server }) => {
        expect(subject).toBe('anna')
        asked.push(server)
        return asked.length % 2 === 1 ? { answer: 'later' } : { answer: 'claims', claims: specimen }
      },
    },
    { servers: Object.keys(others).map((issuer) => ({ issuer, tokens: 'jwt' })) },
  )
  const tokens = Object.entries(others).map(([iss, by]) => tokenOf(here, { iss }, {}, by))
  for (const token of [...tokens, await ownToken(here, { subject: 'anna' })]) {
    const { transaction_id } = deferredIn(await here.send(await asking(here, token)))
    expect((await here.send(collecting(token, transaction_id))).status).toBe(200)
  }
  const [a, b] = Object.keys(others)
  expect(asked).toEqual([a, a, b, b, undefined, undefined])
})

test.each(['revokeGrant', 'revoke'] as const)(
  'OAS-7-7 what %s ended stays ended for as long as the token of the other server lives, also when it is ended again',
  async (ending) => {
    const both = { person, other: { ...person, vct: 'urn:facet:test:other', scope: 'other' } }
    const here = trusting('jwt', {}, {}, both)
    const token = tokenOf(here, { scope: 'person other', exp: here.time.now() + 86_400 })
    expect(await outcomeOfToken(here, token)).toBe('issued')
    for await (const { issuanceId, grantId = '' } of here.issuer.issuances()) {
      const end = () => here.issuer[ending](ending === 'revoke' ? issuanceId : grantId)
      await end()
      await end()
    }
    for (const seconds of [0, 400, 86_400 - 401]) {
      here.time.advance(seconds)
      const other = await asking(here, token, { credential_configuration_id: 'other' })
      expect(refusalIn(await here.send(other))).toBe('401 invalid_token')
    }
  },
)

const wrong: readonly (readonly [string, (here: World) => string])[] = [
  ['of a server that nobody named', (here) => tokenOf(here, { iss: 'https://evil.example' })],
  ['for another party', (here) => tokenOf(here, { aud: 'https://other.example' })],
  ['for this issuer’s own endpoint', (here) => tokenOf(here, { aud: `${ISSUER}/credential` })],
  ['that is over', (here) => tokenOf(here, { exp: here.time.now() })],
  ['of later', (here) => tokenOf(here, { nbf: here.time.now() + 60 })],
  ['about nobody', (here) => tokenOf(here, { sub: null })],
  ['of no client', (here) => tokenOf(here, { client_id: null })],
  ['signed by another', (here) => tokenOf(here, {}, {}, keyPair())],
  ['with a key that is not published', (here) => tokenOf(here, {}, { kid: 'b' })],
  ['of another kind', (here) => tokenOf(here, {}, { typ: 'JWT' })],
  ['that is bound in a way that is not known', (here) => tokenOf(here, { cnf: { 'x5t#S256': 'x' } })],
  ['that is bound to a key, as a bearer token', (here) => tokenOf(here, { cnf: { jkt: 'k' } })],
  ['of no server', () => 'x.y.z'],
  ['of no form', () => 'x'],
]

test.each(wrong)('OAS-7-2 a token %s is refused, and nothing is issued', async (_, make) => {
  const here = trusting('jwt')
  expect(await outcomeOfToken(here, make(here))).toBe('401 invalid_token')
  expect((await here.state.rests()).filter(({ ns }) => ns === 'issuer/issuance')).toEqual([])
})

test('OAS-7-2 a token with another scope is good for nothing', async () => {
  const here = trusting('jwt')
  expect(await outcomeOfToken(here, tokenOf(here, { scope: 'openid' }))).toBe('403 insufficient_scope')
})

test('OAS-7-1 details in a token are granted by their identifiers', async () => {
  const here = trusting('jwt')
  const type = 'openid_credential'
  const authorization_details = [
    { type, credential_configuration_id: 'person', credential_identifiers: ['one', 'two'] },
    { type, credential_configuration_id: 'unknown', credential_identifiers: ['three'] },
    { type: 'payment' },
  ]
  const token = tokenOf(here, { authorization_details })
  const ask = async (body: JsonObject) => here.send(await asking(here, token, body))
  expect(refusalIn(await ask({ credential_configuration_id: 'person' }))).toBe('403 insufficient_scope')
  expect((await ask({ credential_identifier: 'one' })).status).toBe(200)
  expect((await ask({ credential_identifier: 'two' })).status).toBe(200)
  expect(refusalIn(await ask({ credential_identifier: 'three' }))).toBe('400 unknown_credential_identifier')
})

test('OAS-7-3 a token that is bound to a key is good with proofs of that key alone', async () => {
  const key = keyPair()
  const here = trusting('jwt', {}, { dpop: 'required' })
  expect(await outcomeOfToken(here, tokenOf(here))).toBe('401 invalid_token')
  const token = tokenOf(here, { cnf: { jkt: jwkThumbprint(key.publicJwk, hash) } })
  expect(await outcomeOfToken(here, token)).toBe('401 invalid_token')
  const request = await asking(here, token)
  expect(refusalIn(await sendBound(here, request, keyPair(), token))).toBe('401 invalid_dpop_proof')
  expect((await sendBound(here, request, key, token)).status).toBe(200)
})

const active: IntrospectionResponse = {
  active: true,
  iss: SERVER,
  sub: 'anna',
  aud: ISSUER,
  scope: 'person',
  exp: 9_999_999_999,
}

test('OAS-7-4 a server that is asked says what its token is good for, each time anew', async () => {
  let answer: IntrospectionResponse = active
  const asked: string[] = []
  const here = trusting('introspection', {
    introspect: ({ issuer, token }) => {
      asked.push(`${issuer} ${token}`)
      return answer
    },
  })
  expect(await outcomeOfToken(here, 'opaque')).toBe('issued')
  expect(asked).toEqual([`${SERVER} opaque`])
  expect(await outcomeOfToken(here, 'opaque')).toBe('401 invalid_token')
  answer = { active: false }
  expect(await outcomeOfToken(here, 'another')).toBe('401 invalid_token')
  answer = { ...active, aud: 'https://other.example' }
  expect(await outcomeOfToken(here, 'third')).toBe('401 invalid_token')
})

test('OAS-7-4 a token that its server revoked after it was seen is refused', async () => {
  let answer: IntrospectionResponse = { ...active, scope: 'other' }
  const here = trusting('introspection', { introspect: () => answer })
  expect(await outcomeOfToken(here, 'opaque')).toBe('403 insufficient_scope')
  answer = { active: false }
  expect(await outcomeOfToken(here, 'opaque')).toBe('401 invalid_token')
})

test('OAS-7-4 where the server cannot be asked, the wallet is told to come again', async () => {
  const down = () => Promise.reject(new Error('down'))
  const here = trusting('introspection', { introspect: down })
  expect(await outcomeOfToken(here, 'opaque')).toBe('503 temporarily_unavailable')
  const signing = trusting('jwt', { verifyServerToken: down })
  expect(await outcomeOfToken(signing, tokenOf(signing, {}, { alg: 'RS256' }))).toBe(
    '503 temporarily_unavailable',
  )
})

test('OAS-7-2 the tokens of this issuer are as good as before, and no server is asked about them', async () => {
  const here = trusting('introspection', { introspect: () => Promise.reject(new Error('down')) })
  const made = await here.offer()
  const { 'urn:ietf:params:oauth:grant-type:pre-authorized_code': grant } = made.offer.grants
  expect(grant?.authorization_server).toBe(ISSUER)
})

test('OAS-7-5 a token in an algorithm that is not read here is good where it was verified elsewhere, and under the same rules', async () => {
  const claims: JsonObject = { iss: SERVER, sub: 'anna', aud: ISSUER, client_id: 'wallet', scope: 'person' }
  const cases: readonly (readonly [JsonObject | undefined, string])[] = [
    [{ ...claims, exp: 9_999_999_999 }, 'issued'],
    [{ ...claims, exp: 1 }, '401 invalid_token'],
    [{ ...claims, exp: 9_999_999_999, aud: 'https://other.example' }, '401 invalid_token'],
    [{ ...claims, exp: 9_999_999_999, client_id: null }, '401 invalid_token'],
    [undefined, '401 invalid_token'],
  ]
  for (const [payload, outcome] of cases) {
    const asked: string[] = []
    const here = trusting('jwt', {
      verifyServerToken: ({ issuer, token }) => {
        asked.push(`${issuer} ${token}`)
        return payload
      },
    })
    const token = tokenOf(here, {}, { alg: 'RS256' })
    expect(await outcomeOfToken(here, token)).toBe(outcome)
    expect(asked).toEqual([`${SERVER} ${token}`])
  }
  expect(await outcomeOfToken(trusting('jwt'), tokenOf(trusting('jwt'), {}, { alg: 'RS256' }))).toBe(
    '401 invalid_token',
  )
})

test('OAS-7-4 an introspection that does not say for whom the token is is enough only where the operator says so', async () => {
  const { aud: _, ...unsaid } = active
  const introspect = (): IntrospectionResponse => unsaid
  expect(await outcomeOfToken(trusting('introspection', { introspect }), 'opaque')).toBe('401 invalid_token')
  const servers = [{ issuer: SERVER, tokens: 'introspection' as const, audience: 'optional' as const }]
  const trustful = trusting('introspection', { introspect }, { servers })
  expect(await outcomeOfToken(trustful, 'opaque')).toBe('issued')
})
