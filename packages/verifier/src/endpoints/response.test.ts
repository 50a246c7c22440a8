/** What a wallet posts: read before anything is judged, and counted once. */
import { utf8 } from '@facet-id/credential/base64url'
import { authorizationResponseRequest, readDcqlQuery } from '@facet-id/protocol/openid4vp'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { encryptionKeyPair, jweOpenerOf, sealJwe } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import {
  type Asked,
  answer,
  ask,
  BASE_URL,
  heldOn,
  personal,
  personQuery,
  restingIn,
  type Stage,
  stage,
} from '../stage.test-support.ts'
import { issue, PERSON, party, present } from '../wallet.test-support.ts'

/** What an honest wallet presents. */
function presentationFor(on: Stage, { object }: Asked): string {
  return present(heldOn(on), object, { at: on.time.now() })
}

function posted(on: Stage, { object }: Asked, form: Readonly<Record<string, string>>): Promise<WireResponse> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const body = new URLSearchParams(form).toString()
  return on.verifier.handle({ method: 'POST', url: object.response_uri, headers, body })
}

function told({ status, body }: WireResponse): unknown {
  return [status, JSON.parse(body).error]
}

/** Nothing was settled, and an honest answer is still taken. */
async function expectUnspoilt(on: Stage, request: Asked): Promise<void> {
  expect(await on.verifier.result(request.transactionId)).toEqual({ outcome: 'pending' })
  expect((await answer(on, request, [presentationFor(on, request)])).status).toBe(200)
  expect(await on.verifier.result(request.transactionId)).toMatchObject({ outcome: 'verified' })
}

test('VP-8.2-4 answers 200 and an empty object, for no cache to keep, when the presentation is verified', async () => {
  const on = stage()
  const request = await ask(on)
  expect(await answer(on, request, [presentationFor(on, request)])).toEqual({
    status: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: '{}',
  })
})

test.each(['access_denied', 'invalid_request', 'wallet_unavailable', 'an_error_of_tomorrow'])(
  'VP-8.2-4 answers 200 to the error %s, and the result says that the wallet declined',
  async (error) => {
    const on = stage()
    const request = await ask(on)
    const { response_uri, state = '' } = request.object
    const response = await on.verifier.handle(authorizationResponseRequest(response_uri, { error, state }))
    expect([response.status, response.body]).toEqual([200, '{}'])
    expect(await on.verifier.result(request.transactionId)).toEqual({
      outcome: 'declined',
      answeredAt: on.time.now(),
      error,
      flow: 'cross_device',
    })
    expect(told(await answer(on, request, [presentationFor(on, request)]))).toEqual([400, 'invalid_request'])
  },
)

test('VP-8.1-5 ignores parameters of other texts, and unknown ones', async () => {
  const on = stage()
  const request = await ask(on)
  const response = await posted(on, request, {
    vp_token: JSON.stringify({ person: [presentationFor(on, request)] }),
    state: request.requestId,
    code: 'x',
    id_token: 'x',
    iss: 'https://wallet.example',
    presentation_submission: '{}',
    error_description: 'x',
  })
  expect(response.status).toBe(200)
  expect(await on.verifier.result(request.transactionId)).toMatchObject({ outcome: 'verified' })
})

const states: readonly [what: string, state: (other: Asked) => Readonly<Record<string, string>>][] = [
  ['no state', () => ({})],
  ['an empty state', () => ({ state: '' })],
  ['the state of another request', ({ requestId }) => ({ state: requestId })],
  ['a state that nobody gave', () => ({ state: 'AAAAAAAAAAAAAAAAAAAAAA' })],
]

test.each(states)(
  'VP-5.2-4, VP-14.4-2 refuses an answer with %s, and takes the right one afterwards',
  async (_, state) => {
    const on = stage()
    const [request, other] = [await ask(on), await ask(on)]
    const vp_token = JSON.stringify({ person: [presentationFor(on, request)] })
    expect(told(await posted(on, request, { vp_token, ...state(other) }))).toEqual([400, 'invalid_request'])
    expect(told(await posted(on, request, { error: 'access_denied', ...state(other) }))).toEqual([
      400,
      'invalid_request',
    ])
    expect(await on.verifier.result(other.transactionId)).toEqual({ outcome: 'pending' })
    await expectUnspoilt(on, request)
  },
)

