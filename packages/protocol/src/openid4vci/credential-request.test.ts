import { outcomeOf, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { readBearer } from '../oauth/bearer.ts'
import type { WireRequest } from '../wire.ts'
import { credentialRequest, readCredentialRequest } from './credential-request.ts'

const endpoint = 'https://issuer.example/credential'
const posted = (body: string, type = 'application/json'): WireRequest => ({
  method: 'POST',
  url: endpoint,
  headers: { 'content-type': type },
  body,
})

for (const { requirement, comment, input, expect: expected } of vectors(
  new URL('../../vectors/openid4vci/credential-request/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, () => {
    const body = typeof input === 'string' ? input : JSON.stringify(input)
    expect(outcomeOf(() => readCredentialRequest(posted(body)))).toBe(expected)
  })
}

test('VCI-8.2-1 the wallet posts JSON with its access token', () => {
  const body = { credential_configuration_id: 'person', proofs: { jwt: ['a.b.c', 'd.e.f'] } }
  const request = credentialRequest(endpoint, 'token', body)
  expect(request).toMatchObject({
    method: 'POST',
    url: endpoint,
    headers: { 'content-type': 'application/json', authorization: 'Bearer token' },
  })
  expect(readBearer(request)).toBe('token')
  expect(readCredentialRequest(request)).toEqual(body)
})

test('VCI-8.2-1 a request of another type is not read', () => {
  const body = '{"credential_configuration_id":"person"}'
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', '']) {
    expect(outcomeOf(() => readCredentialRequest(posted(body, type)))).toBe('content_type_unexpected')
  }
})

test('VCI-8.2-12, VCI-8.3.1-8 a request that came encrypted says to which key its answer goes, and one in the clear cannot', () => {
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: 'gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0',
    y: 'SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps',
    alg: 'ECDH-ES',
  } as const
  const body = {
    credential_configuration_id: 'person',
    credential_response_encryption: { jwk, enc: 'A256GCM' },
  } as const
  const request = credentialRequest(endpoint, 'token', body)
  expect(readCredentialRequest(request, 'encrypted')).toEqual(body)
  expect(outcomeOf(() => readCredentialRequest(request))).toBe('encryption_unsupported')
})

test('VCI-8.2-4 what is read has one of configuration and identifier', () => {
  expect(readCredentialRequest(posted('{"x":1,"credential_identifier":"p1"}'))).toEqual({
    credential_identifier: 'p1',
  })
  expect(readCredentialRequest(posted('{"x":1,"credential_configuration_id":"person"}'))).toEqual({
    credential_configuration_id: 'person',
  })
})
