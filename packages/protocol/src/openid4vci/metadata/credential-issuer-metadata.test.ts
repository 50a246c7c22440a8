import { outcomeOf, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { jsonResponse } from '../../body.ts'
import { readCredentialIssuerId } from '../credential-issuer-id.ts'
import {
  type CredentialIssuerMetadata,
  credentialIssuerMetadataRequest,
  readCredentialIssuerMetadataResponse,
  readIssuerMetadata,
  writeCredentialIssuerMetadataResponse,
} from './credential-issuer-metadata.ts'

const at = (area: string): URL => new URL(`../../../vectors/openid4vci/${area}/`, import.meta.url)
const issuer = readCredentialIssuerId('https://issuer.example/tenant')

const configuration = {
  format: 'dc+sd-jwt',
  vct: 'urn:facet:person:1',
  scope: 'person',
  cryptographic_binding_methods_supported: ['jwk'],
  proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256'] } },
  credential_signing_alg_values_supported: ['ES256'],
} as const

const metadata = {
  credential_issuer: issuer,
  credential_endpoint: `${issuer}/credential`,
  nonce_endpoint: `${issuer}/nonce`,
  batch_credential_issuance: { batch_size: 10 },
  display: [{ name: 'Registry of Utopia', locale: 'en' }],
  credential_configurations_supported: { person: configuration },
} satisfies CredentialIssuerMetadata

function read(document: object): CredentialIssuerMetadata {
  return readCredentialIssuerMetadataResponse(jsonResponse(JSON.stringify(document)), issuer)
}

/** The one configuration under test, beside another that must not be lost with it. */
function readConfiguration(under: unknown): unknown {
  const both = { test: under, person: configuration }
  const { credential_configurations_supported: read } = readWith(both)
  expect(read.person).toEqual(configuration)
  return read.test
}

function readWith(configurations: object): CredentialIssuerMetadata {
  return read({ ...metadata, credential_configurations_supported: configurations })
}

for (const { requirement, comment, input, expect: expected } of vectors(at('credential-issuer-metadata'))) {
  test(`${requirement} ${comment}`, () => {
    const response = jsonResponse(JSON.stringify(input))
    expect(outcomeOf(() => readCredentialIssuerMetadataResponse(response, issuer))).toBe(expected)
  })
}

for (const { requirement, comment, input, expect: expected } of vectors(at('credential-configuration'))) {
  test(`${requirement} ${comment}`, () => {
    expect(readConfiguration(input) === undefined ? 'left out' : 'kept').toBe(expected)
  })
}

for (const { requirement, comment, input, expect: expected } of vectors(at('claim-descriptions'))) {
  test(`${requirement} ${comment}`, () => {
    const kept = readConfiguration({ ...configuration, credential_metadata: { claims: input } })
    expect(kept).toMatchObject(configuration)
    const has = kept !== undefined && JSON.stringify(kept).includes('"claims"')
    expect(has ? 'kept' : 'left out').toBe(expected)
  })
}

test('VCI-12.2.2-2, VCI-12.2.2-5 the wallet asks with GET between host and path, and says what it takes', () => {
  expect(credentialIssuerMetadataRequest(issuer)).toEqual({
    method: 'GET',
    url: 'https://issuer.example/.well-known/openid-credential-issuer/tenant',
    headers: { accept: 'application/json' },
  })
})

test('VCI-12.2.2-3, VCI-12.2.2-4 metadata is JSON, says so, and comes back byte for byte', () => {
  const response = writeCredentialIssuerMetadataResponse(metadata)
  expect(response).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } })
  const again = readCredentialIssuerMetadataResponse(response, issuer)
  expect(again).toEqual(metadata)
  expect(writeCredentialIssuerMetadataResponse(again)).toEqual(response)
})

test('VCI-12.2.2-3 what is not JSON is not read', () => {
  const response = writeCredentialIssuerMetadataResponse(metadata)
  for (const type of ['application/jwt', 'text/html']) {
    const other = { ...response, headers: { 'content-type': type } }
    expect(outcomeOf(() => readCredentialIssuerMetadataResponse(other, issuer))).toBe(
      'content_type_unexpected',
    )
  }
  expect(outcomeOf(() => readCredentialIssuerMetadataResponse({ ...response, status: 404 }, issuer))).toBe(
    'message_malformed',
  )
})

