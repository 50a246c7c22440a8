/** On the same device: nothing of an answer is told before the browser that asked is back. */
import { authorizationResponseRequest, readDirectPostAnswer } from '@facet-id/protocol/openid4vp'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import type { RequestOptions } from './asking/request-options.ts'
import {
  type Asked,
  answer,
  heldOn,
  personal,
  personQuery,
  restingIn,
  type Stage,
  stage,
} from './stage.test-support.ts'
import { fetchRequest, forge, present } from './wallet.test-support.ts'

const session = 'the session of the browser that asked'
const returnTo = 'https://platform.example/back?at=checkout'

async function askAtHome(on: Stage): Promise<Asked> {
  const made = await on.verifier.request(personQuery, { sameDevice: { session, returnTo } })
  const object = await fetchRequest(on.verifier.handle, made.link)
  return { ...made, object, requestId: object.state ?? '' }
}

/** The code in the address that the wallet opens. */
async function answered(on: Stage, request: Asked): Promise<string> {
  const presentation = present(heldOn(on), request.object, { at: on.time.now() })
  return codeIn(readDirectPostAnswer(await answer(on, request, [presentation])).redirect_uri)
}

function codeIn(redirect_uri = ''): string {
  expect(redirect_uri).toMatch(/^https:\/\/platform\.example\/back\?at=checkout&response_code=[\w-]{43}$/)
  return new URL(redirect_uri).searchParams.get('response_code') ?? ''
}

test('VP-14.3-1, VP-8.2-6, HAIP-5.1-4, HAIP-5.1-5, VRF-4 a result is told when the browser that asked brings the code, and not before', async () => {
  const on = stage()
  const request = await askAtHome(on)
  const responseCode = await answered(on, request)
  expect(await on.verifier.result(request.transactionId)).toEqual({ outcome: 'awaiting_return' })
  const result = await on.verifier.returned({ responseCode, session })
  expect(result).toMatchObject({ outcome: 'verified', flow: 'same_device' })
  expect(await on.verifier.result(request.transactionId)).toEqual(result)
})

test('VP-14.3-1 each answer has a code of its own, which rests nowhere in the clear', async () => {
  const on = stage()
  const codes = [await answered(on, await askAtHome(on)), await answered(on, await askAtHome(on))]
  expect(new Set(codes).size).toBe(2)
  const resting = await restingIn(on)
  for (const secret of [...codes, session]) expect(resting).not.toContain(secret)
})

test('VP-14.3-1 a code is good once, also when it comes often at once', async () => {
  const on = stage()
  const responseCode = await answered(on, await askAtHome(on))
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, () => outcomeOf(() => on.verifier.returned({ responseCode, session }))),
  )
  expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(1)
  expect(outcomes.filter((outcome) => outcome === 'response_code_unknown')).toHaveLength(19)
})

test('HAIP-5.1-7, VRF-4 a code that comes home to another session refuses the answer for good, and its claims are gone', async () => {
  const on = stage()
  const request = await askAtHome(on)
  const responseCode = await answered(on, request)
  const elsewhere = { responseCode, session: 'the session of somebody else' }
  expect(await outcomeOf(() => on.verifier.returned(elsewhere))).toBe('session_mismatch')
  expect(await outcomeOf(() => on.verifier.returned({ responseCode, session }))).toBe('response_code_unknown')
  const result = await on.verifier.result(request.transactionId)
  expect(result).toMatchObject({ outcome: 'refused', reason: 'other_session', flow: 'same_device' })
  const text = `${JSON.stringify(result)} ${(await restingIn(on)).replaceAll(JSON.stringify(personQuery), '')}`
  expect(personal.filter((value) => text.includes(value))).toEqual([])
})

test('ATK-20, VRF-4 of a refused answer whoever started hears that it was refused, and nothing of why', async () => {
  const on = stage({ ports: () => ({ pause: async () => {} }) })
  on.world.status = { status: 1 }
  const request = await askAtHome(on)
  const response = await answer(on, request, [present(heldOn(on), request.object, { at: on.time.now() })])
  expect([response.status, JSON.parse(response.body).error_description]).toEqual([
    400,
    'The issuer has revoked the credential.',
  ])
  const refused = { outcome: 'refused', answeredAt: on.time.now(), reports: {}, flow: 'same_device' }
  expect(await on.verifier.result(request.transactionId)).toEqual(refused)
  for await (const told of on.verifier.watch(request.transactionId)) expect(told).toEqual(refused)
})

