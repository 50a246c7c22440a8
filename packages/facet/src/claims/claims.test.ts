import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DatabaseSync } from 'node:sqlite'
import { macOf } from '@facet-id/crypto/node'
import type { SubjectAsked } from '@facet-id/issuer/issuance'
import { ProtocolError } from '@facet-id/protocol/error'
import type { Transport, WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { safeTransport } from '@facet-id/resolve/node'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { claimsFromFunction } from './function.ts'
import { type ClaimsDatabase, type ClaimsQuery, claimsFromQuery } from './query.ts'
import { type ClaimsWebhook, claimsFromWebhook } from './webhook.ts'

const asked: SubjectAsked = { subject: 'berta', configurationId: 'person', issuanceId: 'issuance-1' }

test('VCI-CLAIMS-1 a function says what it knows, and nothing means no', async () => {
  const claims = claimsFromFunction(({ subject }) =>
    subject === 'berta' ? { given_name: 'Berta' } : undefined,
  )
  expect(await claims(asked)).toEqual({ answer: 'claims', claims: { given_name: 'Berta' } })
  expect(await claims({ ...asked, subject: 'anna' })).toEqual({ answer: 'denied' })
})

/** A register of two people in SQLite. */
function register(): ClaimsDatabase {
  const database = new DatabaseSync(':memory:')
  database.exec(`CREATE TABLE person (id TEXT, given_name TEXT, family_name TEXT, locality TEXT, age INTEGER, pending INTEGER);
    INSERT INTO person VALUES ('berta', 'Berta', 'O''Neill', 'Zenith', 42, 0), ('carl', 'Carl', NULL, NULL, 17, 1),
    ('twin', 'A', 'B', NULL, 1, 0), ('twin', 'C', 'D', NULL, 1, 0)`)
  return { query: (text, params) => ({ rows: database.prepare(text).all(...params) }) }
}

const person: ClaimsQuery = {
  text: 'SELECT given_name, family_name, locality AS "address.locality", age, pending FROM person WHERE id = ?',
  pendingColumn: 'pending',
}

test('CLM-1 a row is claims: parts stand inside of their whole, and what is null is not said', async () => {
  const claims = claimsFromQuery(register(), { person })
  expect(await claims(asked)).toEqual({
    answer: 'claims',
    claims: { given_name: 'Berta', family_name: "O'Neill", age: 42, address: { locality: 'Zenith' } },
  })
  expect(await claims({ ...asked, subject: 'carl' })).toEqual({ answer: 'later' })
  expect(await claims({ ...asked, subject: 'nobody' })).toEqual({ answer: 'denied' })
})

test('CLM-1 a subject that is called like a piece of SQL is looked up under that name, and finds nothing', async () => {
  const database = register()
  const claims = claimsFromQuery(database, { person })
  for (const subject of ["' OR '1'='1", "berta'; DROP TABLE person; --", '%', '']) {
    expect(await claims({ ...asked, subject })).toEqual({ answer: 'denied' })
  }
  const { subject: _, ...nobody } = asked
  expect(await claims(nobody)).toEqual({ answer: 'denied' })
  expect(await claims(asked)).toMatchObject({ answer: 'claims' })
})

test('CLM-1 a query gets what it asks for, in its order', async () => {
  const seen: unknown[] = []
  const database: ClaimsDatabase = {
    query: (text, params) => {
      seen.push([text, params])
      return { rows: [{ a: { b: [1, true, 'c'] } }] }
    },
  }
  const rule: ClaimsQuery = { text: 'q', params: ['credentialIdentifier', 'issuanceId', 'subject', 'server'] }
  const claims = claimsFromQuery(database, { person: rule })
  expect(await claims({ ...asked, credentialIdentifier: 'set', server: 'https://as.example' })).toMatchObject(
    {
      claims: { a: { b: [1, true, 'c'] } },
    },
  )
  expect(await claims(asked)).toMatchObject({ answer: 'claims' })
  expect(seen).toEqual([
    ['q', ['set', 'issuance-1', 'berta', 'https://as.example']],
    ['q', [null, 'issuance-1', 'berta', null]],
  ])
})

test('CLM-5 what a query must not yield has a code, and nothing of it is told', async () => {
  const yields = (rows: readonly Readonly<Record<string, unknown>>[]) =>
    outcomeOf(() => claimsFromQuery({ query: () => ({ rows }) }, { person: { text: 'q' } })(asked))
  expect(await outcomeOf(() => claimsFromQuery(register(), { person })({ ...asked, subject: 'twin' }))).toBe(
    'claims_answer_malformed',
  )
  for (const row of [
    { born: new Date(0) },
    { n: 1n },
    { n: Number.NaN },
    { a: 1, 'a.b': 2 },
    { f: () => 1 },
  ]) {
    expect(await yields([row])).toBe('claims_answer_malformed')
  }
  for (const nothing of [undefined, null, {}, { rows: [null] }, { rows: 'berta' }]) {
    const database = { query: () => nothing } as unknown as ClaimsDatabase
    expect(await outcomeOf(() => claimsFromQuery(database, { person: { text: 'q' } })(asked))).toBe(
      'claims_answer_malformed',
    )
  }
  const broken = { query: () => Promise.reject(new Error('connection to berta lost')) }
  const failing = claimsFromQuery(broken, { person: { text: 'q' } })
  expect(await outcomeOf(() => failing(asked))).toBe('claims_source_failed')
  await expect(failing(asked)).rejects.not.toThrow('berta')
  expect(
    await outcomeOf(() => claimsFromQuery(register(), {})({ ...asked, configurationId: 'constructor' })),
  ).toBe('claims_source_failed')
})

test.each<[string, unknown, string]>([
  ...[true, 1, 1n].map((value): [string, unknown, string] => [`${typeof value} ${value}`, value, 'later']),
  ...[false, 0, 0n, null].map((value): [string, unknown, string] => [
    `${typeof value} ${value}`,
    value,
    'claims',
  ]),
  ...['true', 't', '1', '', 2, 2n, -1, Number.NaN, undefined, {}].map((value): [string, unknown, string] => [
    `${typeof value} ${value}`,
    value,
    'claims_answer_malformed',
  ]),
])('CLM-6 what is pending is told by %s', async (_, pending, expected) => {
  const database: ClaimsDatabase = { query: () => ({ rows: [{ given_name: 'Berta', pending }] }) }
  const claims = claimsFromQuery(database, { person: { text: 'q', pendingColumn: 'pending' } })
  const answer = Promise.resolve(claims(asked)).then(({ answer }) => answer)
  expect(await answer.catch(({ code }) => code)).toBe(expected)
})

test('CLM-6 a row without the column for what is pending is no row of a credential that is ready', async () => {
  for (const row of [{ given_name: 'Berta' }, { given_name: 'Berta', PENDING: 1 }]) {
    const claims = claimsFromQuery(
      { query: () => ({ rows: [row] }) },
      { person: { text: 'q', pendingColumn: 'pending' } },
    )
    expect(await outcomeOf(() => claims(asked))).toBe('claims_answer_malformed')
  }
})

interface Called {
  readonly webhook: ClaimsWebhook
  readonly requests: readonly WireRequest[]
  readonly waits: readonly number[]
}

/** A service that answers in turn, and the last answer ever after. */
function called(answers: readonly (WireResponse | Error)[], changes: Partial<ClaimsWebhook> = {}): Called {
  const requests: WireRequest[] = []
  const waits: number[] = []
  const transport: Transport = {
    async send(request) {
      const answer = answers[Math.min(requests.length, answers.length - 1)]
      requests.push(request)
      if (answer === undefined || answer instanceof Error) throw answer
      return answer
    },
  }
  const webhook: ClaimsWebhook = {
    url: 'https://register.example/claims',
    transport,
    secret: { by: 'bearer', token: 'secret-1' },
    now: () => 1_800_000_000,
    wait: async (milliseconds) => void waits.push(milliseconds),
    ...changes,
  }
  return { webhook, requests, waits }
}

const json = (body: unknown, status = 200, type = 'application/json'): WireResponse => ({
  status,
  headers: { 'content-type': type },
  body: typeof body === 'string' ? body : JSON.stringify(body),
})

const berta = json({ claims: { given_name: 'Berta' } })
const away = new ProtocolError('peer_unreachable', 'away')

test.each<[string, WireResponse, object]>([
  ['claims', berta, { answer: 'claims', claims: { given_name: 'Berta' } }],
  ['not yet', json({ interval: 3600 }, 202), { answer: 'later', interval: 3600 }],
  ['not yet, and not when', json('', 202, ''), { answer: 'later' }],
  ['never', json('', 404, 'text/html'), { answer: 'denied' }],
  ['not any more', json('', 410, ''), { answer: 'denied' }],
])('VCI-CLAIMS-1 a webhook may answer %s', async (_, response, expected) => {
  const { webhook, requests } = called([response])
  expect(await claimsFromWebhook(webhook)(asked)).toEqual(expected)
  expect(requests).toHaveLength(1)
})

test('CLM-2, CLM-3 it is told what is asked, under one name each time, with the secret of the operator', async () => {
  const { webhook, requests } = called([away, json('', 503), berta])
  await claimsFromWebhook(webhook)({
    ...asked,
    credentialIdentifier: 'set',
    subject: 'Zoë',
    server: 'https://as.example',
  })
  expect(requests).toHaveLength(3)
  expect(new Set(requests.map((request) => JSON.stringify(request))).size).toBe(1)
  expect(requests[0]).toMatchObject({
    method: 'POST',
    headers: { 'idempotency-key': 'issuance-1', authorization: 'Bearer secret-1' },
  })
  expect(JSON.parse(requests[0]?.body ?? '')).toEqual({
    issuance_id: 'issuance-1',
    configuration_id: 'person',
    credential_identifier: 'set',
    subject: 'Zoë',
    server: 'https://as.example',
  })
})

test('CLM-3 by a digest the time and the body are signed, and the secret itself is not sent', async () => {
  const mac = macOf(new Uint8Array(32).fill(7))
  const { webhook, requests } = called([berta], { secret: { by: 'digest', mac } })
  await claimsFromWebhook(webhook)({ ...asked, subject: 'Zoë \u{1F600}' })
  const [request] = requests
  const headers = request?.headers ?? {}
  const body = request?.body ?? ''
  expect(headers).not.toHaveProperty('authorization')
  const [, at, digest] = /^t=(\d+),v1=([\w-]{43})$/.exec(headers['facet-signature'] ?? '') ?? []
  expect(digest).toBe(mac(`${at}.${body}`))
  expect(body).toMatch(/^[\x20-\x7e]+$/)
  expect(JSON.parse(body).subject).toBe('Zoë \u{1F600}')
})

test('CLM-4 what is away or in trouble is asked three times, each time later, and then given up with a code', async () => {
  for (const trouble of [away, json('', 503), json('', 429), json('', 408), json('', 500)]) {
    const { webhook, requests, waits } = called([trouble])
    expect(await outcomeOf(() => claimsFromWebhook(webhook)(asked))).toBe('claims_source_failed')
    expect([requests.length, waits]).toEqual([3, [250, 500]])
  }
  const often = called([away], { tries: 5, firstWait: 10 })
  expect(await outcomeOf(() => claimsFromWebhook(often.webhook)(asked))).toBe('claims_source_failed')
  expect(often.waits).toEqual([10, 20, 40, 80])
})

test.each<[ConstructorParameters<typeof ProtocolError>[0], string]>([
  ['address_refused', 'claims_source_failed'],
  ['https_required', 'claims_source_failed'],
  ['response_too_large', 'claims_answer_malformed'],
])('CLM-4 what would be %s each time is asked for once', async (code, expected) => {
  const { webhook, requests } = called([new ProtocolError(code, 'as always')])
  expect(await outcomeOf(() => claimsFromWebhook(webhook)(asked))).toBe(expected)
  expect(requests).toHaveLength(1)
})

test('CLM-4 a webhook is asked once at least', () => {
  for (const tries of [0, -1, 1.5, Number.NaN]) {
    expect(outcomeOf(() => claimsFromWebhook({ ...called([berta]).webhook, tries }))).toBe('usage')
  }
})

test('CLM-7 who never answers is waited for no longer than was said, and not asked again afterwards', async () => {
  const never = new Promise<never>(() => {})
  expect(await outcomeOf(() => claimsFromFunction(() => never, 20)(asked))).toBe('claims_source_failed')
  const query = claimsFromQuery({ query: () => never }, { person: { text: 'q' } }, 20)
  expect(await outcomeOf(() => query(asked))).toBe('claims_source_failed')
  const silent = { ...called([]).webhook, transport: { send: () => never }, within: 20 }
  expect(await outcomeOf(() => claimsFromWebhook(silent)(asked))).toBe('claims_source_failed')
  let go = (): void => {}
  const wait = (): Promise<void> => new Promise((resolve) => (go = resolve))
  const { webhook, requests } = called([away], { within: 20, wait })
  expect(await outcomeOf(() => claimsFromWebhook(webhook)(asked))).toBe('claims_source_failed')
  go()
  await new Promise((later) => setTimeout(later, 5))
  expect(requests).toHaveLength(1)
})

test.each<[string, WireResponse]>([
  ['a page', json('<html>berta</html>', 200, 'text/html')],
  ['no JSON', json('{"claims":')],
  ['a list', json([])],
  ['nothing', json('')],
  ['no claims', json({ given_name: 'Berta' })],
  ['claims that are a list', json({ claims: ['Berta'] })],
  ['a name twice', json('{"claims":{"a":1,"a":2}}')],
  ['more than is read', json(`{"claims":{"a":"${'x'.repeat(1_100_000)}"}}`)],
  ['a time that is none', json({ interval: 0 }, 202)],
  ['a time in words', json({ interval: 'soon' }, 202)],
  ['a redirect', json('', 302)],
  ['that it was asked wrongly', json('', 400)],
  ['that it does not know us', json('', 401)],
  ['another success', json({ claims: {} }, 201)],
])(
  'CLM-5 an answer that is %s has a code, is not asked for again, and nothing of it is told',
  async (_, response) => {
    const { webhook, requests } = called([response, berta])
    const failing = claimsFromWebhook(webhook)(asked)
    await expect(failing).rejects.toMatchObject({ code: 'claims_answer_malformed' })
    await expect(failing).rejects.not.toThrow(/berta/i)
    expect(requests).toHaveLength(1)
  },
)

test('CLM-4 over the safe transport one that never answers is given up within its time, and one on this machine is not called in production', async () => {
  let calls = 0
  const server = createServer(() => {
    calls++
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}/claims`
  const limits = { totalTimeoutMs: 500 }
  const development = safeTransport({ mode: 'development', limits })
  const production = safeTransport({ mode: 'production', limits })
  const outcome = (transport: Transport): unknown =>
    outcomeOf(() => claimsFromWebhook({ ...called([]).webhook, url, transport, tries: 2 })(asked))
  expect(await outcome(development)).toBe('claims_source_failed')
  expect(calls).toBe(2)
  expect(await outcome(production)).toBe('claims_source_failed')
  expect(calls).toBe(2)
  development.close()
  production.close()
  server.closeAllConnections()
  await new Promise((closed) => server.close(closed))
})
