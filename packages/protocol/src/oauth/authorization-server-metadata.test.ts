import { outcomeOf, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { jsonResponse } from '../body.ts'
import {
  authorizationServerMetadataRequest,
  readAuthorizationServerMetadataResponse,
  writeAuthorizationServerMetadataResponse,
} from './authorization-server-metadata.ts'
import { PRE_AUTHORIZED_CODE_GRANT } from './token-request.ts'

const issuer = 'https://issuer.example/tenant'

for (const { requirement, comment, input, expect: expected } of vectors(
  new URL('../../vectors/oauth/authorization-server-metadata/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, () => {
    const response = jsonResponse(JSON.stringify(input))
    expect(outcomeOf(() => readAuthorizationServerMetadataResponse(response, issuer))).toBe(expected)
  })
}

test('ASM-3.1-1, VCI-12.2.4-6 asks at the well-known address, between host and path', () => {
  expect(authorizationServerMetadataRequest(issuer)).toEqual({
    method: 'GET',
    url: 'https://issuer.example/.well-known/oauth-authorization-server/tenant',
    headers: { accept: 'application/json' },
  })
  expect(authorizationServerMetadataRequest('https://issuer.example/tenant/').url).toBe(
    'https://issuer.example/.well-known/oauth-authorization-server/tenant',
  )
  expect(outcomeOf(() => authorizationServerMetadataRequest('http://issuer.example'))).toBe('https_required')
})

test('ASM-2-1, VCI-12.3-1 what the server publishes is read by the wallet', () => {
  const metadata = {
    issuer,
    token_endpoint: `${issuer}/token`,
    grant_types_supported: [PRE_AUTHORIZED_CODE_GRANT],
    'pre-authorized_grant_anonymous_access_supported': true,
  }
  const response = writeAuthorizationServerMetadataResponse(metadata)
  expect(response.headers['content-type']).toBe('application/json')
  expect(readAuthorizationServerMetadataResponse(response, issuer)).toEqual(metadata)
})

test('ASM-2-1 plain http is taken in development mode only, and to this machine', () => {
  const local = 'http://127.0.0.1:4001'
  const response = jsonResponse(JSON.stringify({ issuer: local, token_endpoint: `${local}/token` }))
  expect(outcomeOf(() => readAuthorizationServerMetadataResponse(response, local))).toBe('https_required')
  expect(readAuthorizationServerMetadataResponse(response, local, 'https_or_loopback_http').issuer).toBe(
    local,
  )
})
