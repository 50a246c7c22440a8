import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { PRE_AUTHORIZED_CODE_GRANT } from '../oauth/token-request.ts'
import { readCredentialIssuerId } from './credential-issuer-id.ts'
import {
  credentialOfferRequest,
  readCredentialOfferResponse,
  writeCredentialOfferResponse,
} from './credential-offer-uri.ts'

const offer = {
  credential_issuer: readCredentialIssuerId('https://issuer.example'),
  credential_configuration_ids: ['person'],
  grants: { [PRE_AUTHORIZED_CODE_GRANT]: { 'pre-authorized_code': 'code' } },
}

test('VCI-4.1.3-1 the wallet asks with GET for JSON, at the address of the link', () => {
  expect(credentialOfferRequest('https://issuer.example/offers/1?x=2')).toEqual({
    method: 'GET',
    url: 'https://issuer.example/offers/1?x=2',
    headers: { accept: 'application/json' },
  })
})

test('VCI-4.1.3-2 the offer is JSON, for nobody to keep, and comes back as it was', () => {
  const response = writeCredentialOfferResponse(offer)
  expect(response).toMatchObject({
    status: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  })
  expect(readCredentialOfferResponse(response)).toEqual(offer)
})

test('VCI-4.1.3-2 an offer of another type is not looked at, be it signed or signed by nobody', () => {
  const response = writeCredentialOfferResponse(offer)
  for (const type of ['application/jwt', 'text/html', 'application/oauth-authz-req+jwt', '']) {
    const other = { ...response, headers: { 'content-type': type } }
    expect(outcomeOf(() => readCredentialOfferResponse(other))).toBe('content_type_unexpected')
  }
  const refused = { ...response, status: 404 }
  expect(outcomeOf(() => readCredentialOfferResponse(refused))).toBe('message_malformed')
})
