/** Whole answers to whole queries: sets, several credentials, authorities, no binding. */
import { authorizationResponseRequest, type DcqlQuery, readDcqlQuery } from '@facet-id/protocol/openid4vp'
import { expect, test } from 'vitest'
import { type Asked, ask, heldOn, personal, restingIn, type Stage, stage } from '../stage.test-support.ts'
import { type Held, issue, PERSON, party, present } from '../wallet.test-support.ts'

const OTHER = 'urn:facet:test:other'

function query(id: string, more: object = {}): object {
  const claims = [{ path: ['given_name'] }]
  return { id, format: 'dc+sd-jwt', meta: { vct_values: [PERSON] }, claims, ...more }
}

function asking(...credentials: readonly object[]): DcqlQuery {
  return readDcqlQuery(JSON.parse(JSON.stringify({ credentials })))
}

async function answered(on: Stage, request: Asked, vp_token: Readonly<Record<string, readonly string[]>>) {
  const { response_uri, state = '' } = request.object
  const response = await on.verifier.handle(authorizationResponseRequest(response_uri, { vp_token, state }))
  return { status: response.status, result: await on.verifier.result(request.transactionId) }
}

function shown(on: Stage, { object }: Asked, held: Held = heldOn(on)): string {
  return present(held, object, { at: on.time.now(), paths: [['given_name']] })
}

/** Good to look at, and revoked or not trusted: judged, and passed over. */
function untrusted(on: Stage, { object }: Asked): string {
  return shown(on, { object } as Asked, issue({ issuer: party(), issuedAt: on.time.now() }))
}

const eitherOr = readDcqlQuery(
  JSON.parse(
    JSON.stringify({
      credentials: [query('a'), query('b'), query('c')],
      credential_sets: [{ options: [['a', 'b'], ['c']] }, { options: [['b']], required: false }],
    }),
  ),
)

test('VP-8.6-3, VP-6.4.2-2 one option of a set in full is enough, and half of another is not', async () => {
  const on = stage()
  const whole = await ask(on, eitherOr)
  expect((await answered(on, whole, { c: [shown(on, whole)] })).result).toMatchObject({
    outcome: 'verified',
    reports: { c: { verified: true, shown: { given_name: 'Anna Maria' } } },
  })
  const half = await ask(on, eitherOr)
  expect(await answered(on, half, { a: [shown(on, half)] })).toEqual({
    status: 400,
    result: { outcome: 'pending' },
  })
})

test('VP-8.6-3, VP-14.11-1 what counts for no set was not asked for, and nothing of it is kept', async () => {
  const on = stage()
  const request = await ask(on, eitherOr)
  const { result } = await answered(on, request, { a: [shown(on, request)], c: [shown(on, request)] })
  expect(result).toMatchObject({
    outcome: 'verified',
    reports: { c: { shown: { given_name: 'Anna Maria' } } },
  })
  expect(JSON.stringify(result)).toContain('"a":{"verified":true,"verdicts"')
  expect(JSON.stringify(result).match(/"shown"/g)).toHaveLength(1)
})

test('VP-8.6-2, VP-8.6-3 a presentation that does not pass is passed over where the others are enough', async () => {
  const on = stage()
  const request = await ask(on, eitherOr)
  const { status, result } = await answered(on, request, {
    a: [shown(on, request)],
    b: [untrusted(on, request)],
    c: [shown(on, request)],
  })
  expect(status).toBe(200)
  expect(result).toMatchObject({
    outcome: 'verified',
    reports: { b: { verified: false, verdicts: { proof: 'pass', trust: 'fail' } }, c: { verified: true } },
  })
})

test('VP-8.6-3 where they are not enough nothing is kept of any', async () => {
  const on = stage()
  const request = await ask(on, asking(query('a'), query('b')))
  const { status, result } = await answered(on, request, {
    a: [shown(on, request)],
    b: [untrusted(on, request)],
  })
  expect([status, result.outcome]).toEqual([400, 'refused'])
  const text = JSON.stringify(result) + (await restingIn(on))
  expect(personal.filter((value) => text.includes(value))).toEqual([])
})

