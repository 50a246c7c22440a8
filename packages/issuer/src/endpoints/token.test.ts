import { readTokenResponse } from '@facet-id/protocol/oauth'
import type { WireResponse } from '@facet-id/protocol/wire'
import type { Store } from '@facet-id/store'
import { hash, macOf, seededRandom } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import type { MadeOffer } from '../offer/offering.ts'
import {
  askCredential,
  askToken,
  codeOf,
  credentialsIn,
  ready,
  refusalIn,
  TOKEN,
  tokenFor,
} from '../wallet.test-support.ts'
import { type World, world } from '../world.test-support.ts'

/** A code of the same form that is not the one. */
function wrong(made: MadeOffer): string {
  return String((Number(made.txCode) + 1) % 1_000_000).padStart(6, '0')
}

function guess(here: World, made: MadeOffer): Promise<WireResponse> {
  return here.send(askToken(made, { tx_code: wrong(made) }))
}

test('VCI-6.1-3, VCI-13.10-1 a code and its transaction code become a bearer token of five minutes', async () => {
  const here = world()
  const response = await here.send(askToken(await here.offer()))
  expect(response.status).toBe(200)
  expect(response.headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-store' })
  const token = readTokenResponse(response)
  expect(token).toMatchObject({ token_type: 'Bearer', expires_in: 300 })
  expect(Buffer.from(token.access_token, 'base64url')).toHaveLength(32)
})

test('VCI-7.2-4 no nonce comes with a token', async () => {
  const here = world()
  const { body } = await here.send(askToken(await here.offer()))
  expect(Object.keys(JSON.parse(body))).toEqual(['access_token', 'token_type', 'expires_in'])
})

test('VCI-6.1-6 parameters that are not known are ignored, those of other grants too', async () => {
  const here = world()
  const asked = askToken(await here.offer())
  const body = `${asked.body}&client_id=anybody&audience=x&user_pin=1&redirect_uri=y`
  expect((await here.send({ ...asked, body })).status).toBe(200)
})

test('an offer without a transaction code is redeemed without one', async () => {
  const here = world()
  const made = await here.offer({ txCodeLength: 0 })
  expect(made.txCode).toBeUndefined()
  expect((await here.send(askToken(made))).status).toBe(200)
})

test('VCI-6.3-1, VCI-4.1.1-8 a transaction code that is missing is asked for again, and no try is lost', async () => {
  const here = world()
  const made = await here.offer()
  for (let tries = 0; tries < 10; tries++) {
    expect(refusalIn(await here.send(askToken(made, { tx_code: undefined })))).toBe('400 invalid_request')
  }
  await expect(tokenFor(here, made)).resolves.toBeTypeOf('string')
})

test('VCI-6.3-1 a transaction code that nobody asked for is refused, and no try is lost', async () => {
  const here = world()
  const made = await here.offer({ txCodeLength: 0 })
  for (let tries = 0; tries < 10; tries++) {
    expect(refusalIn(await here.send(askToken(made, { tx_code: '123456' })))).toBe('400 invalid_request')
  }
  await expect(tokenFor(here, made)).resolves.toBeTypeOf('string')
})

test('VCI-6.3-4 a transaction code of letters may be typed in small ones', async () => {
  const here = world()
  const typed = [(code: string) => code.toLowerCase(), (code: string) => code]
  for (const type of typed) {
    const made = await here.offer({ txCodeMode: 'text', txCodeLength: 32 })
    const tx_code = type(made.txCode ?? '')
    // Letters that are only alike when they are large are other letters.
    expect(refusalIn(await here.send(askToken(made, { tx_code: `${tx_code.slice(1)}ı` })))).toBe(
      '400 invalid_grant',
    )
    expect((await here.send(askToken(made, { tx_code }))).status).toBe(200)
  }
})

test('VCI-6.3-2, VCI-13.6.3-1, VCI-3.5-1 a wrong transaction code is refused, and the right one then works', async () => {
  const here = world()
  const made = await here.offer()
  for (let tries = 0; tries < 4; tries++) {
    expect(refusalIn(await guess(here, made))).toBe('400 invalid_grant')
  }
  const { request } = await ready(here, { made })
  expect(credentialsIn(await here.send(request))).toHaveLength(2)
})

test('VCI-13.6.3-1 five wrong transaction codes end the offer, and the claims in it are gone', async () => {
  const here = world()
  const made = await here.offer()
  for (let tries = 0; tries < 5; tries++) {
    expect(refusalIn(await guess(here, made))).toBe('400 invalid_grant')
  }
  expect((await here.state.rests()).map(({ ns }) => ns)).toEqual(['issuer/guessed'])
  expect(refusalIn(await here.send(askToken(made)))).toBe('400 invalid_grant')
})

test('VCI-GUESS-1 the operator hears once that an offer was guessed at, and finds it for 90 days, with nothing of the person', async () => {
  const heard: unknown[] = []
  const here = world({
    ports: {
      onGuessed(offer) {
        heard.push(offer)
        throw new Error('whoever hears it fails')
      },
    },
  })
  const made = await here.offer()
  for (let tries = 0; tries < 4; tries++) await guess(here, made)
  expect(heard).toEqual([])
  expect(refusalIn(await guess(here, made))).toBe('400 invalid_grant')
  await guess(here, made)
  const { issuanceId } = made
  const told = { issuanceId, configurationId: 'person', tries: 5, guessedAt: here.time.now() }
  expect(heard).toEqual([told])
  expect(await guessedAt(here)).toEqual([told])
  const rests = JSON.stringify(await here.state.rests())
  for (const secret of ['Eriksson', made.txCode ?? 'none', codeOf(made)]) expect(rests).not.toContain(secret)
  here.time.advance(90 * 86_400)
  expect(await guessedAt(here)).toEqual([])
})

test('VCI-GUESS-1 where the last guess was counted and its end was lost, whoever tries next ends the offer, and the operator hears of it', async () => {
  const here = world()
  const heard: unknown[] = []
  let fails = true
  const store: Store = {
    ...here.state.store,
    commit: (ops) =>
      fails && ops.some((op) => op.op === 'put' && op.ns === 'issuer/guessed')
        ? Promise.reject(new Error('the power went'))
        : here.state.store.commit(ops),
  }
  const failing = world({ beside: here, ports: { store, onGuessed: (offer) => void heard.push(offer) } })
  const made = await failing.offer()
  for (let tries = 0; tries < 4; tries++) await guess(failing, made)
  expect((await guess(failing, made)).status).toBe(500)
  fails = false
  const answers = await Promise.all(Array.from({ length: 20 }, () => failing.send(askToken(made))))
  expect(new Set(answers.map(refusalIn))).toEqual(new Set(['400 invalid_grant']))
  expect(heard).toHaveLength(1)
  expect(await guessedAt(failing)).toHaveLength(1)
  expect((await here.state.rests()).map(({ ns }) => ns)).toEqual(['issuer/guessed'])
})

async function guessedAt({ issuer }: World): Promise<readonly unknown[]> {
  const all: unknown[] = []
  for await (const each of issuer.guessed()) all.push(each)
  return all
}

test('VCI-13.6.3-1 a restart in the middle gives no more tries', async () => {
  const here = world()
  const made = await here.offer()
  for (let tries = 0; tries < 3; tries++) await guess(here, made)
  const restarted = world({ beside: here })
  for (let tries = 0; tries < 2; tries++) await guess(restarted, made)
  expect(refusalIn(await restarted.send(askToken(made)))).toBe('400 invalid_grant')
})

test('VCI-13.6.3-1 fifty guesses at once are no more than five comparisons', async () => {
  const mac = macOf(seededRandom('mac')(32))
  let compared = 0
  const counting = (ascii: string): string => {
    if (ascii.startsWith('tx_code.')) compared++
    return mac(ascii)
  }
  const here = world({ ports: { mac: counting } })
  const made = await here.offer()
  compared = 0
  const answers = await Promise.all(Array.from({ length: 50 }, () => guess(here, made)))
  expect(new Set(answers.map(refusalIn))).toEqual(new Set(['400 invalid_grant']))
  expect(compared).toBe(5)
  expect(refusalIn(await here.send(askToken(made)))).toBe('400 invalid_grant')
  expect((await here.state.rests()).map(({ ns }) => ns)).toEqual(['issuer/guessed'])
})

test('VCI-13.6.3-1 a tried offer still expires when it was to expire', async () => {
  const here = world()
  const made = await here.offer()
  await guess(here, made)
  here.time.advance(made.expiresAt - here.time.now())
  expect(refusalIn(await here.send(askToken(made)))).toBe('400 invalid_grant')
})

test('VCI-4.1.1-7, VCI-6.3-2 a code serves once', async () => {
  const here = world()
  const made = await here.offer()
  const token = await tokenFor(here, made)
  expect(refusalIn(await here.send(askToken(made)))).toBe('400 invalid_grant')
  // Who was first keeps what it got.
  const { proofs } = await ready(here)
  expect((await here.send(askCredential(token, proofs))).status).toBe(200)
})

test.each([0, 6])(
  'VCI-4.1.1-7 of fifty redemptions at once, with a transaction code of %d digits, one gets a token',
  async (txCodeLength) => {
    const here = world()
    const made = await here.offer({ txCodeLength })
    const answers = await Promise.all(Array.from({ length: 50 }, () => here.send(askToken(made))))
    const granted = answers.filter(({ status }) => status === 200)
    const refused = answers.filter(({ status }) => status !== 200)
    expect(granted).toHaveLength(1)
    expect(new Set(refused.map(refusalIn))).toEqual(new Set(['400 invalid_grant']))
    const rests = await here.state.rests()
    expect(rests.map(({ ns }) => ns)).toEqual(['issuer/session', 'issuer/standing'])
  },
)

test('VCI-4.1.1-7 a code is short-lived', async () => {
  const here = world({ settings: { offerLifetime: 600 } })
  const made = await here.offer()
  expect(made.expiresAt).toBe(here.time.now() + 600)
  here.time.advance(600)
  expect(refusalIn(await here.send(askToken(made)))).toBe('400 invalid_grant')
})

test.each<[string, (code: string) => string]>([
  ['another', (code) => `${code.startsWith('A') ? 'B' : 'A'}${code.slice(1)}`],
  ['a part', (code) => code.slice(0, -1)],
  ['a longer one', (code) => `${code}A`],
  ['one with a line behind', (code) => `${code}\n`],
  // An encoder of ASCII that keeps the low eight bits would take these for the code itself.
  [
    'one in letters that fold into it',
    (code) => String.fromCharCode(code.charCodeAt(0) + 256) + code.slice(1),
  ],
  ['one with another letter in front', (code) => `\u{1F600}${code}`],
])('VCI-6.3-2 a code that is %s is refused', async (_, changed) => {
  const here = world()
  const made = await here.offer()
  const code = codeOf(made)
  const asked = askToken(made, { 'pre-authorized_code': changed(code) })
  expect(refusalIn(await here.send(asked))).toBe('400 invalid_grant')
  await expect(tokenFor(here, made)).resolves.toBeTypeOf('string')
})

test.each(['client_credentials', 'password', 'x'])('the grant %s is not supported', async (grant) => {
  const response = await world().send({ ...askToken(await world().offer()), body: `grant_type=${grant}` })
  expect(refusalIn(response)).toBe('400 unsupported_grant_type')
})

test('VCI-6.1-1 a request without its grant, without its code, with one twice, or as JSON is refused', async () => {
  const here = world()
  const made = await here.offer()
  const asked = askToken(made)
  const { body = '' } = asked
  const json = { ...asked.headers, 'content-type': 'application/json' }
  for (const request of [
    { ...asked, body: body.replace('grant_type', 'grant') },
    { ...asked, body: body.replace('pre-authorized_code=', 'code=') },
    { ...asked, body: `${body}&tx_code=000000` },
    { ...asked, headers: json },
    { ...asked, headers: json, body: '{}' },
    { ...asked, headers: {} },
    { method: 'POST', url: `${TOKEN}?${body}`, headers: asked.headers } as const,
  ]) {
    const response = await here.send(request)
    expect(refusalIn(response)).toBe('400 invalid_request')
    expect(response.headers['cache-control']).toBe('no-store')
  }
  await expect(tokenFor(here, made)).resolves.toBeTypeOf('string')
})

test('a transaction code of odd characters is compared as it is', async () => {
  const here = world()
  const made = await here.offer()
  const folding = [...(made.txCode ?? '')].map((digit) => String.fromCharCode(digit.charCodeAt(0) + 256))
  for (const tx_code of [folding.join(''), ` ${made.txCode}`, `${made.txCode}\0`, '\u{1F600}']) {
    expect(refusalIn(await here.send(askToken(made, { tx_code })))).toBe('400 invalid_grant')
  }
  await expect(tokenFor(here, made)).resolves.toBeTypeOf('string')
})

test('neither code nor token can be read off what rests', async () => {
  const here = world()
  const made = await here.offer()
  const code = codeOf(made)
  const offered = JSON.stringify(await here.state.rests())
  expect(offered).not.toContain(code)
  expect(offered).not.toContain(made.txCode)
  const token = await tokenFor(here, made)
  const redeemed = JSON.stringify(await here.state.rests())
  expect(redeemed).not.toContain(token)
  expect(redeemed).toContain(hash('sha-256', token))
})

test('a code is redeemed with one commit', async () => {
  const here = world()
  const made = await here.offer({ txCodeLength: 0 })
  const { store } = here.ports
  let commits = 0
  const counting: typeof store.commit = (ops) => {
    commits++
    return store.commit(ops)
  }
  const node = world({ beside: here, ports: { store: { ...store, commit: counting } } })
  await tokenFor(node, made)
  expect(commits).toBe(1)
})
