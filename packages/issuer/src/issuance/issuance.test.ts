import { bareJwk } from '@facet-id/credential/jose'
import { readJsonObject, sameJson } from '@facet-id/credential/json'
import { openStoredSdJwt, readDisclosure, splitSdJwt } from '@facet-id/credential/sd-jwt'
import { hash, keyPair, seededRandom } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import {
  askCredential,
  credentialsIn,
  issue,
  nonceFrom,
  proofOf,
  tokenFor,
  verified,
} from '../wallet.test-support.ts'
import { type World, world } from '../world.test-support.ts'
import { roundedToDay, shuffled } from './issuance.ts'

const COPIES = 10

/** All that somebody sees who holds the whole of a copy. */
function traitsOf(compact: string) {
  const { jwt, disclosures } = splitSdJwt(compact)
  const [header, payload = '', signature] = jwt.split('.')
  const { iat, exp, cnf, status } = readJsonObject(Buffer.from(payload, 'base64url').toString())
  const digests = disclosures.map((disclosure) => hash('sha-256', disclosure))
  const salts = disclosures.map((disclosure) => readDisclosure(disclosure).salt)
  return { header, payload, signature, iat, exp, cnf, status, digests, salts }
}

function allDifferent(values: readonly unknown[]): boolean {
  return new Set(values.map((value) => JSON.stringify(value))).size === values.length
}

test('VCI-3.3.2-2, VCI-15.4-1, SDJ-10.1-1 copies share no salt, digest, key, status entry or signature', async () => {
  const copies = (await issue(world(), COPIES)).credentials.map(traitsOf)
  expect(copies).toHaveLength(COPIES)
  expect(allDifferent(copies.flatMap(({ salts }) => salts))).toBe(true)
  expect(copies.flatMap(({ salts }) => salts)).toHaveLength(COPIES * 10)
  expect(allDifferent(copies.flatMap(({ digests }) => digests))).toBe(true)
  expect(allDifferent(copies.map(({ cnf }) => cnf))).toBe(true)
  expect(allDifferent(copies.map(({ status }) => status))).toBe(true)
  expect(allDifferent(copies.map(({ signature }) => signature))).toBe(true)
})

test('VCI-15.4-1, SDJ-10.1-1 copies share their times, which are those of everybody who came that day', async () => {
  const here = world()
  const morning = roundedToDay(here.time.now())
  const early = await issue(here)
  here.time.advance(3600)
  const late = await issue(here)
  const times = [...early.credentials, ...late.credentials].map(traitsOf)
  for (const { iat, exp } of times) {
    expect(iat).toBe(morning)
    expect(exp).toBe(morning + 365 * 24 * 3600)
  }
  expect(morning % 86_400).toBe(0)
  here.time.advance(86_400)
  const [next] = (await issue(here)).credentials.map(traitsOf)
  expect(next?.iat).toBe(morning + 86_400)
})

test('VCI-15.4-1 copies differ in length by nothing but what an entry of their list has in digits', async () => {
  const { credentials } = await issue(world(), COPIES)
  const lengths = credentials.map((credential) => credential.length)
  expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(8)
})

test('VCI-15.4-1 the digests of each copy stand in an order of their own', async () => {
  const { credentials } = await issue(world(), COPIES)
  const orders = credentials.map((credential) => {
    const { jwt, disclosures } = splitSdJwt(credential)
    const { _sd } = readJsonObject(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString())
    const names = new Map(disclosures.map((one) => [hash('sha-256', one), readDisclosure(one).name]))
    return Array.isArray(_sd) ? _sd.map((digest) => names.get(String(digest))).join() : ''
  })
  expect(new Set(orders).size).toBeGreaterThan(5)
})

async function placesOfProofs(here: World, copies: number): Promise<readonly number[]> {
  const token = await tokenFor(here)
  const nonce = await nonceFrom(here)
  const keys = Array.from({ length: copies }, keyPair)
  const proofs = keys.map((pair) => proofOf(pair, { nonce, issuedAt: here.time.now() }))
  const credentials = credentialsIn(await here.send(askCredential(token, proofs)))
  const bound = credentials.map((credential) => JSON.stringify(traitsOf(credential).cnf))
  return keys.map(({ publicJwk }) => bound.indexOf(JSON.stringify({ jwk: bareJwk(publicJwk) })))
}

test('VCI-15.4-1 the order of the copies is not the order of the proofs', async () => {
  const here = world({ ports: { random: seededRandom('order of copies') } })
  const times = new Map<string, number>()
  for (let round = 0; round < 60; round++) {
    const order = (await placesOfProofs(here, 3)).join('')
    times.set(order, (times.get(order) ?? 0) + 1)
  }
  // Each of the six orders is expected ten times.
  expect([...times.keys()].sort()).toEqual(['012', '021', '102', '120', '201', '210'])
  expect(Math.max(...times.values())).toBeLessThan(22)
})

test('every order of four is as likely as any other', () => {
  const random = seededRandom('shuffle')
  const times = new Map<string, number>()
  for (let round = 0; round < 4800; round++) {
    const order = shuffled([0, 1, 2, 3], random).join('')
    times.set(order, (times.get(order) ?? 0) + 1)
  }
  expect(times.size).toBe(24)
  for (const seen of times.values()) expect(Math.abs(seen - 200)).toBeLessThan(70)
})

test('the wallet finds the copy of a key by what the copy says', async () => {
  const here = world()
  const { credentials } = await issue(here, 3)
  for (const credential of credentials) {
    const { holderKey } = await verified(here, credential)
    expect(traitsOf(credential).cnf).toEqual({ jwk: holderKey })
  }
})

test('claims come out as they went in, of whatever kind they are', async () => {
  const odd = {
    given_name: 'Ægir "Ö" \\ \u{1F600} \u0000',
    family_name: '',
    nationalities: [[], {}, null, [['UTO'], { x: [1] }]],
    address: { locality: { '': 0, constructor: -0.5, '18': [true] }, country: null },
    age_equal_or_over: readJsonObject('{"__proto__":{"polluted":true},"18":false}'),
  }
  const here = world()
  const made = await here.offer({ claims: odd })
  const token = await tokenFor(here, made)
  const proof = proofOf(keyPair(), { nonce: await nonceFrom(here), issuedAt: here.time.now() })
  const [credential = ''] = credentialsIn(await here.send(askCredential(token, [proof])))
  const { claims } = openStoredSdJwt(credential, hash).opened
  for (const [name, value] of Object.entries(odd)) expect(sameJson(claims[name], value)).toBe(true)
})
