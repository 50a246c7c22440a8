import {
  authorizationServerMetadataRequest,
  PRE_AUTHORIZED_CODE_GRANT,
  readAuthorizationServerMetadataResponse,
} from '@facet-id/protocol/oauth'
import {
  credentialIssuerMetadataRequest,
  readCredentialIssuerId,
  readCredentialIssuerMetadataResponse,
} from '@facet-id/protocol/openid4vci'
import type { WireResponse } from '@facet-id/protocol/wire'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import type { CredentialConfiguration, IssuerSettings } from './settings.ts'
import { ISSUER, person, world } from './world.test-support.ts'

const id = readCredentialIssuerId(ISSUER)

function asked(settings: Partial<IssuerSettings> = {}): Promise<WireResponse> {
  return world({ settings }).send(credentialIssuerMetadataRequest(id))
}

test('VCI-12.2.2-1, VCI-12.2.2-3, VCI-12.2.2-4 metadata is JSON, between host and path', async () => {
  expect(credentialIssuerMetadataRequest(id).url).toBe(
    'https://issuer.example/.well-known/openid-credential-issuer/utopia',
  )
  const response = await asked()
  expect(response.status).toBe(200)
  expect(response.headers['content-type']).toBe('application/json')
})

test('VCI-12.2.2-3 plain metadata holds no signed form of itself', async () => {
  expect(JSON.parse((await asked()).body)).not.toHaveProperty('signed_metadata')
})

test('VCI-12.2.4-1, VCI-12.2.4-3, VCI-12.2.4-4, VCI-12.2.4-5, VCI-12.2.4-8, VCI-12.2.4-11, VCI-12.2.4-12, VCI-12.2.4-13, VCI-12.2.4-14, VCI-12.2.4-17, VCI-12.2.4-18, VCI-12.2.4-19, VCI-A.3-1, VCI-B.2-1 metadata says all that a wallet must know, and nothing else', async () => {
  expect(JSON.parse((await asked()).body)).toEqual({
    credential_issuer: ISSUER,
    credential_endpoint: `${ISSUER}/credential`,
    nonce_endpoint: `${ISSUER}/nonce`,
    batch_credential_issuance: { batch_size: 10 },
    display: [{ name: 'Registry', locale: 'en' }],
    credential_configurations_supported: {
      person: {
        format: 'dc+sd-jwt',
        scope: 'person',
        vct: 'urn:facet:test:person',
        cryptographic_binding_methods_supported: ['jwk'],
        credential_signing_alg_values_supported: ['ES256'],
        proof_types_supported: {
          jwt: { proof_signing_alg_values_supported: ['ES256', 'ES384', 'ES512', 'EdDSA'] },
        },
        credential_metadata: { display: person.display, claims: person.claims },
      },
    },
  })
})

test('VCI-B.3-1 claims are described in the order in which the operator named them', async () => {
  const reversed = [...person.claims].reverse()
  const configurations = { person: { ...person, claims: reversed } }
  const metadata = readCredentialIssuerMetadataResponse(await asked({ configurations }), id)
  const { credential_metadata } = metadata.credential_configurations_supported.person ?? {}
  expect(credential_metadata?.claims).toEqual(reversed)
})

test('VCI-12.2.4-18, VCI-12.2.4-19 what there is nothing to say of is left out, and no list is empty', async () => {
  const bare = { person: { ...person, display: [], claims: [] } }
  const metadata = JSON.parse((await asked({ display: [], configurations: bare })).body)
  expect(metadata).not.toHaveProperty('display')
  expect(metadata.credential_configurations_supported.person).not.toHaveProperty('credential_metadata')
  const half = { person: { ...person, display: [] } }
  const { credential_configurations_supported } = JSON.parse((await asked({ configurations: half })).body)
  expect(Object.keys(credential_configurations_supported.person.credential_metadata)).toEqual(['claims'])
})

test('ASM-2-1, VCI-12.2.4-22, VCI-12.3-1 the issuer is its own authorization server, and says which grant it takes', async () => {
  const response = await world().send(authorizationServerMetadataRequest(ISSUER))
  expect(response.headers['content-type']).toBe('application/json')
  expect(readAuthorizationServerMetadataResponse(response, ISSUER)).toEqual({
    issuer: ISSUER,
    token_endpoint: `${ISSUER}/token`,
    revocation_endpoint: `${ISSUER}/revoke`,
    token_endpoint_auth_methods_supported: ['none'],
    dpop_signing_alg_values_supported: ['ES256', 'ES384', 'ES512', 'EdDSA'],
    grant_types_supported: [PRE_AUTHORIZED_CODE_GRANT],
    'pre-authorized_grant_anonymous_access_supported': true,
    response_types_supported: [],
  })
})

const en = { name: 'Person', locale: 'en' }

test.each<[string, Partial<IssuerSettings>]>([
  ['VCI-12.2.4-18 two names in one language', { display: [en, { name: 'Other', locale: 'en' }] }],
  ['VCI-12.2.4-18 two names in no language', { display: [{ name: 'A' }, { name: 'B' }] }],
  [
    'VCI-12.2.4-18 a logo that nobody fetches',
    { display: [{ ...en, logo: { uri: 'http://x.example/l.png' } }] },
  ],
  ['VCI-12.2.4-18 a name that is empty', { display: [{ name: '' }] }],
])('%s is refused', (_, settings) => {
  expect(outcomeOf(() => world({ settings }))).toBe('settings_invalid')
})

test.each<[string, Partial<CredentialConfiguration>]>([
  ['VCI-12.2.4-19 two displays in one language', { display: [en, en] }],
  ['VCI-12.2.4-19 a display without a name', { display: [{ name: '', locale: 'en' }] }],
  ['VCI-12.2.4-19 a colour in words', { display: [{ ...en, text_color: 'red' }] }],
  ['VCI-12.2.4-19 an image of no scheme', { display: [{ ...en, background_image: { uri: 'x.png' } }] }],
  ['VCI-A.3-1 a configuration without a type', { vct: '' }],
  ['a configuration with an empty scope', { scope: '' }],
  ['VCI-B.2-1 a claim described in one language twice', { claims: [{ path: ['a'], display: [en, en] }] }],
  ['VCI-B.3-2 a claim described twice', { claims: [{ path: ['a'] }, { path: ['a'] }] }],
  [
    'VCI-B.3-2 an array and an object in one place',
    { claims: [{ path: ['a', null] }, { path: ['a', 'b'] }] },
  ],
  ['VCI-B.3-2 all elements and one element', { claims: [{ path: ['a', null] }, { path: ['a', 0] }] }],
  ['VCI-C-1 a path with a negative element', { claims: [{ path: ['a', -1] }] }],
])('%s is refused, because wallets would leave it out', (_, change) => {
  const configurations = { fine: person, wrong: { ...person, ...change } }
  expect(outcomeOf(() => world({ settings: { configurations } }))).toBe('settings_invalid')
})

test('a configuration may bear the name of what every object has', async () => {
  const configurations = Object.fromEntries([
    ['__proto__', person],
    ['constructor', person],
  ])
  const here = world({ settings: { configurations } })
  const { offer } = await here.offer({ configurationId: 'constructor' })
  expect(offer.credential_configuration_ids).toEqual(['constructor'])
  expect(await outcomeOf(() => here.offer({ configurationId: 'toString' }))).toBe('configuration_unknown')
})
