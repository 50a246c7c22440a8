import { hash, outcomeOf, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import type { JsonObject, JsonValue } from '../json.ts'
import { writeDisclosure } from './disclosure.ts'
import { openSdJwt } from './open.ts'

for (const { requirement, comment, input, expect: expected } of vectors(
  new URL('../../vectors/sd-jwt/open/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, () => {
    const { payload, disclosures } = input as { payload: JsonObject; disclosures: string[] }
    expect(outcomeOf(() => openSdJwt(payload, disclosures, hash))).toBe(expected)
  })
}

function disclose(name: string | undefined, value: JsonValue) {
  const encoded = writeDisclosure({ salt: `salt of ${name}`, value, ...(name === undefined ? {} : { name }) })
  return { encoded, digest: hash('sha-256', encoded) }
}

const locality = disclose('locality', 'Utopolis')
const street = disclose('street_address', 'Musterweg 1')
const address = disclose('address', { country: 'UTO', _sd: [street.digest, locality.digest, 'decoy-1'] })
const uto = disclose(undefined, 'UTO')
const xx = disclose(undefined, { code: 'XX', _sd: [] })
const payload = {
  iss: 'did:example:issuer',
  _sd: ['decoy-2', address.digest],
  nationalities: [{ '...': 'decoy-3' }, { '...': uto.digest }, 'XXA', { '...': xx.digest }],
  place: { _sd: ['decoy-4'] },
  others: [{ '...': 'decoy-5' }],
  _sd_alg: 'sha-256',
}
const all = [locality, uto, street, address, xx].map(({ encoded }) => encoded)

test('SDJ-7.1-6, SDJ-7.1-11, SDJ-7.1-12 puts claims beside their digests, elements in their places, at any depth', () => {
  const { claims, disclosed, sdAlg } = openSdJwt(payload, all, hash)
  expect(claims).toEqual({
    iss: 'did:example:issuer',
    address: { country: 'UTO', locality: 'Utopolis', street_address: 'Musterweg 1' },
    nationalities: ['UTO', 'XXA', { code: 'XX' }],
    place: {},
    others: [],
  })
  expect(disclosed).toEqual([
    { encoded: locality.encoded, at: ['address', 'locality'], ancestors: [address.encoded] },
    { encoded: uto.encoded, at: ['nationalities', 0], ancestors: [] },
    { encoded: street.encoded, at: ['address', 'street_address'], ancestors: [address.encoded] },
    { encoded: address.encoded, at: ['address'], ancestors: [] },
    { encoded: xx.encoded, at: ['nationalities', 2], ancestors: [] },
  ])
  expect(sdAlg).toBe('sha-256')
})

test('SDJ-7.1-7, SDJ-4.2.5-1 passes over digests of decoys and of withheld claims', () => {
  expect(openSdJwt(payload, [xx.encoded], hash).claims).toEqual({
    iss: 'did:example:issuer',
    nationalities: ['XXA', { code: 'XX' }],
    place: {},
    others: [],
  })
})

test('SDJ-7.1-12 takes _sd, _sd_alg and placeholders out and leaves an emptied object', () => {
  expect(openSdJwt({ _sd_alg: 'sha-384', _sd: [], child: { _sd: ['a'] } }, [], hash)).toEqual({
    claims: { child: {} },
    disclosed: [],
    sdAlg: 'sha-384',
    undisclosed: 1,
  })
})

test('SDJ-4.1.1-1, SDJ-4.1.1-2 hashes with sha-256 unless _sd_alg names another', () => {
  const given = disclose('given_name', 'Specimen')
  for (const alg of ['sha-256', 'sha-384', 'sha-512'] as const) {
    const digest = hash(alg, given.encoded)
    expect(openSdJwt({ _sd: [digest], _sd_alg: alg }, [given.encoded], hash).claims).toEqual({
      given_name: 'Specimen',
    })
  }
  expect(openSdJwt({ _sd: [given.digest] }, [given.encoded], hash).claims).toEqual({ given_name: 'Specimen' })
})

test('SDJ-9.2-1 never takes a claim out of a disclosure whose digest the issuer did not sign', () => {
  const forged = disclose('given_name', 'Forged')
  expect(outcomeOf(() => openSdJwt(payload, [forged.encoded], hash))).toBe('disclosure_unreferenced')
})

test('SDJ-7.1-16 keeps names of the prototype as data', () => {
  const proto = disclose('__proto__', { isAdmin: true })
  const builder = disclose('constructor', 'c')
  const plain: JsonObject = JSON.parse('{"toString":1,"a":{"__proto__":{"isAdmin":true}}}')
  const { claims, disclosed } = openSdJwt(
    { ...plain, _sd: [proto.digest, builder.digest] },
    [proto.encoded, builder.encoded],
    hash,
  )
  expect(Object.keys(claims)).toEqual(['toString', 'a', '__proto__', 'constructor'])
  expect(Object.getPrototypeOf(claims)).toBe(Object.prototype)
  expect(Object.getPrototypeOf(claims.a)).toBe(Object.prototype)
  expect(Object.hasOwn(Object(claims.a), '__proto__')).toBe(true)
  expect(Object({}).isAdmin).toBeUndefined()
  expect(disclosed.map(({ at }) => at)).toEqual([['__proto__'], ['constructor']])
})

test('SDJ-7.1-10 takes a disclosed name that only the prototype has', () => {
  const given = disclose('toString', 'text')
  expect(openSdJwt({ _sd: [given.digest] }, [given.encoded], hash).claims.toString).toBe('text')
})

test('an opened SD-JWT is plain data that can be kept', () => {
  const opened = openSdJwt(payload, all, hash)
  expect(JSON.parse(JSON.stringify(opened))).toEqual(opened)
})

test('SDJ-7.1-6 hashes each disclosure once', () => {
  let hashed = 0
  const counting: typeof hash = (alg, ascii) => {
    hashed++
    return hash(alg, ascii)
  }
  const claims = Array.from({ length: 500 }, (_, i) => disclose(`claim_${i}`, i))
  openSdJwt(
    { _sd: claims.map(({ digest }) => digest) },
    claims.map(({ encoded }) => encoded),
    counting,
  )
  expect(hashed).toBe(500)
})