test('ATK-20, VRF-4 of an answer that changed nothing whoever started hears nothing', async () => {
  const on = stage({
    ports: () => ({ issuerKeyOf: () => ({ refused: 'Nobody knows it.' }) }),
    settings: { issuerKeys: { taken: ['did', 'x5c'] } },
  })
  const request = await askAtHome(on)
  const held = forge(
    { issuer: on.issuer, issuedAt: on.time.now() - 3600, claims: { iss: 'https://issuer.example' } },
    { x5c: ['MAA='] },
  )
  const response = await answer(on, request, [present(held, request.object, { at: on.time.now() })])
  expect([response.status, await restingIn(on)]).toEqual([400, expect.stringContaining('Nobody knows it.')])
  expect(await on.verifier.result(request.transactionId)).toEqual({ outcome: 'pending' })
})

test('HAIP-5.1-7 an answer whose browser never comes back is no result', async () => {
  const on = stage({ settings: { resultLifetime: 60 } })
  const request = await askAtHome(on)
  const responseCode = await answered(on, request)
  on.time.advance(60)
  expect(await on.verifier.result(request.transactionId)).toEqual({ outcome: 'expired' })
  expect(await outcomeOf(() => on.verifier.returned({ responseCode, session }))).toBe('response_code_unknown')
})

test('VP-14.3-1 a guessed code, an empty one and the id of the request bring nothing home', async () => {
  const on = stage()
  const request = await askAtHome(on)
  await answered(on, request)
  for (const responseCode of ['', 'x', request.requestId, request.transactionId, request.object.nonce]) {
    expect(await outcomeOf(() => on.verifier.returned({ responseCode, session }))).toBe(
      'response_code_unknown',
    )
  }
  expect(await on.verifier.result(request.transactionId)).toEqual({ outcome: 'awaiting_return' })
})

test('VP-8.2-4 a wallet that declines is sent home too, and that is told there', async () => {
  const on = stage()
  const request = await askAtHome(on)
  const { response_uri, state = '' } = request.object
  const response = await on.verifier.handle(
    authorizationResponseRequest(response_uri, { error: 'access_denied', state }),
  )
  const responseCode = codeIn(readDirectPostAnswer(response).redirect_uri)
  expect(await on.verifier.result(request.transactionId)).toEqual({ outcome: 'awaiting_return' })
  expect(await on.verifier.returned({ responseCode, session })).toMatchObject({ outcome: 'declined' })
})

test('VP-14.3-2, VRF-5 a result across devices says so, and no wallet is sent anywhere', async () => {
  const on = stage()
  const made = await on.verifier.request(personQuery)
  const object = await fetchRequest(on.verifier.handle, made.link)
  const presentation = present(heldOn(on), object, { at: on.time.now() })
  const response = await answer(on, { ...made, object, requestId: object.state ?? '' }, [presentation])
  expect(response.body).toBe('{}')
  expect(await on.verifier.result(made.transactionId)).toMatchObject({
    outcome: 'verified',
    flow: 'cross_device',
  })
})

test.each<[string, RequestOptions]>([
  ['a session that could be guessed', { sameDevice: { session: 'short', returnTo } }],
  ['an address that is none', { sameDevice: { session, returnTo: 'back' } }],
  ['plain http', { sameDevice: { session, returnTo: 'http://platform.example/back' } }],
  ['a fragment', { sameDevice: { session, returnTo: `${returnTo}#x` } }],
  ['a code already', { sameDevice: { session, returnTo: `${returnTo}&response_code=x` } }],
  [
    'a webhook, where none can be sent',
    { webhook: { url: 'https://platform.example/hook', reference: 'a' } },
  ],
])('VRF-4 a request with %s is not made, and nothing is kept', async (_, options) => {
  const on = stage()
  expect(await outcomeOf(() => on.verifier.request(personQuery, options))).toBe('request_unfit')
  expect(await restingIn(on)).toBe('')
})