test('VCI-12.2.4-3 plain http is taken in development mode only, and to this machine', () => {
  const local = readCredentialIssuerId('http://localhost:4001', 'https_or_loopback_http')
  const response = jsonResponse(
    JSON.stringify({ ...metadata, credential_issuer: local, credential_endpoint: `${local}/credential` }),
  )
  expect(outcomeOf(() => readCredentialIssuerMetadataResponse(response, local))).toBe('https_required')
  expect(
    readCredentialIssuerMetadataResponse(response, local, 'https_or_loopback_http').credential_issuer,
  ).toBe(local)
  expect(credentialIssuerMetadataRequest(local).url).toBe(
    'http://localhost:4001/.well-known/openid-credential-issuer',
  )
})

test('VCI-12.2.4-8 for each configuration that is left out there is a note that says why, without its values', () => {
  const { metadata: kept, leftOut } = readIssuerMetadata(
    {
      ...metadata,
      credential_configurations_supported: {
        person: configuration,
        old: { ...configuration, format: 'vc+sd-jwt' },
        text: 'a configuration',
        unproven: { ...configuration, proof_types_supported: undefined },
      },
    } as never,
    issuer,
  )
  expect(Object.keys(kept.credential_configurations_supported)).toEqual(['person'])
  expect(leftOut.map(({ configurationId }) => configurationId)).toEqual(['old', 'text', 'unproven'])
  for (const { why } of leftOut) expect(why).toMatch(/configuration/)
  expect(JSON.stringify(leftOut)).not.toContain('vc+sd-jwt')
})

test('VCI-12.2.4-14 what is demanded of keys is kept as it stands, and nothing at all stays a demand', () => {
  const demanding = (key_attestations_required: object): object => ({
    ...configuration,
    proof_types_supported: {
      jwt: { proof_signing_alg_values_supported: ['ES256'], key_attestations_required },
    },
  })
  for (const demand of [{}, { key_storage: ['iso_18045_high', 'https://own.example'] }]) {
    expect(readConfiguration(demanding(demand))).toEqual(demanding(demand))
  }
})

test('VCI-12.2.4-15, VCI-12.2.4-16 of keys and ways those are kept that are known here, and what is not demanded is no loss', () => {
  const key = {
    kty: 'EC',
    crv: 'P-256',
    x: 'gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0',
    y: 'SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps',
    kid: 'one',
    alg: 'ECDH-ES',
  }
  const rsa = { kty: 'RSA', n: 'AQAB', e: 'AQAB', alg: 'RSA-OAEP-256', kid: 'two' }
  const requests = {
    jwks: { keys: [rsa, key, { ...key, kid: 'three', alg: undefined }] },
    enc_values_supported: ['A128CBC-HS256', 'A256GCM'],
    zip_values_supported: ['DEF'],
    encryption_required: false,
  }
  const responses = {
    alg_values_supported: ['RSA-OAEP-256', 'ECDH-ES'],
    enc_values_supported: ['A256GCM', 'A128GCM'],
    encryption_required: true,
  }
  const both = { credential_request_encryption: requests, credential_response_encryption: responses }
  expect(read({ ...metadata, ...both })).toMatchObject({
    credential_request_encryption: { jwks: { keys: [key] }, enc_values_supported: ['A256GCM'] },
    credential_response_encryption: {
      alg_values_supported: ['ECDH-ES'],
      enc_values_supported: ['A128GCM', 'A256GCM'],
      encryption_required: true,
    },
  })
  const unknown = { ...requests, jwks: { keys: [rsa] } }
  for (const given of [unknown, 'DEF', 5, null, {}, { ...requests, jwks: [] }]) {
    expect(read({ ...metadata, credential_request_encryption: given })).toEqual(metadata)
  }
})

