import { utf8 } from '@facet-id/credential/base64url'
import { jwkThumbprint, jwsAlgorithms, writeJws, writeSigningInput } from '@facet-id/credential/jose'
import { isJsonObject, type JsonObject, type JsonValue, readJsonObject } from '@facet-id/credential/json'
import {
  checkSignatures,
  hash,
  keyPair,
  keyPairFor,
  outcomeOf,
  signerFor,
  signerOf,
  vectors,
} from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { readErrorResponse, writeErrorResponse } from '../error-response.ts'
import {
  accessTokenHash,
  findDpopNonce,
  findDpopProof,
  normalizedHtu,
  readDpopProof,
  wantsDpopNonce,
  withDpopNonce,
  writeDpopAuthorization,
  writeDpopChallenge,
  writeDpopInput,
} from './index.ts'

const owner = keyPair()
const signer = signerOf(owner.privateJwk)
const sign = (input: string): string => writeJws(input, signer.sign(utf8(input)))
const claims = {
  request: { method: 'POST', url: 'https://server.example/token?tenant=1#x' },
  jti: 'e1j3V_bKic8-LAEB',
  issuedAt: 1_800_000_000,
  jwk: owner.publicJwk,
  alg: 'ES256',
} as const

/** Vectors say which key the header carries by a word, since keys are fresh. */
function withKey(header: JsonObject): JsonObject {
  const keys: Readonly<Record<string, JsonObject>> = { own: owner.publicJwk, private: owner.privateJwk }
  const { jwk } = header
  return typeof jwk === 'string' && keys[jwk] !== undefined ? { ...header, jwk: keys[jwk] } : header
}

function objectOf(value: JsonValue | undefined): JsonObject {
  if (!isJsonObject(value)) throw new Error('the vector needs an object here')
  return value
}

for (const { requirement, comment, input, expect: expected } of vectors(
  new URL('../../../vectors/oauth/dpop-proof/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, () => {
    const { header, payload } = readJsonObject(JSON.stringify(input))
    const proof = sign(writeSigningInput(withKey(objectOf(header)), objectOf(payload)))
    expect(outcomeOf(() => readDpopProof(proof))).toBe(expected)
  })
}

/** RFC 9449, the proofs of figures 2 and 13. */
const figureHeader =
  'eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19'
const figure2 = `${figureHeader}.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg`
const figure13 = `${figureHeader}.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA`

test('DPOP-4.3-1, DPOP-6-1 the proofs of the standard hold, and their key is known by its thumbprint', () => {
  const token = readDpopProof(figure2)
  const protectedResource = readDpopProof(figure13)
  expect(checkSignatures([token.check, protectedResource.check])).toEqual(['valid', 'valid'])
  expect(token).toMatchObject({
    jti: '-BwC3ESc6acc2lTc',
    htm: 'POST',
    htu: 'https://server.example.com/token',
    iat: 1562262616,
  })
  expect(jwkThumbprint(token.jwk, hash)).toBe('0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I')
  expect(protectedResource.ath).toBe(accessTokenHash('Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU', hash))
})

test('DPOP-4.2-1, DPOP-4.2-2 a proof says for which request it is, with which nonce and for which token', () => {
  const ath = accessTokenHash('token', hash)
  const proof = readDpopProof(sign(writeDpopInput({ ...claims, nonce: 'n-0S6', ath })))
  expect(proof).toMatchObject({
    jwk: owner.publicJwk,
    jti: claims.jti,
    htm: 'POST',
    htu: 'https://server.example/token',
    iat: 1_800_000_000,
    nonce: 'n-0S6',
    ath,
  })
  expect(checkSignatures([proof.check])).toEqual(['valid'])
})

test('DPOP-4.2-1 a private key that is handed in by mistake is not written', () => {
  const [header = ''] = writeDpopInput({ ...claims, jwk: owner.privateJwk }).split('.')
  expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({
    typ: 'dpop+jwt',
    alg: 'ES256',
    jwk: owner.publicJwk,
  })
})

test('DPOP-4.3-1 a request brings one proof or none', () => {
  const dpop = sign(writeDpopInput(claims))
  expect(findDpopProof({ headers: { dpop } })?.jti).toBe(claims.jti)
  expect(findDpopProof({ headers: {} })).toBeUndefined()
  for (const bad of [`${dpop}, ${dpop}`, `${dpop},`, `, ${dpop}`, '', ' ', 'x', `DPoP ${dpop}`]) {
    expect(outcomeOf(() => findDpopProof({ headers: { dpop: bad } }))).toBe('dpop_proof_malformed')
  }
})