test('VP-8.1-2, VP-6.1-3 several presentations answer a query that asks for several, each judged by itself', async () => {
  const on = stage()
  const request = await ask(on, asking(query('many', { multiple: true })))
  const { result } = await answered(on, request, {
    many: [untrusted(on, request), shown(on, request), shown(on, request)],
  })
  expect(result).toMatchObject({
    outcome: 'verified',
    reports: {
      many: {
        verified: true,
        shown: { given_name: 'Anna Maria' },
        others: [{ verified: true, shown: { given_name: 'Anna Maria' } }, { verified: false }],
      },
    },
  })
  const one = await ask(on, asking(query('one')))
  expect(await answered(on, one, { one: [shown(on, one), shown(on, one)] })).toEqual({
    status: 400,
    result: { outcome: 'pending' },
  })
})

test('VP-6.4.1-3 the first claim set that was shown answers, and no claim of another is kept', async () => {
  const on = stage()
  const claims = [
    { id: 'g', path: ['given_name'] },
    { id: 'f', path: ['family_name'] },
  ]
  const request = await ask(on, asking(query('a', { claims, claim_sets: [['f'], ['g']] })))
  const both = present(heldOn(on), request.object, {
    at: on.time.now(),
    paths: [['given_name'], ['family_name']],
  })
  expect((await answered(on, request, { a: [both] })).result).toMatchObject({
    outcome: 'verified',
    reports: { a: { shown: { family_name: 'Eriksson' } } },
  })
  expect(await restingIn(on)).not.toContain('Anna Maria')
})

test('VP-6.1-1, VP-8.6-2 where no binding is needed a credential without one is taken, and a wrong one is not', async () => {
  const on = stage()
  const waived = asking(query('a', { require_cryptographic_holder_binding: false }))
  const bare = await ask(on, waived)
  const withoutBinding = shown(on, bare).replace(/[^~]+$/, '')
  expect((await answered(on, bare, { a: [withoutBinding] })).result).toMatchObject({ outcome: 'verified' })
  const bound = await ask(on, waived)
  const wrong = present(heldOn(on), bound.object, {
    at: on.time.now(),
    nonce: 'another',
    paths: [['given_name']],
  })
  expect(await answered(on, bound, { a: [wrong] })).toEqual({ status: 400, result: { outcome: 'pending' } })
})

test('VP-5.3-1 without binding nothing but the state of 128 bits says which request is answered, so an answer with another is none', async () => {
  const on = stage()
  const waived = asking(query('a', { require_cryptographic_holder_binding: false }))
  const [one, other] = [await ask(on, waived), await ask(on, waived)]
  const bare = shown(on, one).replace(/[^~]+$/, '')
  for (const { object } of [one, other]) expect(object.state).toMatch(/^[A-Za-z0-9_-]{22,}$/)
  expect(one.object.state).not.toBe(other.object.state)
  const before = await restingIn(on)
  for (const state of [other.object.state ?? '', '', `${one.object.state}x`]) {
    const answer = { vp_token: { a: [bare] }, ...(state === '' ? {} : { state }) }
    const response = await on.verifier.handle(authorizationResponseRequest(one.object.response_uri, answer))
    expect(response.status).toBeGreaterThanOrEqual(400)
  }
  expect(await restingIn(on)).toBe(before)
  for (const { transactionId } of [one, other])
    expect(await on.verifier.result(transactionId)).toEqual({ outcome: 'pending' })
  expect((await answered(on, one, { a: [bare] })).result).toMatchObject({ outcome: 'verified' })
})

test('HAIP-5-5, VP-6.1.1-6 a query for authorities is held against what was proven, and an unknown one is not met', async () => {
  const on = stage()
  const asked = (type: string, values: readonly string[]) =>
    asking(query('a', { trusted_authorities: [{ type, values }] }))
  const did = await ask(on, asked('urn:facet:trusted-authority:did', [on.issuer.did]))
  expect((await answered(on, did, { a: [shown(on, did)] })).result).toMatchObject({ outcome: 'verified' })
  for (const type of ['aki', 'etsi_tl', 'openid_federation', 'other']) {
    const request = await ask(on, asked(type, ['x']))
    expect((await answered(on, request, { a: [shown(on, request)] })).result).toMatchObject({
      outcome: 'refused',
      reports: { a: { verdicts: { proof: 'pass', trust: 'pass', policy: 'fail' } } },
    })
  }
})

test('VP-8.6-2 a credential of a type that was not asked for answers nothing', async () => {
  const on = stage()
  const request = await ask(on, asking(query('a', { meta: { vct_values: [OTHER] } })))
  expect((await answered(on, request, { a: [shown(on, request)] })).result).toMatchObject({
    outcome: 'refused',
    reports: { a: { verdicts: { policy: 'fail' } } },
  })
})
