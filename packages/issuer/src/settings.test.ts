import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { type AuthorizationSettings, defaultAuthorization } from './authorization/authorization-settings.ts'
import { IssuerError } from './error.ts'
import type { IssuerPorts } from './ports.ts'
import { type CredentialConfiguration, defaultSettings, type IssuerSettings } from './settings.ts'
import { ISSUER, person, world } from './world.test-support.ts'

function outcome(settings: Partial<IssuerSettings>): string | Promise<string> {
  return outcomeOf(() => world({ settings }))
}

function configured(change: Partial<CredentialConfiguration>): Partial<IssuerSettings> {
  return { configurations: { person: { ...person, ...change } } }
}

test('the settings that are left to us make an issuer', () => {
  expect(outcome(defaultSettings)).toBe('accepted')
  expect(outcome({ display: [] })).toBe('accepted')
  expect(outcome(configured({ display: [], claims: [] }))).toBe('accepted')
})

test.each<[string, string]>([
  ['VCI-12.2.1-1', 'http://issuer.example'],
  ['VCI-12.2.1-1', 'https://issuer.example?tenant=1'],
  ['VCI-12.2.1-1', 'https://issuer.example/#top'],
  ['VCI-12.2.1-1', 'https://user@issuer.example'],
  ['VCI-12.2.1-1', 'https://'],
  ['VCI-12.2.1-1', 'issuer.example'],
  ['VCI-12.2.1-1', ''],
  ['VCI-12.2.1-1', 'https://issuer.example/a/../b'],
  ['VCI-12.2.2-8', 'https://issuer.example/'],
  ['VCI-12.2.2-8', 'https://issuer.example/utopia/'],
])('%s an issuer is not called "%s"', (_, credential_issuer) => {
  expect(outcome({ credential_issuer })).toBe('settings_invalid')
})

test('VCI-12.2.1-1 an issuer is called by an https URL with host, port and path; plain http is for development', () => {
  expect(outcome({ credential_issuer: 'https://issuer.example' })).toBe('accepted')
  expect(outcome({ credential_issuer: 'https://issuer.example:8443/a/b' })).toBe('accepted')
  const credential_issuer = 'http://127.0.0.1:8080'
  expect(outcome({ credential_issuer })).toBe('settings_invalid')
  expect(outcome({ credential_issuer, scheme: 'https_or_loopback_http' })).toBe('accepted')
  const scheme = 'https_or_loopback_http'
  expect(outcome({ credential_issuer: 'http://issuer.example', scheme })).toBe('settings_invalid')
})

test('JWT-3.1-2 at least one algorithm of proofs is taken, and none that is not of this release', () => {
  expect(outcome({ proofAlgs: ['EdDSA'] })).toBe('accepted')
  expect(outcome({ proofAlgs: [] })).toBe('settings_invalid')
  expect(outcome({ proofAlgs: ['ES256', 'none' as 'ES256'] })).toBe('settings_invalid')
})

test.each([0, 1, -1, 2.5, 101, Number.NaN, Number.POSITIVE_INFINITY])(
  'VCI-12.2.4-17, HAIP-4-6 a batch of %d is refused',
  (batchSize) => {
    expect(outcome({ batchSize })).toBe('settings_invalid')
  },
)

test.each([301, 3600, Number.POSITIVE_INFINITY])(
  'VCI-13.10-1 bearer tokens of %d seconds are refused',
  (tokenLifetime) => {
    expect(outcome({ tokenLifetime })).toBe('settings_invalid')
  },
)

