import { utf8 } from '@facet-id/credential/base64url'
import { jwsAlgorithms, writeJws, writeSigningInput } from '@facet-id/credential/jose'
import { isJsonObject, type JsonObject, type JsonValue, readJsonObject } from '@facet-id/credential/json'
import {
  checkSignatures,
  keyPair,
  keyPairFor,
  outcomeOf,
  signerFor,
  signerOf,
  vectors,
} from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { readProofJwt, writeProofInput } from './proof-jwt.ts'

const owner = keyPair()
const signer = signerOf(owner.privateJwk)
const sign = (input: string): string => writeJws(input, signer.sign(utf8(input)))
const claims = {
  audience: 'https://issuer.example',
  nonce: 'n-0S6_WzA2Mj',
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
  new URL('../../../vectors/openid4vci/key-proof/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, () => {
    const { header, payload } = readJsonObject(JSON.stringify(input))
    const proof = sign(writeSigningInput(withKey(objectOf(header)), objectOf(payload)))
    expect(outcomeOf(() => readProofJwt(proof))).toBe(expected)
  })
}

test('VCI-F.1-7, VCI-F.1-8, VCI-F.1-9 a proof says for whom it is, when it was made, and the nonce', () => {
  expect(readProofJwt(sign(writeProofInput(claims)))).toMatchObject({
    key: { by: 'jwk', jwk: owner.publicJwk },
    aud: 'https://issuer.example',
    nonce: 'n-0S6_WzA2Mj',
    iat: 1_800_000_000,
  })
})

test('VCI-F.1-9 a proof for an issuer without nonces has none', () => {
  const { nonce: _, ...without } = claims
  expect(readProofJwt(sign(writeProofInput(without)))).not.toHaveProperty('nonce')
})

test('VCI-F.1-2, VCI-F.1-3, VCI-F.1-6 a proof has its kind, its public key alone, and no client identifier', () => {
  const [header = '', payload = ''] = writeProofInput({
    ...claims,
    jwk: { ...owner.publicJwk, kid: 'did:jwk:x#0' },
  })
    .split('.')
    .map((part) => Buffer.from(part, 'base64url').toString())
  expect(JSON.parse(header)).toEqual({ alg: 'ES256', typ: 'openid4vci-proof+jwt', jwk: owner.publicJwk })
  expect(Object.keys(JSON.parse(payload))).toEqual(['aud', 'nonce', 'iat'])
})

test('VCI-F.1-11 a private key that is handed in by mistake is not written', () => {
  const input = writeProofInput({ ...claims, jwk: owner.privateJwk })
  expect(Buffer.from(input.split('.')[0] ?? '', 'base64url').toString()).not.toContain(owner.privateJwk.d)
})

test('VCI-F.1-10 the check holds for the key in the header, and fails for a proof by another', () => {
  const stranger = signerOf(keyPair().privateJwk)
  const input = writeProofInput(claims)
  const own = readProofJwt(sign(input))
  const foreign = readProofJwt(writeJws(input, stranger.sign(utf8(input))))
  expect(own.check(owner.publicJwk).key).toEqual(owner.publicJwk)
  expect(checkSignatures([own.check(owner.publicJwk), foreign.check(owner.publicJwk)])).toEqual([
    'valid',
    'invalid',
  ])
})

test('VCI-F.1-10 a proof that was changed in any one place is refused, or holds no longer', () => {
  const proof = sign(writeProofInput(claims))
  for (let at = 0; at < proof.length; at += 7) {
    const changed = `${proof.slice(0, at)}${proof[at] === 'A' ? 'B' : 'A'}${proof.slice(at + 1)}`
    const outcome = outcomeOf(() => {
      const { check, key } = readProofJwt(changed)
      expect(key.by).toBe('jwk')
      expect(checkSignatures([check(key.by === 'jwk' ? key.jwk : owner.publicJwk)])[0]).not.toBe('valid')
    })
    expect(['accepted', 'proof_malformed']).toContain(outcome)
  }
})

test('VCI-F.1-2 a proof of 8192 characters is read, and a longer one refused', () => {
  const filled = (length: number): string =>
    sign(
      writeSigningInput(
        { alg: 'ES256', typ: 'openid4vci-proof+jwt', jwk: owner.publicJwk },
        { aud: 'a', iat: 1, x: 'a'.repeat(length) },
      ),
    )
  const proofs = Array.from({ length: 8 }, (_, more) => filled(5872 + more))
  const most = proofs.find((proof) => proof.length === 8192) ?? ''
  const over = proofs.find((proof) => proof.length > 8192) ?? ''
  expect(outcomeOf(() => readProofJwt(most))).toBe('accepted')
  expect(outcomeOf(() => readProofJwt(over))).toBe('proof_malformed')
})

test('VCI-F.1-2 what is no signed token is refused', () => {
  for (const text of ['', '.', '..', 'a.b.c', 'e30.e30.', 'null', '{}', `${'a'.repeat(9000)}.b.c`]) {
    expect(outcomeOf(() => readProofJwt(text))).toBe('proof_malformed')
  }
})

test.each(jwsAlgorithms)(
  'JWT-3.1-1, VCI-F.1-1 a proof by %s holds for its key, and is taken only where that algorithm is',
  (alg) => {
    const { publicJwk, privateJwk } = keyPairFor(alg)
    const by = signerFor(alg, privateJwk)
    const input = writeProofInput({ ...claims, jwk: publicJwk, alg })
    const proof = writeJws(input, by.sign(utf8(input)))
    const { check, key } = readProofJwt(proof, [alg])
    expect([key, checkSignatures([check(publicJwk)])]).toEqual([{ by: 'jwk', jwk: publicJwk }, ['valid']])
    const others = jwsAlgorithms.filter((other) => other !== alg)
    expect(outcomeOf(() => readProofJwt(proof, others))).toBe('proof_malformed')
    for (const other of others) {
      const foreign = writeProofInput({ ...claims, jwk: keyPairFor(other).publicJwk, alg })
      expect(outcomeOf(() => readProofJwt(writeJws(foreign, by.sign(utf8(foreign)))))).toBe('proof_malformed')
    }
  },
)
