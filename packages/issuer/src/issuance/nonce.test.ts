import { keyPair, macOf, random } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { askCredential, credentialsIn, nonceFrom, proofOf, ready, refusalIn } from '../wallet.test-support.ts'
import { world } from '../world.test-support.ts'
import { isNonceFresh, makeNonce } from './nonce.ts'

const holder = keyPair()

const mac = macOf(random(32))
const now = 1_800_000_000
const nonce = makeNonce(now, random, mac)
const fresh = (text: string, at = now): boolean => isNonceFresh(text, at, { mac, lifetime: 300 })

test('VCI-F.1-12 a nonce is believed for its lifetime, and a little early for clocks that are behind', () => {
  expect([-31, -30, 0, 300, 301].map((after) => fresh(nonce, now + after))).toEqual([
    false,
    true,
    true,
    true,
    false,
  ])
})

test('VCI-7.2-1 a nonce of another key, or with any character changed, is none of ours', () => {
  expect(fresh(makeNonce(now, random, macOf(random(32))))).toBe(false)
  for (let at = 0; at < nonce.length; at++) {
    for (const other of ['A', '0', '.', '-', 'é']) {
      const changed = nonce.slice(0, at) + other + nonce.slice(at + 1)
      if (changed !== nonce) expect(fresh(changed)).toBe(false)
    }
  }
  expect(
    [`${nonce} `, ` ${nonce}`, `${nonce}\n`, nonce.slice(0, -1), '', '..'].some((text) => fresh(text)),
  ).toBe(false)
})

test('VCI-7.2-1 a keyed digest that was made for something else is no nonce', () => {
  const [madeAt, salt] = nonce.split('.')
  expect(fresh(`${madeAt}.${salt}.${mac(`${madeAt}.${salt}`)}`)).toBe(false)
  expect(fresh(`${madeAt}.${salt}.${mac(`tx_code.${madeAt}.${salt}`)}`)).toBe(false)
})

test('VCI-8.3.1-7, VCI-F.1-9 a stale nonce is refused, and with a new one the same token serves', async () => {
  const here = world({ settings: { nonceLifetime: 60 } })
  const stale = await nonceFrom(here)
  here.time.advance(61)
  const right = await ready(here)
  const late = [proofOf(holder, { nonce: stale, issuedAt: here.time.now() })]
  expect(refusalIn(await here.send(askCredential(right.token, late)))).toBe('400 invalid_nonce')
  expect(credentialsIn(await here.send(right.request))).toHaveLength(2)
})

test('VCI-8.3.1-7, VCI-F.1-9 a nonce of somebody else is refused', async () => {
  const here = world()
  const right = await ready(here)
  const theirs = makeNonce(here.time.now(), here.ports.random, (ascii) => here.ports.hash('sha-256', ascii))
  for (const nonce of [theirs, 'x', `${right.nonce}x`, '1800000000..']) {
    const proof = proofOf(holder, { nonce, issuedAt: here.time.now() })
    expect(refusalIn(await here.send(askCredential(right.token, [proof])))).toBe('400 invalid_nonce')
  }
  expect((await here.send(right.request)).status).toBe(200)
})

test('VCI-8.3.1-7 a nonce serves one request, also with another token', async () => {
  const here = world()
  const first = await ready(here)
  expect((await here.send(first.request)).status).toBe(200)
  const second = await ready(here)
  const allotted = here.state.allotted()
  const replay = proofOf(keyPair(), { nonce: first.nonce, issuedAt: here.time.now() })
  for (const proofs of [first.proofs, [replay]]) {
    expect(refusalIn(await here.send(askCredential(second.token, proofs)))).toBe('400 invalid_nonce')
  }
  expect(here.state.allotted()).toBe(allotted)
  expect((await here.send(second.request)).status).toBe(200)
})

test('VCI-8.3.1-7 a used nonce is remembered for as long as it could be believed, and then forgotten', async () => {
  const here = world({ settings: { nonceLifetime: 60 } })
  const first = await ready(here)
  await here.send(first.request)
  here.time.advance(60)
  const second = await ready(here)
  const proof = proofOf(keyPair(), { nonce: first.nonce, issuedAt: here.time.now() })
  expect(refusalIn(await here.send(askCredential(second.token, [proof])))).toBe('400 invalid_nonce')
  here.time.advance(60)
  expect((await here.state.rests()).map(({ ns }) => ns)).not.toContain('issuer/nonce-used')
})

test('VCI-13.8-1 after invalid_nonce the wallet gets a nonce, signs again, and is served', async () => {
  const here = world({ settings: { nonceLifetime: 60 } })
  const { token, request } = await ready(here)
  here.time.advance(100)
  expect(refusalIn(await here.send(request))).toBe('400 invalid_nonce')
  const proof = proofOf(holder, { nonce: await nonceFrom(here), issuedAt: here.time.now() })
  expect((await here.send(askCredential(token, [proof]))).status).toBe(200)
})