test.each(jwsAlgorithms)('DPOP-4.3-1, JWT-3.1-1 a proof by %s is taken only where that is', (alg) => {
  const { publicJwk, privateJwk } = keyPairFor(alg)
  const input = writeDpopInput({ ...claims, jwk: publicJwk, alg })
  const proof = writeJws(input, signerFor(alg, privateJwk).sign(utf8(input)))
  expect(checkSignatures([readDpopProof(proof, [alg]).check])).toEqual(['valid'])
  const others = jwsAlgorithms.filter((other) => other !== alg)
  expect(outcomeOf(() => readDpopProof(proof, others))).toBe('dpop_proof_malformed')
})

test('DPOP-4.3-1 a proof that was changed in any one place is refused, or holds no longer', () => {
  const proof = sign(writeDpopInput(claims))
  for (let at = 0; at < proof.length; at += 7) {
    const changed = `${proof.slice(0, at)}${proof[at] === 'A' ? 'B' : 'A'}${proof.slice(at + 1)}`
    const outcome = outcomeOf(() => {
      const { check } = readDpopProof(changed)
      expect(checkSignatures([check])[0]).not.toBe('valid')
    })
    expect(['accepted', 'dpop_proof_malformed']).toContain(outcome)
  }
})

test('DPOP-4.3-2 an address has one spelling, without query and fragment', () => {
  const one = 'https://server.example/a-b/%2F'
  for (const same of [
    'https://server.example/a-b/%2f',
    'HTTPS://Server.EXAMPLE:443/a%2Db/%2F?x=1',
    'https://server.example/%61-b/%2F#x?y',
  ]) {
    expect(normalizedHtu(same)).toBe(one)
  }
  expect(normalizedHtu('https://server.example')).toBe('https://server.example/')
  for (const other of ['https://server.example:8443/a-b/%2F', 'https://server.example/A-b/%2F', `${one}/`]) {
    expect(normalizedHtu(other)).not.toBe(one)
  }
  expect(normalizedHtu('http://127.0.0.1:80/x', 'https_or_loopback_http')).toBe('http://127.0.0.1/x')
  for (const none of ['/token', 'http://server.example/', 'https://server.example/a/../b', 'x', '']) {
    expect(outcomeOf(() => normalizedHtu(none))).toBe('dpop_proof_malformed')
  }
})

const refused = writeErrorResponse({ status: 400, error: 'use_dpop_nonce' })
const challenged = {
  status: 401,
  headers: { 'www-authenticate': writeDpopChallenge(['ES256'], 'use_dpop_nonce') },
  body: '',
}

test('DPOP-8-1, DPOP-9-1 a refusal for the nonce alone is known by its code and its nonce, at both servers', () => {
  for (const response of [refused, challenged, { ...refused, status: 401 }]) {
    expect(wantsDpopNonce(withDpopNonce(response, 'n1'))).toBe(true)
    expect(wantsDpopNonce(response)).toBe(false)
  }
  for (const other of [
    writeErrorResponse({ status: 400, error: 'invalid_dpop_proof' }),
    writeErrorResponse({ status: 401, error: 'invalid_token' }),
    { ...refused, status: 500 },
    { ...refused, status: 200 },
    { status: 400, headers: {}, body: '<p>use_dpop_nonce' },
  ]) {
    expect(wantsDpopNonce(withDpopNonce(other, 'n1'))).toBe(false)
  }
})

test('DPOP-8.2-1 a nonce is found in any response, one at a time, and only what can be sent back', () => {
  for (const status of [200, 201, 303, 400, 401, 500]) {
    expect(findDpopNonce(withDpopNonce({ status, headers: {}, body: '' }, 'eyJ7S_zG.x~!'))).toBe(
      'eyJ7S_zG.x~!',
    )
  }
  for (const bad of ['', 'a b', 'a, b', 'a"b', 'a\\b', 'é', 'a'.repeat(1025)]) {
    expect(findDpopNonce({ headers: { 'dpop-nonce': bad } })).toBeUndefined()
  }
  expect(findDpopNonce({ headers: {} })).toBeUndefined()
})

test('DPOP-7.1-1, DPOP-7.1-2 a bound token has its own scheme, and a challenge names the algorithms', () => {
  expect(writeDpopAuthorization('token')).toBe('DPoP token')
  expect(writeDpopChallenge(['ES256', 'EdDSA'])).toBe('DPoP algs="ES256 EdDSA"')
  expect(writeDpopChallenge(['ES256'], 'invalid_token')).toBe('DPoP error="invalid_token", algs="ES256"')
  expect(readErrorResponse(challenged).error).toBe('use_dpop_nonce')
})
