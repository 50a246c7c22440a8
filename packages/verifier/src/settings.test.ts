import { hash, keyPair, outcomeOf, signerOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { readIdentity } from './asking/identity.ts'
import { checkSettings as checkRules, defaultSettings, type VerifierSettings } from './settings.ts'

const { sign } = signerOf(keyPair().privateJwk)

/** As `createVerifier` reads them. */
function checkSettings(settings: VerifierSettings, kid: string): VerifierSettings {
  const checked = checkRules(settings)
  const { client_id, scheme } = checked
  readIdentity({ client_id, signer: { alg: 'ES256', kid, sign } }, scheme, hash)
  return checked
}

const did = 'did:jwk:e30'
const kid = `${did}#0`
const right: VerifierSettings = {
  ...defaultSettings,
  client_id: `decentralized_identifier:${did}`,
  baseUrl: 'https://platform.example',
}

test('takes what the operator may leave to us', () => {
  expect(checkSettings(right, kid)).toEqual(right)
})

test.each<Partial<VerifierSettings>>([
  { baseUrl: 'https://platform.example/wallets' },
  { baseUrl: 'http://127.0.0.1:4020', scheme: 'https_or_loopback_http' },
  { clockSkew: 0 },
  { requiredClaims: [] },
  { algs: ['EdDSA'] },
  { requestLifetime: 1, resultLifetime: 1, keyBindingMaxAge: 1 },
])('takes %j', (change) => {
  expect(outcomeOf(() => checkSettings({ ...right, ...change }, kid))).toBe('accepted')
})

test.each<Partial<VerifierSettings>>([
  { algs: [] },
  { algs: ['ES256', 'none' as 'ES256'] },
  { baseUrl: '' },
  { baseUrl: 'platform.example' },
  { baseUrl: 'https://platform.example/' },
  { baseUrl: 'https://platform.example/wallets/' },
  { baseUrl: 'https://platform.example?for=wallets' },
  { baseUrl: 'https://platform.example#wallets' },
  { baseUrl: 'https://platform.example', client_id: did },
  { client_id: '' },
  { client_id: 'decentralized_identifier:' },
  { client_id: 'decentralized_identifier:did:jwk:another' },
  { client_id: `decentralized_identifier:${kid}` },
  { client_id: `x509_hash:${did}` },
  { client_id: 'redirect_uri:https://platform.example' },
  { requestLifetime: 0 },
  { requestLifetime: -1 },
  { requestLifetime: 0.5 },
  { requestLifetime: Number.NaN },
  { requestLifetime: Number.POSITIVE_INFINITY },
  { resultLifetime: 0 },
  { resultLifetime: Number.POSITIVE_INFINITY },
  { keyBindingMaxAge: 0 },
  { keyBindingMaxAge: Number.NaN },
  { requiredClaims: ['exp', ''] },
  { clockSkew: -1 },
  { clockSkew: Number.NaN },
])('refuses %j', (change) => {
  expect(outcomeOf(() => checkSettings({ ...right, ...change }, kid))).toBe('settings_invalid')
})

test.each([['http://platform.example'], ['http://127.0.0.1:4020']])(
  'VP-14.7-1 refuses plain http outside of development: %s',
  (baseUrl) => {
    expect(outcomeOf(() => checkSettings({ ...right, baseUrl }, kid))).toBe('settings_invalid')
  },
)

test('VP-14.7-1 refuses plain http to another machine in development too', () => {
  const settings = { ...right, baseUrl: 'http://platform.example', scheme: 'https_or_loopback_http' } as const
  expect(outcomeOf(() => checkSettings(settings, kid))).toBe('settings_invalid')
})

test.each([['did:jwk:another#0'], [did], [`${did}#`], [`${did}0#0`], ['#0'], ['']])(
  'refuses a signer whose "kid" is %j, because wallets would refuse its requests',
  (wrong) => {
    expect(outcomeOf(() => checkSettings(right, wrong))).toBe('settings_invalid')
  },
)

test('says which setting is wrong', () => {
  expect(() => checkSettings({ ...right, clockSkew: -1 }, kid)).toThrow(/clockSkew/)
  expect(() => checkSettings({ ...right, baseUrl: 'x' }, kid)).toThrow(/baseUrl/)
})