test.each(['offerLifetime', 'tokenLifetime', 'nonceLifetime', 'txCodeTries'] as const)(
  '%s is a whole number of at least 1',
  (name) => {
    for (const value of [0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(outcome({ [name]: value })).toBe('settings_invalid')
    }
    expect(outcome({ [name]: 1 })).toBe('accepted')
  },
)

test('TSL-5.1-3 a ttl is positive, and a list lives no shorter than it', () => {
  for (const statusList of [
    { ttl: 0, lifetime: 60 },
    { ttl: -1, lifetime: 60 },
    { ttl: Number.NaN, lifetime: 60 },
    { ttl: 61, lifetime: 60 },
    { ttl: 60, lifetime: Number.POSITIVE_INFINITY },
  ]) {
    expect(outcome({ statusList })).toBe('settings_invalid')
  }
  expect(outcome({ statusList: { ttl: 1.5, lifetime: 2 } })).toBe('accepted')
})

test('an issuer of nothing is refused', () => {
  expect(outcome({ configurations: {} })).toBe('settings_invalid')
})

test('credentials that would be born expired are refused', () => {
  for (const lifetime of [0, -1, 3600, 86_399, 86_400.5, Number.POSITIVE_INFINITY]) {
    expect(outcome(configured({ lifetime }))).toBe('settings_invalid')
  }
  expect(outcome(configured({ lifetime: 86_400 }))).toBe('accepted')
})

test.each(['iss', 'iat', 'nbf', 'exp', 'cnf', 'vct', 'vct#integrity', 'status', 'aud', 'aka_vcts'])(
  'SVC-2.2.2.3-1 no configuration describes the claim "%s", which is not about the person',
  (name) => {
    expect(outcome(configured({ claims: [{ path: [name] }] }))).toBe('settings_invalid')
    expect(outcome(configured({ claims: [{ path: [name, 'x'] }] }))).toBe('settings_invalid')
    expect(outcome(configured({ claims: [{ path: ['person', name] }] }))).toBe('accepted')
  },
)

test('a claim is a member of the credential, so its path begins with a name', () => {
  expect(outcome(configured({ claims: [{ path: [null] }] }))).toBe('settings_invalid')
  expect(outcome(configured({ claims: [{ path: [0] }] }))).toBe('settings_invalid')
})

test.each(['', 'a b', ' a', 'a"', 'a\\', 'ä', 'a\n'])('OAS-8-1 no scope is called %j', (scope) => {
  expect(outcome(configured({ scope }))).toBe('settings_invalid')
})

test('OAS-7-9 a server is believed whose tokens can be read, once, and is another than this issuer', () => {
  const [signing, asked] = (['jwt', 'introspection'] as const).map((tokens) => ({
    issuer: 'https://as.example',
    tokens,
  }))
  const trusting = (servers: AuthorizationSettings['servers'], ports: Partial<IssuerPorts> = {}) =>
    outcomeOf(() => world({ settings: { authorization: { ...defaultAuthorization, servers } }, ports }))
  if (signing === undefined || asked === undefined) throw new Error('there are two')
  const serverKey = () => undefined
  const introspect = () => ({ active: false })
  expect(trusting([signing])).toBe('settings_invalid')
  expect(trusting([signing], { introspect })).toBe('settings_invalid')
  expect(trusting([signing], { serverKey })).toBe('accepted')
  expect(trusting([signing], { verifyServerToken: () => undefined })).toBe('accepted')
  expect(trusting([asked], { serverKey })).toBe('settings_invalid')
  expect(trusting([asked], { introspect })).toBe('accepted')
  expect(trusting([signing, asked], { serverKey, introspect })).toBe('settings_invalid')
  expect(trusting([{ ...signing, issuer: ISSUER }], { serverKey })).toBe('settings_invalid')
})

test('OAS-6-4 an issuer that takes attested wallets only believes somebody who attests them', () => {
  const authorization = { ...defaultAuthorization, clientAttestation: 'required' } as const
  expect(outcome({ authorization })).toBe('settings_invalid')
  const walletProviderKey = () => undefined
  expect(outcomeOf(() => world({ settings: { authorization }, ports: { walletProviderKey } }))).toBe(
    'accepted',
  )
})

test('a refusal says what to mend, and keeps its cause', () => {
  let caught: unknown
  try {
    world({ settings: { credential_issuer: 'issuer.example' } })
  } catch (error) {
    caught = error
  }
  expect(caught).toBeInstanceOf(IssuerError)
  expect(caught).toMatchObject({
    name: 'IssuerError',
    message: expect.stringContaining('credential_issuer'),
    cause: { code: 'message_malformed' },
  })
})
