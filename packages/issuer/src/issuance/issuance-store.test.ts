import { keyPair } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import {
  askCredential,
  askToken,
  credentialsIn,
  nonceFrom,
  proofOf,
  tokenFor,
} from '../wallet.test-support.ts'
import { type World, world } from '../world.test-support.ts'

const planted = {
  given_name: 'planted given name',
  family_name: 'planted family name',
  nationalities: ['planted nationality'],
  address: { locality: 'planted locality', country: 'planted country' },
  age_equal_or_over: { '99': 'planted age' },
}

async function namespacesIn(here: World): Promise<readonly string[]> {
  return (await here.state.rests()).map(({ ns }) => ns)
}

async function allThatRests(here: World): Promise<string> {
  return JSON.stringify(await here.state.rests())
}

test('VCI-15.3-1, FCT-7 after an issuance nothing that rests knows the person, the wallet or the credential', async () => {
  const here = world()
  const made = await here.offer({ claims: planted })
  expect(await allThatRests(here)).toContain('planted')
  const token = await tokenFor(here, made)
  const nonce = await nonceFrom(here)
  const keys = [keyPair(), keyPair()]
  const proofs = keys.map((pair) => proofOf(pair, { nonce, issuedAt: here.time.now() }))
  const credentials = credentialsIn(await here.send(askCredential(token, proofs)))
  // For as long as the answer may have been lost, and no longer.
  expect(await namespacesIn(here)).toContain('issuer/hand-over')
  await here.issuer.revoke(made.issuanceId)

  expect([...new Set(await namespacesIn(here))]).toEqual([
    'issuer/grant-revoked',
    'issuer/issuance',
    'issuer/nonce-used',
    'issuer/revoked',
    'issuer/session',
    'issuer/status-list',
    'issuer/status-list-token',
  ])
  const rests = await allThatRests(here)
  const secrets = [
    'planted',
    token,
    nonce,
    made.txCode ?? 'none',
    ...keys.flatMap(({ publicJwk: { x, y } }) => [x, y]),
    ...credentials.flatMap((credential) => credential.split(/[.~]/).filter((part) => part.length > 40)),
  ]
  for (const secret of secrets) expect(rests).not.toContain(secret)
})

test('VCI-15.3-1 once redeemed, an offer is gone', async () => {
  const here = world()
  const made = await here.offer({ claims: planted })
  expect(await namespacesIn(here)).toEqual(['issuer/offer', 'issuer/standing'])
  await tokenFor(here, made)
  expect(await namespacesIn(here)).toEqual(['issuer/session', 'issuer/standing'])
})

test('VCI-15.3-1 once guessed at too often, an offer is gone, and what it said', async () => {
  const here = world()
  const made = await here.offer({ claims: planted })
  for (let tries = 0; tries < 5; tries++) await here.send(askToken(made, { tx_code: '' }))
  expect(await namespacesIn(here)).toEqual(['issuer/offer', 'issuer/standing'])
  const wrong = made.txCode === '000000' ? '111111' : '000000'
  for (let tries = 0; tries < 5; tries++) await here.send(askToken(made, { tx_code: wrong }))
  expect(await namespacesIn(here)).toEqual(['issuer/guessed'])
  expect(await allThatRests(here)).not.toContain('planted')
})

test('VCI-15.3-1 what nobody fetched is gone when its time is over, and the store may forget it', async () => {
  const here = world()
  await here.offer({ claims: planted })
  await tokenFor(here, await here.offer({ claims: planted }))
  here.time.advance(300)
  expect(await namespacesIn(here)).toEqual(['issuer/offer', 'issuer/standing', 'issuer/standing'])
  here.time.advance(24 * 3600 + here.settings.tokenLifetime)
  expect(await here.state.rests()).toEqual([])
  expect(await here.state.store.sweep(100)).toBe(4)
})

test('FCT-7 keys of what rests are digests and numbers, since no seal covers them', async () => {
  const here = world()
  await here.offer({ claims: planted })
  const token = await tokenFor(here)
  const proof = proofOf(keyPair(), { nonce: await nonceFrom(here), issuedAt: here.time.now() })
  expect((await here.send(askCredential(token, [proof]))).status).toBe(200)
  for (const { key } of await here.state.rests()) expect(key).toMatch(/^(?:[\w-]{22}|[\w-]{43}|[0-9.]+)$/)
})
