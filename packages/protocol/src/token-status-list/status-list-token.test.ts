import { deflateSync, inflateSync } from 'node:zlib'
import { utf8 } from '@facet-id/credential/base64url'
import { jwsAlgorithms, writeJws, writeSigningInput } from '@facet-id/credential/jose'
import { isJsonObject, type JsonObject, type JsonValue, readJsonObject } from '@facet-id/credential/json'
import { createStatusBits, setStatus } from '@facet-id/credential/status-list'
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
import {
  readStatusListResponse,
  readStatusListToken,
  statusListRequest,
  writeStatusListInput,
  writeStatusListResponse,
} from './status-list-token.ts'

const uri = 'https://issuer.example/status-lists/1'
const kid = 'did:jwk:x#0'
const owner = keyPair()
const signer = signerOf(owner.privateJwk, kid)
const sign = (input: string): string => writeJws(input, signer.sign(utf8(input)))

function objectOf(value: JsonValue | undefined): JsonObject {
  if (!isJsonObject(value)) throw new Error('the vector needs an object here')
  return value
}

function token(bytes: Uint8Array, level = 9): string {
  const times = { iat: 1_800_000_000, exp: 1_800_086_400, ttl: 2 }
  return sign(
    writeStatusListInput({ uri, ...times, bits: 1, lst: deflateSync(bytes, { level }) }, kid, 'ES256'),
  )
}

for (const { requirement, comment, input, expect: expected } of vectors(
  new URL('../../vectors/token-status-list/status-list-token/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, () => {
    const { header, payload } = readJsonObject(JSON.stringify(input))
    const jwt = sign(writeSigningInput(objectOf(header), objectOf(payload)))
    expect(outcomeOf(() => readStatusListToken(jwt, { uri }))).toBe(expected)
  })
}

test('TSL-4.1-4, TSL-4.2-1, TSL-5.1-1, TSL-5.1-2, TSL-5.1-3 a list that was written is read again', () => {
  const bits = createStatusBits(1000, 1)
  setStatus(bits, 1, 7, 1)
  const jwt = token(bits)
  const [header = '', payload = ''] = jwt.split('.').map((part) => Buffer.from(part, 'base64url').toString())
  expect(JSON.parse(header)).toEqual({ alg: 'ES256', kid, typ: 'statuslist+jwt' })
  expect(JSON.parse(payload)).toMatchObject({ sub: uri, iat: 1_800_000_000, exp: 1_800_086_400, ttl: 2 })
  expect(JSON.parse(payload).status_list.lst).toMatch(/^[A-Za-z0-9_-]+$/)
  const { lst, maxBytes, check: _, ...read } = readStatusListToken(jwt, { uri })
  expect(read).toEqual({
    sub: uri,
    iat: 1_800_000_000,
    exp: 1_800_086_400,
    ttl: 2,
    bits: 1,
    alg: 'ES256',
    kid,
  })
  expect(new Uint8Array(inflateSync(lst, { maxOutputLength: maxBytes }))).toEqual(bits)
})

test('TSL-4.1-5 every level of compression is taken', () => {
  for (let level = 0; level <= 9; level++) {
    expect(outcomeOf(() => readStatusListToken(token(createStatusBits(100, 1), level), { uri }))).toBe(
      'accepted',
    )
  }
})

test('TSL-5.1-4, TSL-8.3-3 the check holds for the key that signed, and for no other', () => {
  const read = readStatusListToken(token(createStatusBits(8, 1)), { uri })
  expect(checkSignatures([read.check(owner.publicJwk), read.check(keyPair().publicJwk)])).toEqual([
    'valid',
    'invalid',
  ])
})

test('TSL-4-R a token is bounded in size, and says where inflating must stop', () => {
  const { maxBytes, lst } = readStatusListToken(token(createStatusBits(8, 1)), { uri })
  expect(maxBytes).toBe(lst.length * 1032)
  const zeros = createStatusBits(16_777_216, 8)
  const large = readStatusListToken(token(zeros), { uri })
  expect(large.maxBytes).toBe(16_777_216)
  expect(inflateSync(large.lst, { maxOutputLength: large.maxBytes })).toHaveLength(zeros.length)
  expect(outcomeOf(() => readStatusListToken('a'.repeat(4_194_305), { uri }))).toBe('jws_too_large')
})

test.each([1, 2, 4, 8] as const)(
  'TSL-4.1-3, TSL-4.1-4, TSL-4.2-1 a list of %d bits an entry that was written is read again',
  (bits) => {
    const list = createStatusBits(77, bits)
    for (let index = 0; index < 77; index++) setStatus(list, bits, index, (index * 7) % 2 ** bits)
    const claims = { uri, iat: 1_800_000_000, exp: 1_800_086_400, ttl: 2, bits, lst: deflateSync(list) }
    const read = readStatusListToken(sign(writeStatusListInput(claims, kid, 'ES256')), { uri })
    expect(read.bits).toBe(bits)
    expect(new Uint8Array(inflateSync(read.lst, { maxOutputLength: read.maxBytes }))).toEqual(list)
  },
)

test('JWT-3.1-1 a list is taken by the algorithms that the caller allows, and by no other', () => {
  for (const alg of jwsAlgorithms) {
    const { privateJwk, publicJwk } = keyPairFor(alg)
    const claims = {
      uri,
      iat: 1_800_000_000,
      exp: 1_800_086_400,
      ttl: 2,
      bits: 1 as const,
      lst: deflateSync(Uint8Array.of(1)),
    }
    const input = writeStatusListInput(claims, kid, alg)
    const jwt = writeJws(input, signerFor(alg, privateJwk).sign(utf8(input)))
    expect(checkSignatures([readStatusListToken(jwt, { uri }).check(publicJwk)])).toEqual(['valid'])
    const others = jwsAlgorithms.filter((other) => other !== alg)
    expect(outcomeOf(() => readStatusListToken(jwt, { uri, algs: others }))).toBe('jws_alg_not_allowed')
  }
})

test('TSL-CWT a list in CBOR is refused by its media type, and also under the name of a JWT', () => {
  const tagged = Buffer.from('d2844a', 'hex').toString('latin1')
  const response = { status: 200, headers: { 'content-type': 'application/statuslist+cwt' }, body: tagged }
  expect(outcomeOf(() => readStatusListResponse(response))).toBe('content_type_unexpected')
  expect(outcomeOf(() => readStatusListToken(tagged, { uri }))).toBe('jws_malformed')
})

test('TSL-8.1-2 the list is asked for by its media type', () => {
  expect(statusListRequest(uri)).toEqual({
    method: 'GET',
    url: uri,
    headers: { accept: 'application/statuslist+jwt' },
  })
})

test('TSL-8.2-1 the answer is the compact token in its media type, and no other is read', () => {
  const response = writeStatusListResponse('a.b.c', 2.5)
  expect(response).toEqual({
    status: 200,
    headers: { 'content-type': 'application/statuslist+jwt', 'cache-control': 'max-age=2' },
    body: 'a.b.c',
  })
  expect(writeStatusListResponse('a.b.c').headers).not.toHaveProperty('cache-control')
  expect(readStatusListResponse(response)).toBe('a.b.c')
  for (const type of ['application/jwt', 'application/statuslist+cwt', 'text/plain']) {
    const other = { ...response, headers: { 'content-type': type } }
    expect(outcomeOf(() => readStatusListResponse(other))).toBe('content_type_unexpected')
  }
  expect(outcomeOf(() => readStatusListResponse({ ...response, status: 404 }))).toBe('message_malformed')
})
