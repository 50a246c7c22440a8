import { utf8 } from '@facet-id/credential/base64url'
import { jwsAlgorithms, writeJws, writeSigningInput, writeX5c } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import { keyPair, outcomeOf, signerOf, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import {
  isInForce,
  readVerifierAttestation,
  type VerifierAttestation,
  writeVerifierAttestationInput,
} from './verifier-attestation.ts'

const signer = signerOf(keyPair().privateJwk)
const sign = (input: string): string => writeJws(input, signer.sign(utf8(input)))
const header = { alg: 'ES256', typ: 'verifier-attestation+jwt', kid: '1' }

const attestation: VerifierAttestation = {
  iss: 'https://attester.example',
  sub: 'verifier.example',
  iat: 1_800_000_000,
  nbf: 1_800_000_000,
  exp: 1_800_003_600,
  cnf: { jwk: keyPair().publicJwk },
  redirect_uris: ['https://verifier.example/responses'],
}

for (const { requirement, comment, input, expect: expected } of vectors(
  new URL('../../../vectors/openid4vp/verifier-attestation/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, () => {
    const token = sign(writeSigningInput(header, input as JsonObject))
    expect(outcomeOf(() => readVerifierAttestation(token))).toBe(expected)
  })
}

test('what was written is read, whichever way its key is named', () => {
  for (const named of [{ kid: '1' }, { x5c: writeX5c([new Uint8Array(3)]) }, {}]) {
    const token = sign(writeVerifierAttestationInput(attestation, { alg: 'ES256', ...named }))
    expect(readVerifierAttestation(token).attestation).toEqual(attestation)
  }
})

test('VP-12-1 is of its own type, and signed by an algorithm that is taken', () => {
  const payload = JSON.parse(JSON.stringify(attestation))
  for (const typ of ['JWT', 'oauth-authz-req+jwt', 'kb+jwt']) {
    const token = sign(writeSigningInput({ ...header, typ }, payload))
    expect(outcomeOf(() => readVerifierAttestation(token))).toBe('jws_typ_unexpected')
  }
  const token = sign(writeSigningInput(header, payload))
  const others = jwsAlgorithms.filter((alg) => alg !== 'ES256')
  expect(outcomeOf(() => readVerifierAttestation(token, others))).toBe('jws_alg_not_allowed')
})

test('VP-12-1 counts from nbf to exp, give or take what clocks differ', () => {
  const at = (now: number, skew = 0) => isInForce(attestation, now, skew)
  expect([at(1_799_999_999), at(1_800_000_000), at(1_800_003_599), at(1_800_003_600)]).toEqual([
    false,
    true,
    true,
    false,
  ])
  expect([at(1_799_999_970, 30), at(1_800_003_629, 30), at(1_800_003_630, 30)]).toEqual([true, true, false])
})
