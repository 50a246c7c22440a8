import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { readCredentialIssuerId } from './credential-issuer-id.ts'

test('VCI-12.2.1-1 an identifier is an https URL without query and fragment', () => {
  expect(readCredentialIssuerId('https://Issuer.example:8443/Tenant/')).toBe(
    'https://Issuer.example:8443/Tenant/',
  )
  expect(outcomeOf(() => readCredentialIssuerId('https://issuer.example?x'))).toBe('message_malformed')
  expect(outcomeOf(() => readCredentialIssuerId('https://issuer.example#x'))).toBe('message_malformed')
  expect(outcomeOf(() => readCredentialIssuerId('issuer.example'))).toBe('message_malformed')
  expect(outcomeOf(() => readCredentialIssuerId('http://issuer.example'))).toBe('https_required')
})

test('VCI-12.2.1-1 this machine is an issuer on plain http in development mode only', () => {
  expect(outcomeOf(() => readCredentialIssuerId('http://127.0.0.1:4001'))).toBe('https_required')
  expect(readCredentialIssuerId('http://127.0.0.1:4001', 'https_or_loopback_http')).toBe(
    'http://127.0.0.1:4001',
  )
})
