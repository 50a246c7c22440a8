import { utf8 } from '@facet-id/credential/base64url'
import { writeJwe, writeJweHeader } from '@facet-id/credential/jwe'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { type AuthorizationResponse, authorizationResponseRequest } from './authorization-response.ts'
import {
  encryptedResponseRequest,
  readPostedResponse,
  readResponsePayload,
  writeResponsePayload,
} from './encrypted-response.ts'

const uri = 'https://verifier.example/responses/1'
const answer: AuthorizationResponse = { vp_token: { person: ['eyJ.e30.AA~'] }, state: 'af0ifjsldkj' }

const epk = {
  kty: 'EC',
  crv: 'P-256',
  x: 'gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0',
  y: 'SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps',
} as const
const protectedText = writeJweHeader({ alg: 'ECDH-ES', enc: 'A256GCM', epk, kid: 'one' })
const jwe = writeJwe({
  protectedText,
  iv: new Uint8Array(12),
  ciphertext: Uint8Array.of(1, 2, 3),
  tag: new Uint8Array(16),
})

test('VP-8.3-1 encrypts the parameters at the top level, the token an object and no text', () => {
  const plain = new TextDecoder().decode(writeResponsePayload(answer))
  expect(JSON.parse(plain)).toEqual({ vp_token: { person: ['eyJ.e30.AA~'] }, state: 'af0ifjsldkj' })
  expect(readResponsePayload(writeResponsePayload(answer))).toEqual(answer)
  const error: AuthorizationResponse = { error: 'access_denied' }
  expect(readResponsePayload(writeResponsePayload(error))).toEqual(error)
})

test.each([
  ['VP-8.3-1 a token that is a text', '{"vp_token":"{\\"person\\":[\\"a~\\"]}"}'],
  ['VP-8.1-1 a token that is an array', '{"vp_token":["a~"]}'],
  ['VP-8.1-3 an empty array', '{"vp_token":{"person":[]}}'],
  ['VP-8.6-1 neither token nor error', '{"state":"a"}'],
  ['VP-8.6-1 token and error', '{"vp_token":{"person":["a~"]},"error":"access_denied"}'],
  ['VP-8.6-1 a member named twice', '{"state":"a","state":"b","error":"access_denied"}'],
  ['VP-8.6-1 no object', '[]'],
  ['VP-8.6-1 no JSON', 'eyJ.e30.AA'],
])('%s refuses what was encrypted', (_, plain) => {
  expect(outcomeOf(() => readResponsePayload(utf8(plain)))).toBe('message_malformed')
})

test('VP-8.6-1 refuses what was encrypted and is no UTF-8', () => {
  expect(outcomeOf(() => readResponsePayload(Uint8Array.of(0xff)))).toBe('message_malformed')
})

test('VP-8.1-5 ignores unknown members of what was encrypted', () => {
  const plain = utf8('{"vp_token":{"person":["a~"]},"iss":"x","more":[1]}')
  expect(readResponsePayload(plain)).toEqual({ vp_token: { person: ['a~'] } })
})

test('VP-8.3.1-1 posts a form with one parameter', () => {
  const request = encryptedResponseRequest(uri, jwe)
  expect(request.body).toBe(`response=${jwe}`)
  expect(readPostedResponse(request)).toMatchObject({ by: 'encryption', jwe: { header: { kid: 'one' } } })
})

test('VP-8.3-3 takes the encryptions that were offered, and no others', () => {
  const request = encryptedResponseRequest(uri, jwe)
  expect(outcomeOf(() => readPostedResponse(request, ['A128GCM']))).toBe('jwe_enc_not_allowed')
})

test('VP-8.3.1-2 reads an error that came in the clear', () => {
  const request = authorizationResponseRequest(uri, { error: 'access_denied', state: 'a' })
  expect(readPostedResponse(request)).toEqual({
    by: 'clear',
    response: { error: 'access_denied', state: 'a' },
  })
})

test('VP-8.3.1-1 refuses what is encrypted and in the clear at once', () => {
  const request = encryptedResponseRequest(uri, jwe)
  for (const more of ['&error=access_denied', '&vp_token=%7B%7D']) {
    const both = { ...request, body: `${request.body}${more}` }
    expect(outcomeOf(() => readPostedResponse(both))).toBe('message_malformed')
  }
})

test('VP-5-7 refuses a plain text of more than is read', () => {
  const large = writeResponsePayload({ vp_token: { a: ['x'.repeat(1_330_000)] } })
  expect(outcomeOf(() => readResponsePayload(large))).toBe('message_too_large')
})
