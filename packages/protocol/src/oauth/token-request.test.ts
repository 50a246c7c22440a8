import { outcomeOf, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import type { WireRequest } from '../wire.ts'
import { PRE_AUTHORIZED_CODE_GRANT, readTokenRequest, tokenRequest } from './token-request.ts'

const endpoint = 'https://issuer.example/token'
const posted = (body: string, type = 'application/x-www-form-urlencoded'): WireRequest => ({
  method: 'POST',
  url: endpoint,
  headers: { 'content-type': type },
  body,
})

for (const vector of vectors(new URL('../../vectors/oauth/token-request/', import.meta.url))) {
  test(`${vector.requirement} ${vector.comment}`, () => {
    expect(outcomeOf(() => readTokenRequest(posted(String(vector.input))))).toBe(vector.expect)
  })
}

test('VCI-6.1-1, VCI-6.1-2 the wallet posts a form with the code, and the transaction code if there is one', () => {
  const grant = { grant_type: PRE_AUTHORIZED_CODE_GRANT, 'pre-authorized_code': 'c0de' } as const
  const request = tokenRequest(endpoint, { ...grant, tx_code: '493 536' })
  expect(request).toMatchObject({
    method: 'POST',
    url: endpoint,
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
  })
  expect(Object.fromEntries(new URLSearchParams(request.body))).toEqual({ ...grant, tx_code: '493 536' })
  expect(readTokenRequest(request)).toEqual({ ...grant, tx_code: '493 536' })
  expect(readTokenRequest(tokenRequest(endpoint, grant))).toEqual(grant)
})

test('VCI-6.1-3 the wallet sends no client identifier', () => {
  const request = tokenRequest(endpoint, {
    grant_type: PRE_AUTHORIZED_CODE_GRANT,
    'pre-authorized_code': 'c0de',
  })
  expect(new URLSearchParams(request.body).has('client_id')).toBe(false)
  expect(request.headers).not.toHaveProperty('authorization')
})

test('VCI-6.1-1 a form of another type is not read', () => {
  const { body = '' } = tokenRequest(endpoint, {
    grant_type: PRE_AUTHORIZED_CODE_GRANT,
    'pre-authorized_code': 'c0de',
  })
  expect(outcomeOf(() => readTokenRequest(posted(body, 'application/json')))).toBe('content_type_unexpected')
  expect(outcomeOf(() => readTokenRequest({ ...posted(body), headers: {} }))).toBe('content_type_unexpected')
})
