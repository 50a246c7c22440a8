import { readCredentialIssuerId } from '@facet-id/protocol/openid4vci'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { askedFor, serversFor, servesGrant } from './asking.ts'
import { senderTaken } from './sender.ts'

const issuer = readCredentialIssuerId('https://issuer.example')
const server = { issuer: 'https://server.example', token_endpoint: 'https://server.example/token' }
const configuration = (scope?: string) => ({
  format: 'dc+sd-jwt' as const,
  vct: 'urn:facet:test:person',
  ...(scope === undefined ? {} : { scope }),
})
const metadata = {
  credential_issuer: issuer,
  credential_endpoint: 'https://issuer.example/credential',
  credential_configurations_supported: {
    person: configuration('person'),
    licence: configuration('licence'),
    nameless: configuration(),
  },
}
const shared = { ...metadata, authorization_servers: ['https://server.example'] }
const detailing = { ...server, authorization_details_types_supported: ['openid_credential'] }

test('VCI-12.2.4-7 the servers of the issuer are asked, and the one that the offer names only if it is one of them', () => {
  expect(serversFor(metadata)).toEqual([issuer])
  const two = { ...metadata, authorization_servers: ['https://a.example', 'https://b.example'] }
  expect(serversFor(two)).toEqual(['https://a.example', 'https://b.example'])
  expect(serversFor(two, 'https://b.example')).toEqual(['https://b.example'])
  for (const named of ['https://c.example', 'https://b.example/']) {
    expect(outcomeOf(() => serversFor(two, named))).toBe('metadata_mismatch')
  }
  expect(outcomeOf(() => serversFor(metadata, issuer))).toBe('metadata_mismatch')
})

test('VCI-12.2.4-23 of many servers the first eight are asked', () => {
  const many = Array.from({ length: 20 }, (_, at) => `https://${at}.example`)
  expect(serversFor({ ...metadata, authorization_servers: many })).toEqual(many.slice(0, 8))
  expect(serversFor({ ...metadata, authorization_servers: many }, many[19])).toEqual([many[19]])
})

test('VCI-12.2.4-7 a server takes the grants that it names, and one that names none may take any', () => {
  expect(servesGrant(server, 'authorization_code')).toBe(true)
  expect(servesGrant({ ...server, grant_types_supported: [] }, 'authorization_code')).toBe(false)
  expect(
    servesGrant({ ...server, grant_types_supported: ['authorization_code'] }, 'authorization_code'),
  ).toBe(true)
})

test('HAIP-4.3-2 credentials are asked for by scope where each has one, also where the server knows details', () => {
  expect(askedFor(metadata, ['person', 'licence'], detailing)).toEqual({ scope: 'person licence' })
  expect(askedFor(metadata, ['person', 'nameless'], detailing)).toHaveProperty('details')
  expect(askedFor(metadata, ['person', 'nameless'], detailing)).not.toHaveProperty('scope')
})

test('HAIP-4.3-2 a scope that is several, or none that can be sent, is not asked for', () => {
  for (const scope of ['person everything', '', ' ', 'person\n', '"person"', 'persön']) {
    const odd = { ...metadata, credential_configurations_supported: { odd: configuration(scope) } }
    expect(askedFor(odd, ['odd'], detailing)).toEqual({
      details: [{ type: 'openid_credential', credential_configuration_id: 'odd' }],
    })
    const unknowing = { ...server, authorization_details_types_supported: [] }
    expect(outcomeOf(() => askedFor(odd, ['odd'], unknowing))).toBe('offer_unsupported')
  }
})

test('VCI-5.1.2-3 credentials are asked for by scope, and whose they are is said where the server may serve several', () => {
  expect(askedFor(metadata, ['person', 'licence', 'person'], server)).toEqual({ scope: 'person licence' })
  expect(askedFor(shared, ['person'], server)).toEqual({ scope: 'person', resource: issuer })
})

test('VCI-5.1.1-2, VCI-5.1.1-4, VCI-12.2.4-9 they are asked for by details where one has no scope, if the server knows these', () => {
  const type = 'openid_credential'
  expect(askedFor(metadata, ['person', 'nameless'], detailing)).toEqual({
    details: [
      { type, credential_configuration_id: 'person' },
      { type, credential_configuration_id: 'nameless' },
    ],
  })
  expect(askedFor(shared, ['nameless'], server)).toEqual({
    details: [{ type, credential_configuration_id: 'nameless', locations: [issuer] }],
  })
  const unknowing = { ...server, authorization_details_types_supported: ['other'] }
  expect(outcomeOf(() => askedFor(metadata, ['nameless'], unknowing))).toBe('offer_unsupported')
})

test('ABCA-8-2 what a server takes of its clients is what its metadata says', () => {
  expect(senderTaken(server)).toEqual({ attestation: 'unknown' })
  const methods = (...names: string[]) => ({ ...server, token_endpoint_auth_methods_supported: names })
  expect(senderTaken(methods('none')).attestation).toBe('unknown')
  expect(senderTaken(methods('none', 'attest_jwt_client_auth')).attestation).toBe('taken')
  const both = methods('attest_jwt_client_auth', 'attest_jwt_client_auth_dpop')
  expect(senderTaken(both).attestation).toBe('required')
  expect(senderTaken({ ...server, dpop_signing_alg_values_supported: ['ES256'] }).dpopAlgs).toEqual(['ES256'])
  expect(senderTaken({ ...server, dpop_signing_alg_values_supported: [] })).not.toHaveProperty('dpopAlgs')
})
