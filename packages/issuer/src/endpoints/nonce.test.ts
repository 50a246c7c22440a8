import { nonceRequest, readNonceResponse } from '@facet-id/protocol/openid4vci'
import { macOf, random } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { NONCE, nonceFrom } from '../../test/wallet.ts'
import { world } from '../../test/world.ts'
import { isNonceFresh, makeNonce } from '../nonce.ts'

test('VCI-7-1, VCI-7.1-1, VCI-7.2-1, VCI-7.2-2 anybody gets a nonce, and no cache keeps it', async () => {
  const response = await world().send(nonceRequest(NONCE))
  expect(response.status).toBe(200)
  expect(response.headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-store' })
  expect(readNonceResponse(response).c_nonce).toMatch(/^[0-9]+\.[\w-]{22}\.[\w-]{43}$/)
})

test('VCI-7.1-1 what comes with the request is not looked at', async () => {
  const headers = { authorization: 'Bearer nobody', 'content-type': 'text/plain' }
  const response = await world().send({ ...nonceRequest(NONCE), headers, body: '{"c_nonce":"mine"}' })
  expect(response.status).toBe(200)
})

test('VCI-7.2-1 a thousand nonces of one second are all different, and the state is as before', async () => {
  const here = world()
  const nonces = await Promise.all(Array.from({ length: 1000 }, () => nonceFrom(here)))
  expect(new Set(nonces).size).toBe(1000)
  expect(await here.state.rests()).toEqual([])
})

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
