import { expect, test } from 'vitest'
import { type ClientMetadata, findResponseEncryption, takesSdJwtVc } from './client-metadata.ts'

const key = {
  kty: 'EC',
  crv: 'P-256',
  alg: 'ECDH-ES',
  kid: '1',
  x: 'gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0',
  y: 'SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps',
} as const

test('VP-8.3-2 encrypts with A256GCM where it is offered, with A128GCM where nothing is said, or not at all', () => {
  const metadata: ClientMetadata = { jwks: { keys: [key, { ...key, kid: '2' }] } }
  const offering = (...encs: string[]) =>
    findResponseEncryption({ ...metadata, encrypted_response_enc_values_supported: encs })
  expect(findResponseEncryption(metadata)).toEqual({ key, enc: 'A128GCM' })
  expect(offering('A128GCM', 'A256GCM')).toEqual({ key, enc: 'A256GCM' })
  expect(offering('A128GCM')).toEqual({ key, enc: 'A128GCM' })
  expect(offering('A192GCM')).toBeUndefined()
  expect(findResponseEncryption({})).toBeUndefined()
  expect(findResponseEncryption({ jwks: { keys: [] } })).toBeUndefined()
  expect(findResponseEncryption(undefined)).toBeUndefined()
})

test('VP-B.3.4-1 a verifier takes SD-JWT VCs when both lists of algorithms have ours, or say nothing', () => {
  const takes = (format: object | undefined): boolean =>
    takesSdJwtVc(
      { vp_formats_supported: format === undefined ? {} : { 'dc+sd-jwt': format } },
      { issuer: 'ES256', holder: 'ES256' },
    )
  expect(takesSdJwtVc(undefined, { issuer: 'ES256', holder: 'ES256' })).toBe(true)
  expect(takesSdJwtVc({}, { issuer: 'ES256', holder: 'ES256' })).toBe(true)
  expect(takes({})).toBe(true)
  expect(takes({ 'sd-jwt_alg_values': ['ES384', 'ES256'] })).toBe(true)
  expect(takes({ 'sd-jwt_alg_values': ['ES256'], 'kb-jwt_alg_values': ['ES384'] })).toBe(false)
  expect(takes({ 'sd-jwt_alg_values': ['ES384'] })).toBe(false)
  expect(takes(undefined)).toBe(false)
})
