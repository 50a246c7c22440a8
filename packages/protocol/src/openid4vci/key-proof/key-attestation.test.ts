import { utf8 } from '@facet-id/credential/base64url'
import { writeJws, writeSigningInput } from '@facet-id/credential/jose'
import { isJsonArray, type JsonObject, type JsonValue, readJsonObject } from '@facet-id/credential/json'
import { checkSignatures, keyPair, outcomeOf, signerOf, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import {
  attackPotentials,
  meetsLevels,
  readKeyAttestation,
  writeKeyAttestationInput,
} from './key-attestation.ts'

const owner = keyPair()
const other = keyPair()
const provider = keyPair()
const sign = (input: string): string => writeJws(input, signerOf(provider.privateJwk).sign(utf8(input)))

/** Vectors say which keys are attested by a word, since keys are fresh. */
function withKeys(value: JsonValue | undefined): JsonValue {
  const keys: Readonly<Record<string, JsonObject>> = { own: owner.publicJwk, private: owner.privateJwk }
  if (typeof value === 'string') return keys[value] ?? value
  return isJsonArray(value) ? value.map(withKeys) : (value ?? null)
}

function replaced(object: JsonObject, name: string): JsonObject {
  return Object.hasOwn(object, name) ? { ...object, [name]: withKeys(object[name]) } : object
}

function objectIn(input: unknown, name: string): JsonObject {
  return readJsonObject(JSON.stringify(Object(input)[name]))
}

for (const { requirement, comment, input, expect: expected } of vectors(
  new URL('../../../vectors/openid4vci/key-attestation/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, () => {
    const header = replaced(objectIn(input, 'header'), 'jwk')
    const payload = replaced(objectIn(input, 'payload'), 'attested_keys')
    const token = sign(writeSigningInput(header, payload))
    expect(outcomeOf(() => readKeyAttestation(token))).toBe(expected)
  })
}

const claims = {
  iat: 1_800_000_000,
  exp: 1_800_000_600,
  attested_keys: [owner.publicJwk, other.publicJwk],
  key_storage: ['iso_18045_high'],
  nonce: 'n',
}

test('VCI-D.1-1, VCI-D.1-2 what was written is read, with the check that must hold for whoever attests', () => {
  const status = { uri: 'https://provider.example/lists/1', idx: 7 }
  const read = readKeyAttestation(
    sign(writeKeyAttestationInput(claims, { alg: 'ES256', kid: 'provider' }, status)),
  )
  expect(read).toMatchObject({ ...claims, status, signedBy: { by: 'kid', kid: 'provider' } })
  expect(checkSignatures([read.check(provider.publicJwk), read.check(owner.publicJwk)])).toEqual([
    'valid',
    'invalid',
  ])
  const x5c = [Uint8Array.of(0x30, 1), Uint8Array.of(0x30, 2)]
  const certified = readKeyAttestation(sign(writeKeyAttestationInput(claims, { alg: 'ES256', x5c })))
  expect(certified.signedBy).toEqual({ by: 'x5c', chain: x5c })
})

test('VCI-F.1-16 its algorithm is one of those that the issuer takes for proofs', () => {
  const token = sign(writeKeyAttestationInput(claims, { alg: 'ES256', kid: 'provider' }))
  expect(outcomeOf(() => readKeyAttestation(token, ['ES256']))).toBe('accepted')
  expect(outcomeOf(() => readKeyAttestation(token, ['ES384', 'EdDSA']))).toBe('proof_malformed')
})

test('VCI-D.1-2 more than a hundred keys, or more than is read, are refused', () => {
  const many = Array.from({ length: 101 }, () => keyPair().publicJwk)
  const token = sign(
    writeKeyAttestationInput({ ...claims, attested_keys: many }, { alg: 'ES256', kid: 'provider' }),
  )
  expect(outcomeOf(() => readKeyAttestation(token))).toBe('proof_malformed')
  expect(outcomeOf(() => readKeyAttestation(`${'a'.repeat(140_000)}.b.c`))).toBe('proof_malformed')
})

test('VCI-D.2-1 levels are compared as they are spelled, and of each list that is asked for one is enough', () => {
  const [high, moderate] = attackPotentials
  const attested = { key_storage: [moderate], user_authentication: [high, 'https://own.example'] }
  expect(meetsLevels(attested, {})).toBe(true)
  expect(meetsLevels(attested, { key_storage: [high, moderate] })).toBe(true)
  expect(meetsLevels(attested, { key_storage: [high] })).toBe(false)
  expect(meetsLevels(attested, { key_storage: ['ISO_18045_moderate'] })).toBe(false)
  expect(meetsLevels(attested, { key_storage: [moderate], user_authentication: [high] })).toBe(true)
  expect(meetsLevels(attested, { key_storage: [moderate], user_authentication: [moderate] })).toBe(false)
  expect(meetsLevels({}, { user_authentication: [high] })).toBe(false)
  expect(meetsLevels({}, {})).toBe(true)
})
