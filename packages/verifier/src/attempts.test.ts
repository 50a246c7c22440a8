import { expect, test } from 'vitest'
import {
  type Asked,
  answer,
  ask,
  heldOn,
  personal,
  restingIn,
  type Stage,
  stage,
} from './stage.test-support.ts'
import { forge, issue, party, present, type Showing } from './wallet.test-support.ts'

const why = 'The certificate leads to no authority that is trusted here.'

function strangersStage(): Stage {
  return stage({
    ports: () => ({ issuerKeyOf: () => ({ refused: why }) }),
    settings: { issuerKeys: { taken: ['did', 'x5c'] } },
  })
}

/** Of an issuer that nothing proves. */
function strangers({ issuer, time }: Stage, { object }: Asked, showing: Showing = {}): string {
  const held = forge(
    { issuer, issuedAt: time.now() - 3600, claims: { iss: 'https://issuer.example' } },
    { x5c: ['MAA='] },
  )
  return present(held, object, { at: time.now(), ...showing })
}

test('VRF-13 of an issuer that is not proven the operator reads why, and the request waits on', async () => {
  const on = strangersStage()
  const request = await ask(on)
  const response = await answer(on, request, [strangers(on, request)])
  expect([response.status, JSON.parse(response.body).error_description]).toEqual([400, why])
  expect(await on.verifier.result(request.transactionId)).toEqual({
    outcome: 'pending',
    attempts: [
      {
        at: on.time.now(),
        reasons: [{ queryId: 'person', code: 'issuer_key', reason: 'issuer_key_refused', text: why }],
      },
    ],
  })
  const resting = await restingIn(on)
  for (const value of personal.filter((text) => !text.startsWith('"'))) expect(resting).not.toContain(value)
  const honest = present(heldOn(on), request.object, { at: on.time.now() })
  expect((await answer(on, request, [honest])).status).toBe(200)
  const result = await on.verifier.result(request.transactionId)
  expect(result).toMatchObject({ outcome: 'verified' })
  expect(result).not.toHaveProperty('attempts')
})

test.each<[string, object, string]>([
  ['is good in itself', {}, 'not_trusted'],
  ['has expired', { issuedAt: 1000, claims: { exp: 2000 } }, 'expired'],
  ['is of a type that was not asked for', { claims: { vct: 'urn:other' } }, 'type_not_expected'],
])(
  'VRF-13, ATK-36 a self-made credential of an issuer that is not believed settles nothing, also where it %s',
  async (_, changes, reason) => {
    const on = stage()
    const request = await ask(on)
    const held = issue({ issuer: party(), issuedAt: on.time.now() - 3600, ...changes })
    const selfMade = present(held, request.object, { at: on.time.now() })
    expect((await answer(on, request, [selfMade])).status).toBe(400)
    expect(await on.verifier.result(request.transactionId)).toMatchObject({
      outcome: 'pending',
      attempts: [{ reasons: [{ queryId: 'person', reason }] }],
    })
    const honest = present(heldOn(on), request.object, { at: on.time.now() })
    expect((await answer(on, request, [honest])).status).toBe(200)
    expect(await on.verifier.result(request.transactionId)).toMatchObject({ outcome: 'verified' })
  },
)

test('VRF-13 what an issuer that is believed signed settles the request, also where it has expired', async () => {
  const on = stage()
  const request = await ask(on)
  const held = issue({ issuer: on.issuer, issuedAt: 1000, claims: { exp: 2000 } })
  await answer(on, request, [present(held, request.object, { at: on.time.now() })])
  expect(await on.verifier.result(request.transactionId)).toMatchObject({ outcome: 'refused' })
})

const others: readonly [what: string, showing: Showing][] = [
  ['another nonce', { nonce: 'another' }],
  ['another verifier', { audience: 'x509_hash:another' }],
  ['other claims', { binding: { claims: { sd_hash: 'another' } } }],
  ['the key of somebody else', { signer: party().key }],
]

test.each(others)('VRF-13 what was signed for, or with, %s leaves no trace', async (_, showing) => {
  const on = strangersStage()
  const request = await ask(on)
  const before = await restingIn(on)
  expect((await answer(on, request, [strangers(on, request, showing)])).status).toBe(400)
  expect((await answer(on, request, [strangers(on, request).replace(/[^~]+$/, '')])).status).toBe(400)
  expect(await restingIn(on)).toBe(before)
})

test('VRF-13 of many no more than the first four are kept, none longer than its request', async () => {
  const on = strangersStage()
  const request = await ask(on)
  const began = on.time.now()
  for (let sent = 0; sent < 6; sent++) {
    await answer(on, request, [strangers(on, request)])
    on.time.advance(1)
  }
  const result = await on.verifier.result(request.transactionId)
  expect('attempts' in result ? result.attempts?.map(({ at }) => at - began) : []).toEqual([0, 1, 2, 3])
  on.time.advance(300)
  expect(await on.verifier.result(request.transactionId)).toEqual({ outcome: 'expired' })
  await on.store.sweep(100)
  expect(await restingIn(on)).not.toContain(why)
})

test('VRF-13 many that come at once do not keep the answer away that counts', async () => {
  const on = strangersStage()
  const request = await ask(on)
  const honest = present(heldOn(on), request.object, { at: on.time.now() })
  const sent = Array.from({ length: 9 }, () => strangers(on, request))
  const answers = await Promise.all([...sent, honest].map((one) => answer(on, request, [one])))
  expect(answers.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(1)
  expect(await on.verifier.result(request.transactionId)).toMatchObject({ outcome: 'verified' })
})
