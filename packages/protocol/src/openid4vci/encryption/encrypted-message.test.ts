import { writeJwe, writeJweHeader } from '@facet-id/credential/jwe'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { readCredentialRequest } from '../credential-request.ts'
import { readCredentialResponse, writeCredentialResponse } from '../credential-response.ts'
import { decrypted, encrypted, findEncrypted, plainOf } from './encrypted-message.ts'

const jwe = writeJwe({
  protectedText: writeJweHeader({
    alg: 'ECDH-ES',
    enc: 'A256GCM',
    kid: 'one',
    epk: {
      kty: 'EC',
      crv: 'P-256',
      x: 'gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0',
      y: 'SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps',
    },
  }),
  iv: new Uint8Array(12),
  ciphertext: Uint8Array.of(1, 2, 3),
  tag: new Uint8Array(16),
})

const request = {
  method: 'POST',
  url: 'https://issuer.example/credential',
  headers: { 'content-type': 'application/json', authorization: 'Bearer token' },
  body: '{"credential_configuration_id":"Zoë"}',
} as const

test('VCI-10-1 an encrypted request keeps its envelope, has the type of a token, and says what it was', () => {
  const sent = encrypted(request, jwe)
  expect(sent).toEqual({
    ...request,
    headers: { ...request.headers, 'content-type': 'application/jwt' },
    body: jwe,
  })
  expect(findEncrypted(sent)?.header).toMatchObject({ alg: 'ECDH-ES', kid: 'one' })
  expect(decrypted(sent, plainOf(request))).toEqual(request)
})

test('VCI-8.3-6 an encrypted response has the type of a token whether it brings credentials or not', () => {
  for (const response of [
    writeCredentialResponse({ credentials: [{ credential: 'a~' }] }),
    writeCredentialResponse({ transaction_id: 't', interval: 5 }),
  ]) {
    const sent = encrypted(response, jwe)
    expect(sent.headers['content-type']).toBe('application/jwt')
    expect(sent.headers['cache-control']).toBe('no-store')
    expect(sent.status).toBe(response.status)
    expect(readCredentialResponse(decrypted(sent, plainOf(response)))).toEqual(
      readCredentialResponse(response),
    )
  }
})

test('VCI-10-1 a message in the clear is none that is encrypted, and an encrypted one is not read as JSON', () => {
  expect(findEncrypted(request)).toBeUndefined()
  expect(outcomeOf(() => readCredentialRequest(encrypted(request, jwe)))).toBe('content_type_unexpected')
})

test('VCI-10-4, ATK-11 what is compressed, costly or no token is refused before any key is used', () => {
  const [, ...rest] = jwe.split('.')
  const withHeader = (change: object): string => {
    const header = JSON.parse(Buffer.from(jwe.split('.')[0] ?? '', 'base64url').toString())
    return [Buffer.from(JSON.stringify({ ...header, ...change })).toString('base64url'), ...rest].join('.')
  }
  const outcome = (text: string): unknown => outcomeOf(() => findEncrypted(encrypted(request, text)))
  expect(outcome(withHeader({ zip: 'DEF' }))).toBe('encryption_unsupported')
  expect(outcome(withHeader({ alg: 'PBES2-HS256+A128KW' }))).toBe('encryption_unsupported')
  expect(outcome('')).toBe('encryption_unsupported')
  expect(outcome('.'.repeat(12_000_000))).toBe('encryption_unsupported')
})

test('VCI-10-1 contents that are no text are refused', () => {
  expect(outcomeOf(() => decrypted(request, Uint8Array.of(0xff, 0xfe)))).toBe('message_malformed')
})