test('VCI-12.2.4-8 names of the prototype are names of configurations like any other', () => {
  const { credential_configurations_supported: read } = readWith(
    JSON.parse(`{"__proto__":${JSON.stringify(configuration)},"constructor":{}}`),
  )
  expect(Object.keys(read)).toEqual(['__proto__'])
  expect(Object.hasOwn(read, 'constructor')).toBe(false)
})

test('VCI-12.2.4-17 a batch size is kept as it is, and one that allows no batch is left out', () => {
  expect(
    read({ ...metadata, batch_credential_issuance: { batch_size: 2 } }).batch_credential_issuance,
  ).toEqual({
    batch_size: 2,
  })
  for (const batch_size of [1, 0, -5, 2.5, '10', null]) {
    expect(read({ ...metadata, batch_credential_issuance: { batch_size } })).not.toHaveProperty(
      'batch_credential_issuance',
    )
  }
})

test('VCI-12.2.4-18 an issuer display that breaks the rules is left out', () => {
  const shown = (display: unknown): unknown => read({ ...metadata, display }).display
  const logo = { uri: 'data:image/png;base64,AAAA', alt_text: 'a shield' }
  expect(shown([{ name: 'A', locale: 'en', logo }, { name: 'B' }])).toEqual([
    { name: 'A', locale: 'en', logo },
    { name: 'B' },
  ])
  expect(shown([{ locale: 'en' }, { locale: 'en' }])).toBeUndefined()
  expect(shown([{ name: 'A' }, { name: 'B' }])).toBeUndefined()
  expect(shown([])).toBeUndefined()
  expect(shown('Registry')).toBeUndefined()
  for (const uri of [
    undefined,
    'javascript:alert(1)',
    'http://issuer.example/logo.png',
    'data:text/html,x',
    '//x',
    5,
  ]) {
    expect(shown([{ name: 'A', logo: { uri } }])).toEqual([{ name: 'A' }])
  }
})

test('VCI-12.2.4-19 a credential display that breaks the rules is left out, and its configuration kept', () => {
  const shown = (display: unknown): unknown =>
    readConfiguration({ ...configuration, credential_metadata: { display } })
  const having = (display: unknown): unknown => ({ ...configuration, credential_metadata: { display } })
  const full = {
    name: 'Person',
    locale: 'en',
    description: 'Who you are',
    background_color: '#12107c',
    background_image: { uri: 'https://issuer.example/back.png' },
    text_color: 'rgb(255, 255, 255)',
  }
  expect(shown([full])).toEqual(having([full]))
  expect(shown([{ locale: 'en' }])).toEqual({ ...configuration, credential_metadata: {} })
  expect(shown([full, full])).toEqual({ ...configuration, credential_metadata: {} })
  expect(shown([{ name: 'P', background_image: {}, text_color: 'red;x:url(//evil.example)' }])).toEqual(
    having([{ name: 'P' }]),
  )
})

test('VCI-12.2.4-19 display and claims are left out each by itself', () => {
  const display = [{ name: 'Person' }]
  const claims = [{ path: ['family_name'] }]
  const shown = (credential_metadata: unknown): unknown =>
    readConfiguration({ ...configuration, credential_metadata })
  expect(shown({ display, claims: [] })).toEqual({ ...configuration, credential_metadata: { display } })
  expect(shown({ display: [], claims })).toEqual({ ...configuration, credential_metadata: { claims } })
  expect(shown('Person')).toEqual(configuration)
})

test('VCI-B.3-1 descriptions stay in their order', () => {
  const claims = ['z', 'a', 'm'].map((name) => ({ path: [name] }))
  expect(readConfiguration({ ...configuration, credential_metadata: { claims } })).toEqual({
    ...configuration,
    credential_metadata: { claims },
  })
})

test('VCI-B.3-2 long and deep descriptions are compared in bounded time', () => {
  const claims = Array.from({ length: 500 }, (_, i) => ({ path: [...Array(31).fill('a'), `b${i}`] }))
  expect(JSON.stringify(readConfiguration({ ...configuration, credential_metadata: { claims } }))).toContain(
    '"claims"',
  )
})
