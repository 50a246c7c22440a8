import { outcomeOf, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { readBearer } from '../../oauth/bearer.ts'
import type { WireRequest } from '../../wire.ts'
import { deferredCredentialRequest, readDeferredCredentialRequest } from './deferred-credential-request.ts'

const endpoint = 'https://issuer.example/deferred'
const posted = (body: string, type = 'application/json'): WireRequest => ({
  method: 'POST',
  url: endpoint,
  headers: { 'content-type': type },
  body,
})

for (const { requirement, comment, input, expect: expected } of vectors(
  new URL('../../../vectors/openid4vci/deferred-credential-request/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, () => {
    const body = typeof input === 'string' ? input : JSON.stringify(input)
    expect(outcomeOf(() => readDeferredCredentialRequest(posted(body)))).toBe(expected)
  })
}

test('VCI-9.1-1, VCI-9-1 the wallet posts JSON with its access token', () => {
  const request = deferredCredentialRequest(endpoint, 'token', { transaction_id: '8xLOxBtZp8' })
  expect(request).toMatchObject({
    method: 'POST',
    url: endpoint,
    headers: { 'content-type': 'application/json' },
    body: '{"transaction_id":"8xLOxBtZp8"}',
  })
  expect(readBearer(request)).toBe('token')
  expect(readDeferredCredentialRequest(request)).toEqual({ transaction_id: '8xLOxBtZp8' })
  expect(outcomeOf(() => readDeferredCredentialRequest(posted('{}', 'text/plain')))).toBe(
    'content_type_unexpected',
  )
})
