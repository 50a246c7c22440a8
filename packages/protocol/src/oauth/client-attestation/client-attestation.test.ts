import { utf8 } from '@facet-id/credential/base64url'
import { writeJws, writeSigningInput } from '@facet-id/credential/jose'
import { isJsonObject, type JsonObject, type JsonValue, readJsonObject } from '@facet-id/credential/json'
import { checkSignatures, keyPair, outcomeOf, signerOf, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { jsonResponse } from '../../body.ts'
import {
  attestationChallengeRequest,
  attestationHeaders,
  findAttestationChallenge,
  findClientAttestation,
  readAttestationChallengeResponse,
  readAttestationProof,
  readClientAttestation,
  withAttestationChallenge,
  writeAttestationChallengeResponse,
  writeAttestationProofInput,
  writeClientAttestationInput,
} from './index.ts'

const provider = keyPair()
const instance = keyPair()
const sign = (input: string, by = provider): string =>
  writeJws(input, signerOf(by.privateJwk).sign(utf8(input)))

const keys: Readonly<Record<string, JsonObject>> = { own: instance.publicJwk, private: instance.privateJwk }

/** Vectors say which key is meant by a word, since keys are fresh. */
function withKeys(value: JsonValue | undefined): JsonObject {
  if (!isJsonObject(value)) throw new Error('the vector needs an object here')
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      if (name === 'jwk' && typeof member === 'string') return [name, keys[member] ?? member]
      return [name, isJsonObject(member) ? withKeys(member) : member]
    }),
  )
}

const readers = {
  'client-attestation': readClientAttestation,
  'client-attestation-proof': readAttestationProof,
} as const

for (const [area, read] of Object.entries(readers)) {
  for (const { requirement, comment, input, expect: expected } of vectors(
    new URL(`../../../vectors/oauth/${area}/`, import.meta.url),
  )) {
    test(`${requirement} ${comment}`, () => {
      const { header, payload } = readJsonObject(JSON.stringify(input))
      const jwt = sign(writeSigningInput(withKeys(header), withKeys(payload)))
      expect(outcomeOf(() => read(jwt))).toBe(expected)
    })
  }
}

for (const { requirement, comment, input, expect: expected } of vectors(
  new URL('../../../vectors/oauth/attestation-challenge/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, () => {
    const response = jsonResponse(JSON.stringify(input))
    expect(outcomeOf(() => readAttestationChallengeResponse(response))).toBe(expected)
  })
}

const contents = {
  sub: 'https://wallet.example',
  exp: 1_800_003_600,
  jwk: instance.publicJwk,
  alg: 'ES256',
} as const

const proven = { aud: 'https://server.example', jti: 'j1', iat: 1_800_000_000, alg: 'ES256' } as const

test('ABCA-4-1, ABCA-4-07 what a provider wrote is read, with what draft 07 wants and without', () => {
  const now = readClientAttestation(sign(writeClientAttestationInput(contents)))
  expect(now).toMatchObject({ sub: contents.sub, exp: contents.exp, jwk: instance.publicJwk, alg: 'ES256' })
  expect(now).not.toHaveProperty('iss')
  const chain = [Uint8Array.of(48, 3, 1, 1, 255), Uint8Array.of(48, 0)]
  const before = { iss: 'https://provider.example', iat: 1_800_000_000, kid: 'k1', x5c: chain }
  const old = readClientAttestation(sign(writeClientAttestationInput({ ...contents, ...before })))
  expect(old).toMatchObject({ iss: before.iss, iat: before.iat, kid: 'k1' })
  expect(old.x5c).toEqual(chain)
})

test('ABCA-4-1 a private key that is handed in by mistake is not written', () => {
  const [, payload = ''] = writeClientAttestationInput({ ...contents, jwk: instance.privateJwk }).split('.')
  expect(JSON.parse(Buffer.from(payload, 'base64url').toString()).cnf.jwk).toEqual(instance.publicJwk)
})

test('ABCA-5.1-1, ABCA-5.1-2, ABCA-4-07 a proof names one server, and the challenge and client where it has them', () => {
  const least = readAttestationProof(sign(writeAttestationProofInput(proven), instance))
  expect(least).toMatchObject({ aud: proven.aud, jti: 'j1', iat: proven.iat })
  expect([least.challenge, least.iss]).toEqual([undefined, undefined])
  const more = { ...proven, challenge: 'c1', iss: contents.sub }
  expect(readAttestationProof(sign(writeAttestationProofInput(more), instance))).toMatchObject({
    challenge: 'c1',
    iss: contents.sub,
  })
})

test('ABCA-5.1-3, ABCA-7.1-1 the attestation holds for its provider alone, the proof for the attested key alone', () => {
  const attestation = readClientAttestation(sign(writeClientAttestationInput(contents)))
  const own = readAttestationProof(sign(writeAttestationProofInput(proven), instance))
  const foreign = readAttestationProof(sign(writeAttestationProofInput(proven), keyPair()))
  const verdicts = checkSignatures([
    attestation.check(provider.publicJwk),
    attestation.check(instance.publicJwk),
    own.check(attestation.jwk),
    foreign.check(attestation.jwk),
  ])
  expect(verdicts).toEqual(['valid', 'invalid', 'valid', 'invalid'])
})

test('ABCA-4-2, ABCA-5.2-1 each of the two comes once; a proof does not come alone, an attestation may', () => {
  const attestation = sign(writeClientAttestationInput(contents))
  const proof = sign(writeAttestationProofInput(proven), instance)
  const both = attestationHeaders(attestation, proof)
  expect(Object.keys(both)).toEqual(['oauth-client-attestation', 'oauth-client-attestation-pop'])
  expect(findClientAttestation({ headers: both })?.proof?.jti).toBe('j1')
  expect(findClientAttestation({ headers: attestationHeaders(attestation) })).not.toHaveProperty('proof')
  expect(findClientAttestation({ headers: { dpop: 'x' } })).toBeUndefined()
  for (const headers of [
    { 'oauth-client-attestation-pop': proof },
    attestationHeaders(`${attestation}, ${attestation}`, proof),
    attestationHeaders(attestation, `${proof}, ${proof}`),
    attestationHeaders(proof, attestation),
    attestationHeaders('', proof),
    attestationHeaders(attestation, ''),
  ]) {
    expect(outcomeOf(() => findClientAttestation({ headers }))).toBe('client_attestation_malformed')
  }
})

test('ABCA-6.1-1 a challenge is asked for with a POST, and kept by no cache', () => {
  const endpoint = 'https://server.example/challenge'
  expect(attestationChallengeRequest(endpoint)).toMatchObject({ method: 'POST', url: endpoint })
  const response = writeAttestationChallengeResponse({ attestation_challenge: 'c1' })
  expect(response.headers['cache-control']).toBe('no-store')
  expect(readAttestationChallengeResponse(response)).toEqual({ attestation_challenge: 'c1' })
})

test('ABCA-6.2-1 any response brings a challenge, and one at a time', () => {
  for (const status of [200, 400, 401]) {
    expect(
      findAttestationChallenge(withAttestationChallenge({ status, headers: {}, body: '' }, 'c.1-2_3')),
    ).toBe('c.1-2_3')
  }
  for (const bad of ['', 'a b', 'a, b', 'é', 'a'.repeat(1025)]) {
    expect(
      findAttestationChallenge({ headers: { 'oauth-client-attestation-challenge': bad } }),
    ).toBeUndefined()
  }
})