test('VP-14.4-2 an answer to a request that was never made is refused', async () => {
  const on = stage()
  const request = await ask(on)
  const requestId = 'AAAAAAAAAAAAAAAAAAAAAA'
  const object = {
    ...request.object,
    response_uri: request.object.response_uri.replace(request.requestId, requestId),
  }
  expect(told(await answer(on, { ...request, object }, ['x']))).toEqual([404, 'invalid_request'])
  expect(
    told(await posted(on, { ...request, object }, { error: 'access_denied', state: requestId })),
  ).toEqual([404, 'invalid_request'])
  await expectUnspoilt(on, request)
})

const strange: readonly [what: string, state: string][] = [
  ['is longer than any key', 'ä'.repeat(1500)],
  ['is empty', ''],
  ['is a control character', '\u0000'],
  ['is a path', '../presentation'],
]

test.each(strange)(
  'VP-14.4-2 a state that %s, where all answers go to one address, stands for nothing',
  async (_, state) => {
    const unforeseen: unknown[] = []
    const encryption = { generateKey: encryptionKeyPair, openerOf: jweOpenerOf, seal: sealJwe }
    const on = stage({ ports: () => ({ encryption, onUnforeseen: (error) => unforeseen.push(error) }) })
    const send = (form: Readonly<Record<string, string>>) =>
      on.verifier.handle({
        method: 'POST',
        url: `${BASE_URL}/responses`,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(form).toString(),
      })
    expect([400, 404]).toContain((await send({ error: 'access_denied', state })).status)
    const key = { ...encryptionKeyPair().publicJwk, kid: state }
    expect([400, 404]).toContain(
      (await send({ response: sealJwe(utf8('{}'), { key, enc: 'A128GCM' }) })).status,
    )
    expect(unforeseen).toEqual([])
  },
)

test('VP-14.4-2, ATK-38 an answer to an address that names no request that waits is not read', async () => {
  const on = stage()
  const request = await ask(on)
  const guess = { ...request.object, response_uri: `${BASE_URL}/responses/AAAAAAAAAAAAAAAAAAAAAA` }
  const unread = { vp_token: deep, response: 'x'.repeat(100_000) }
  expect(told(await posted(on, { ...request, object: guess }, unread))).toEqual([404, 'invalid_request'])
  expect((await answer(on, request, [presentationFor(on, request)])).status).toBe(200)
  const late = await posted(on, request, unread)
  expect(JSON.parse(late.body).error_description).toMatch(/^This request was answered before/)
})

const deep = `{"person":${'['.repeat(10_000)}${']'.repeat(10_000)}}`
const many = JSON.stringify(Object.fromEntries(Array.from({ length: 33 }, (_, at) => [`q${at}`, ['x']])))

const tokens: readonly [what: string, vp_token: string][] = [
  ['an answer to a query that was not asked', '{"person":["x"],"other":["x"]}'],
  ['an answer to another query only', '{"other":["x"]}'],
  ['an answer to a query called __proto__', '{"__proto__":["x"]}'],
  ['no presentation at all', '{}'],
  ['an empty array', '{"person":[]}'],
  ['two presentations', '{"person":["x","y"]}'],
  ['a thousand presentations', JSON.stringify({ person: Array.from({ length: 1000 }, () => 'x') })],
  ['answers to more queries than may be asked', many],
  ['a text and no array', '{"person":"x"}'],
  ['an object and no text', '{"person":[{}]}'],
  ['null', '{"person":null}'],
  ['an array', '["x"]'],
  ['a text', '"x"'],
  ['no JSON', 'person'],
  ['a name twice', '{"person":["x"],"person":["y"]}'],
  ['a prototype', '{"person":["x"],"__proto__":{"person":["y"]}}'],
  ['JSON of great depth', deep],
  ['more characters than are read', JSON.stringify({ person: ['x'.repeat(1_310_720)] })],
]

test.each(tokens)(
  'VP-8.6-1, VP-8.1-1, VP-8.1-2, VP-8.1-3, VP-8.1-4 refuses a token with %s, and takes the right one afterwards',
  async (_, vp_token) => {
    const on = stage()
    const request = await ask(on)
    const response = await posted(on, request, { vp_token, state: request.requestId })
    expect(told(response)).toEqual([400, 'invalid_request'])
    await expectUnspoilt(on, request)
  },
)

