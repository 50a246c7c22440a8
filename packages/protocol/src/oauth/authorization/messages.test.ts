import { hash, outcomeOf, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { jsonResponse } from '../../body.ts'
import { readForm, writeForm } from '../../form.ts'
import type { WireRequest } from '../../wire.ts'
import {
  type AuthorizationRequest,
  authorizationUrl,
  codeChallengeOf,
  introspectionRequest,
  pushedAuthorizationRequest,
  readAuthorizationRequest,
  readAuthorizationResponse,
  readFrontChannelRequest,
  readIntrospectionRequest,
  readIntrospectionResponse,
  readPushedAuthorizationRequest,
  readPushedAuthorizationResponse,
  readRevocationRequest,
  revocationRequest,
  writeAuthorizationRequest,
  writeAuthorizationResponse,
  writeIntrospectionResponse,
  writePushedAuthorizationResponse,
} from './index.ts'

const expected = {
  redirectUri: 'https://wallet.example/cb',
  state: 's',
  issuer: 'https://as.example',
  requireIss: true,
}

const readers: Readonly<Record<string, (input: unknown) => unknown>> = {
  'authorization-request': (input) => readAuthorizationRequest(readForm(String(input))),
  'authorization-response': (input) =>
    readAuthorizationResponse(`${expected.redirectUri}?${input}`, expected),
  'pushed-authorization-response': (input) =>
    readPushedAuthorizationResponse(jsonResponse(JSON.stringify(input))),
  'introspection-response': (input) => readIntrospectionResponse(jsonResponse(JSON.stringify(input))),
}

for (const [area, read] of Object.entries(readers)) {
  for (const vector of vectors(new URL(`../../../vectors/oauth/${area}/`, import.meta.url))) {
    test(`${vector.requirement} ${vector.comment} (${area})`, () => {
      expect(outcomeOf(() => read(vector.input))).toBe(vector.expect)
    })
  }
}

const request: AuthorizationRequest = {
  response_type: 'code',
  client_id: 'wallet',
  redirect_uri: 'https://wallet.example/cb',
  scope: 'person',
  state: 'a&b=c',
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
  authorization_details: [
    { type: 'openid_credential', credential_configuration_id: 'person', claims: [{ path: ['a', null] }] },
  ],
  issuer_state: 'i',
  dpop_jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I',
  resource: 'https://issuer.example',
}

test('PKCE-4.2-1 the challenge of the text of the standard is the one that it gives', () => {
  expect(codeChallengeOf('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk', hash)).toBe(
    'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  )
})

test('PAR-2.1-1 what is pushed, or brought by the browser, is what was written', () => {
  const pushed = pushedAuthorizationRequest('https://as.example/par', request)
  expect(pushed.headers['content-type']).toBe('application/x-www-form-urlencoded')
  expect(readPushedAuthorizationRequest(pushed)).toEqual(request)
  const brought = readFrontChannelRequest({ url: authorizationUrl('https://as.example/authorize', request) })
  if (brought.by !== 'value') throw new Error('it was sent by value')
  expect(readAuthorizationRequest(brought.parameters)).toEqual(request)
  expect(writeAuthorizationRequest(readAuthorizationRequest(writeAuthorizationRequest(request)))).toEqual(
    writeAuthorizationRequest(request),
  )
})

test('PAR-2.1-1 a pushed request that names another is refused', () => {
  const { body = '', ...others } = pushedAuthorizationRequest('https://as.example/par', request)
  const naming: WireRequest = { ...others, body: `${body}&request_uri=urn%3Ax` }
  expect(outcomeOf(() => readPushedAuthorizationRequest(naming))).toBe('message_malformed')
})

test('PAR-2.2-1 the answer is 201, and no cache keeps it', () => {
  const answer = { request_uri: 'urn:ietf:params:oauth:request_uri:abc', expires_in: 60 }
  const response = writePushedAuthorizationResponse(answer)
  expect(response).toMatchObject({ status: 201, headers: { 'cache-control': 'no-store' } })
  expect(readPushedAuthorizationResponse(response)).toEqual(answer)
})

test('PAR-2.2-1 a browser brings the name and the client, and it shows when it brings more', () => {
  const named = { client_id: 'wallet', request_uri: 'urn:x' }
  const url = authorizationUrl('https://as.example/authorize', named)
  expect(readFrontChannelRequest({ url })).toEqual({ by: 'reference', ...named, alone: true })
  expect(readFrontChannelRequest({ url: `${url}&scope=other` })).toMatchObject({ alone: false })
  expect(outcomeOf(() => readFrontChannelRequest({ url: url.replace('client_id', 'x') }))).toBe(
    'message_malformed',
  )
})

test('BCP-2.1-5, ISS-2-1 the browser goes back with 303, and nothing follows it', () => {
  const back = { code: 'a b', state: 's', iss: 'https://as.example' }
  const response = writeAuthorizationResponse('https://wallet.example/cb?x=1', back)
  expect(response.status).toBe(303)
  expect(response.headers).toMatchObject({
    location: 'https://wallet.example/cb?x=1&code=a%20b&state=s&iss=https%3A%2F%2Fas.example',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  })
  const at = { ...expected, redirectUri: 'https://wallet.example/cb?x=1' }
  expect(readAuthorizationResponse(response.headers.location ?? '', at)).toEqual(back)
})

test('ISS-2.4-3 an iss is compared also where the server did not say that it sends one', () => {
  const lax = { ...expected, requireIss: false }
  const arrived = (query: string): ReturnType<typeof outcomeOf> =>
    outcomeOf(() => readAuthorizationResponse(`https://wallet.example/cb?${query}`, lax))
  expect(arrived('code=c&state=s')).toBe('accepted')
  expect(arrived('code=c&state=s&iss=https%3A%2F%2Fevil.example')).toBe('issuer_mismatch')
})

test('BCP-2.1-3 what arrives at another address is no answer', () => {
  const url = 'https://wallet.example/other?code=c&state=s&iss=https%3A%2F%2Fas.example'
  expect(outcomeOf(() => readAuthorizationResponse(url, expected))).toBe('message_malformed')
})

test('REV-2.1-1 a token to revoke is read as it was sent', () => {
  const asked = { token: 'a.b', token_type_hint: 'refresh_token', client_id: 'wallet' }
  expect(readRevocationRequest(revocationRequest('https://as.example/revoke', asked))).toEqual(asked)
})

test('OAS-2-1 a question about a token, and its answer, are read as they were written', () => {
  const asked = { token: 'a.b', token_type_hint: 'access_token' }
  expect(readIntrospectionRequest(introspectionRequest('https://as.example/introspect', asked))).toEqual(
    asked,
  )
  const answer = { active: true, sub: 'p', scope: 'person', exp: 5, cnf: { jkt: 'k' } }
  expect(readIntrospectionResponse(writeIntrospectionResponse(answer))).toEqual(answer)
  expect(writeIntrospectionResponse({ ...answer, active: false }).body).toBe('{"active":false}')
})

test('the round of forms: what is written is what is read', () => {
  expect(readForm(writeForm(writeAuthorizationRequest(request)))).toEqual(writeAuthorizationRequest(request))
})
