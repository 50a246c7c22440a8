import { findDpopNonce } from '@facet-id/protocol/oauth/dpop'
import { nonceRequest, readNonceResponse } from '@facet-id/protocol/openid4vci'
import { expect, test } from 'vitest'
import { defaultSettings } from '../settings.ts'
import { NONCE, nonceFrom } from '../wallet.test-support.ts'
import { world } from '../world.test-support.ts'

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

test('VCI-7.2-3 where tokens are bound to keys, a nonce for the next DPoP proof comes along', async () => {
  const authorization = { ...defaultSettings.authorization, dpop: 'required' } as const
  const bound = await world({ settings: { authorization } }).send(nonceRequest(NONCE))
  expect(findDpopNonce(bound)).toBeTypeOf('string')
  expect(findDpopNonce(bound)).not.toBe(readNonceResponse(bound).c_nonce)
  expect(findDpopNonce(await world().send(nonceRequest(NONCE)))).toBeUndefined()
})