const forms: readonly [what: string, change: (honest: WireRequest) => Partial<WireRequest>][] = [
  ['JSON in its body', ({ body = '' }) => ({ headers: { 'content-type': 'application/json' }, body })],
  ['no media type', () => ({ headers: {} })],
  ['an empty body', () => ({ body: '' })],
  ['a parameter twice', ({ body = '' }) => ({ body: `${body}&state=x` })],
  ['bytes that are no text', ({ body = '' }) => ({ body: `${body}&x=%FF` })],
  ['both a token and an error', ({ body = '' }) => ({ body: `${body}&error=access_denied` })],
  ['neither', ({ body = '' }) => ({ body: body.replace(/vp_token=[^&]*&/, '') })],
  ['an encrypted response', ({ body = '' }) => ({ body: `${body}&response=e30` })],
  ['an error that is no code', () => ({ body: 'error=%E2%98%83' })],
  ['101 parameters', ({ body = '' }) => ({ body: `${body}${'&x'.repeat(100)}` })],
  ['more characters than are read', ({ body = '' }) => ({ body: `${body}&x=${'x'.repeat(1_572_864)}` })],
]

test.each(forms)(
  'VP-8.6-1, VP-5-7 refuses an answer with %s, and takes the right one afterwards',
  async (_, change) => {
    const on = stage()
    const request = await ask(on)
    const vp_token = { person: [presentationFor(on, request)] }
    const honest = authorizationResponseRequest(request.object.response_uri, {
      vp_token,
      state: request.requestId,
    })
    expect(told(await on.verifier.handle({ ...honest, ...change(honest) }))).toEqual([400, 'invalid_request'])
    await expectUnspoilt(on, request)
  },
)

test('ATK-22 an answer counts once: sent again it is refused, and the first one stands', async () => {
  const on = stage()
  const request = await ask(on)
  const presentation = presentationFor(on, request)
  expect((await answer(on, request, [presentation])).status).toBe(200)
  const first = await on.verifier.result(request.transactionId)
  on.time.advance(1)
  expect(told(await answer(on, request, [presentation]))).toEqual([400, 'invalid_request'])
  expect(told(await answer(on, request, ['x']))).toEqual([400, 'invalid_request'])
  expect(await on.verifier.result(request.transactionId)).toEqual(first)
})

test('ATK-22 a refused answer counts, too, when its holder signed it for this request: there is no second guess', async () => {
  const on = stage()
  const request = await ask(on)
  on.world.status = { status: 1 }
  expect(told(await answer(on, request, [presentationFor(on, request)]))).toEqual([400, 'invalid_request'])
  on.world.status = { status: 0 }
  expect(told(await answer(on, request, [presentationFor(on, request)]))).toEqual([400, 'invalid_request'])
  expect(await on.verifier.result(request.transactionId)).toMatchObject({ outcome: 'refused' })
})

const rubbish: readonly [what: string, forge: (on: Stage, request: Asked) => string][] = [
  ['no SD-JWT', () => 'x'],
  [
    'a credential that nobody issued',
    ({ time }, { object }) => {
      const held = issue({ issuer: party(), issuedAt: time.now(), signer: party().key })
      return present(held, object, { at: time.now() })
    },
  ],
  [
    'a credential of somebody else, without its key',
    (on, { object }) => present(heldOn(on), object, { at: on.time.now(), signer: party().key }),
  ],
  [
    'a presentation made for another nonce',
    (on, { object }) => present(heldOn(on), object, { at: on.time.now(), nonce: 'another' }),
  ],
  [
    'a presentation made for another verifier',
    (on, { object }) => present(heldOn(on), object, { at: on.time.now(), audience: 'x509_hash:another' }),
  ],
  [
    'a presentation without its key binding',
    (on, request) => presentationFor(on, request).replace(/[^~]+$/, ''),
  ],
]

test.each(rubbish)(
  'VP-14.4-2, ATK-22 who saw the link cannot use it up with %s: nothing is written, and the wallet is still awaited',
  async (_, forge) => {
    const on = stage()
    const request = await ask(on)
    const before = await restingIn(on)
    expect(told(await answer(on, request, [forge(on, request)]))).toEqual([400, 'invalid_request'])
    expect(await restingIn(on)).toBe(before)
    expect(on.refused).toEqual([{ requestId: request.requestId, reports: { person: expect.anything() } }])
    await expectUnspoilt(on, request)
  },
)

test('ATK-22 of fifty answers that come at once exactly one counts', async () => {
  const on = stage()
  const request = await ask(on)
  const presentation = presentationFor(on, request)
  const answers = await Promise.all(Array.from({ length: 50 }, () => answer(on, request, [presentation])))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  expect(answers.filter(({ status }) => status === 400)).toHaveLength(49)
})

test('ATK-22 of an answer and a refusal that come at once exactly one counts', async () => {
  const on = stage()
  const request = await ask(on)
  const { response_uri, state = '' } = request.object
  const answers = await Promise.all([
    answer(on, request, [presentationFor(on, request)]),
    on.verifier.handle(authorizationResponseRequest(response_uri, { error: 'access_denied', state })),
  ])
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 400])
})

test('ATK-22 what was made for one request does not answer another', async () => {
  const on = stage()
  const [first, second] = [await ask(on), await ask(on)]
  expect(told(await answer(on, second, [presentationFor(on, first)]))).toEqual([400, 'invalid_request'])
  expect(await on.verifier.result(second.transactionId)).toEqual({ outcome: 'pending' })
  const { checks } = on.refused[0]?.reports.person ?? {}
  expect(checks).toContainEqual(expect.objectContaining({ code: 'nonce', reason: 'nonce_mismatch' }))
  await expectUnspoilt(on, first)
})

test('an answer whose judgement lasts longer than the request does not count', async () => {
  const on = stage({
    settings: { requestLifetime: 60 },
    ports: ({ statusOf }) => ({
      statusOf: (reference) => {
        on.time.advance(60)
        return statusOf(reference)
      },
    }),
  })
  const request = await ask(on)
  expect(told(await answer(on, request, [presentationFor(on, request)]))).toEqual([400, 'invalid_request'])
  expect(await on.verifier.result(request.transactionId)).toEqual({ outcome: 'expired' })
})

const [credential] = personQuery.credentials
const twoQueries = readDcqlQuery({
  credentials: ['first', 'second'].map((id) => ({
    id,
    format: 'dc+sd-jwt',
    meta: { vct_values: [PERSON] },
    claims: [{ path: ['nationalities', null] }],
  })),
})

test('VP-8.6-3, VP-6.1-6 two queries are answered by two presentations, which may be of one credential', async () => {
  const on = stage()
  const request = await ask(on, twoQueries)
  const held = heldOn(on)
  const both = [0, 1].map((index) =>
    present(held, request.object, { at: on.time.now(), paths: [['nationalities', index]] }),
  )
  expect((await answer(on, request, both)).status).toBe(200)
  expect(await on.verifier.result(request.transactionId)).toMatchObject({
    outcome: 'verified',
    reports: {
      first: { verified: true, shown: { nationalities: ['UTO'] } },
      second: { verified: true, shown: { nationalities: ['ZZZ'] } },
    },
  })
})

test('VP-14.2-1, VP-8.6-3 one wrong nonce refuses the whole answer, and nothing of the others is told', async () => {
  const on = stage()
  const request = await ask(on, twoQueries)
  const right = presentationFor(on, request)
  const wrong = present(heldOn(on), request.object, { at: on.time.now(), nonce: 'another' })
  expect(told(await answer(on, request, [right, wrong]))).toEqual([400, 'invalid_request'])
  expect(await on.verifier.result(request.transactionId)).toEqual({ outcome: 'pending' })
  expect(on.refused).toMatchObject([{ reports: { second: { verified: false } } }])
  const text = JSON.stringify(on.refused)
  expect(personal.filter((value) => text.includes(value))).toEqual([])
  expect(text).not.toContain('"shown"')
})

test('VP-8.6-3 an answer to one of two queries is refused, and both may still be answered', async () => {
  const on = stage()
  const request = await ask(on, twoQueries)
  const presentation = presentationFor(on, request)
  const vp_token = JSON.stringify({ first: [presentation] })
  expect(told(await posted(on, request, { vp_token, state: request.requestId }))).toEqual([
    400,
    'invalid_request',
  ])
  expect((await answer(on, request, [presentation, presentation])).status).toBe(200)
})

test('a query called like the prototype is judged like any other', async () => {
  const on = stage()
  const query = readDcqlQuery(
    JSON.parse(JSON.stringify({ credentials: [{ ...credential, id: '__proto__' }] })),
  )
  const request = await ask(on, query)
  expect(told(await answer(on, request, ['x']))).toEqual([400, 'invalid_request'])
  expect(JSON.stringify(on.refused)).toContain('"__proto__"')
  const again = await ask(on, query)
  expect((await answer(on, again, [presentationFor(on, again)])).status).toBe(200)
})
