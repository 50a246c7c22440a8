/** What a holder authorizes by presenting, and what it does not. */
import type { JsonObject } from '@facet-id/credential/json'
import { authorizationResponseRequest } from '@facet-id/protocol/openid4vp'
import { type DcqlQuery, readDcqlQuery } from '@facet-id/protocol/openid4vp/dcql'
import {
  readTransactionData,
  transactionClaims,
  writeTransactionData,
} from '@facet-id/protocol/openid4vp/transaction-data'
import { hash, outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import type { TransactionWish } from '../asking/transaction-wish.ts'
import { reasonOf, settle } from '../result/presentation.ts'
import { type Asked, answer, BASE_URL, heldOn, restingIn, type Stage, stage } from '../stage.test-support.ts'
import { fetchRequest, PERSON, present } from '../wallet.test-support.ts'
import type { QueryReport } from './query-report.ts'
import { withTransactions } from './transactions.ts'

const query = readDcqlQuery({
  credentials: ['a', 'b'].map((id) => ({
    id,
    format: 'dc+sd-jwt',
    meta: { vct_values: [PERSON] },
    claims: [{ path: ['given_name'] }],
  })),
})

const payment: TransactionWish = {
  type: 'urn:uto:payment',
  credential_ids: ['a'],
  data: { amount: '12.00', currency: 'XXX', payee: 'Zenith' },
}

async function askFor(on: Stage, transactions: readonly TransactionWish[], asked = query): Promise<Asked> {
  const made = await on.verifier.request(asked, { transactions })
  const object = await fetchRequest(on.verifier.handle, made.link)
  return { ...made, object, requestId: object.response_uri.slice(`${BASE_URL}/responses/`.length) }
}

/** Presents for both queries; the claims are those of the key binding for each. */
async function answered(on: Stage, request: Asked, claims: readonly JsonObject[]) {
  const presentations = claims.map((more) =>
    present(heldOn(on), request.object, {
      at: on.time.now(),
      paths: [['given_name']],
      binding: { claims: more },
    }),
  )
  const { status } = await answer(on, request, presentations)
  return { status, result: await on.verifier.result(request.transactionId) }
}

function received({ object }: Asked) {
  return readTransactionData(object.transaction_data ?? [], ['a', 'b'])
}

test('VP-TD-1, VP-TD-8 a transaction is sent as a text, and authorized by its hash in the holder’s signature', async () => {
  const on = stage()
  const request = await askFor(on, [payment])
  expect(received(request)).toMatchObject([{ type: 'urn:uto:payment', whole: { amount: '12.00' } }])
  const { status, result } = await answered(on, request, [transactionClaims(received(request), hash), {}])
  expect(status).toBe(200)
  expect(result).toMatchObject({ outcome: 'verified' })
  const checks = 'reports' in result ? result.reports.a?.checks : []
  expect(checks?.at(-1)).toMatchObject({ code: 'transaction_data', outcome: 'pass' })
  // No transaction names the other query, so nothing is said of any there.
  expect('reports' in result ? result.reports.b?.checks.at(-1)?.code : '').toBe('query')
})

const unauthorized: readonly [what: string, claims: (request: Asked) => readonly JsonObject[]][] = [
  ['nothing', () => [{}, {}]],
  ['no hashes', () => [{ transaction_data_hashes: [] }, {}]],
  ['a hash of something else', () => [{ transaction_data_hashes: [hash('sha-256', 'x')] }, {}]],
  [
    'a hash of what the text says, and not of the text',
    (request) => [
      {
        transaction_data_hashes: received(request).map(({ whole }) => hash('sha-256', JSON.stringify(whole))),
      },
      {},
    ],
  ],
  [
    'the right hash in the place of another credential',
    (request) => [{}, transactionClaims(received(request), hash)],
  ],
  [
    'a hash under the name of another algorithm',
    (request) => [
      { ...transactionClaims(received(request), hash), transaction_data_hashes_alg: 'sha-512' },
      {},
    ],
  ],
  [
    'an algorithm that is none',
    (request) => [{ ...transactionClaims(received(request), hash), transaction_data_hashes_alg: 'md5' }, {}],
  ],
  [
    'a text in the place of a list',
    (request) => [
      {
        transaction_data_hashes: transactionClaims(received(request), hash).transaction_data_hashes[0] ?? '',
      },
      {},
    ],
  ],
]

test.each(unauthorized)(
  'VP-TD-8, ATK-40 %s authorizes nothing, and the whole is refused',
  async (_, claims) => {
    const on = stage()
    const request = await askFor(on, [payment])
    const { status, result } = await answered(on, request, claims(request))
    expect(status).toBe(400)
    expect(result).toMatchObject({
      outcome: 'refused',
      reports: { a: { verified: false, verdicts: { proof: 'fail' } }, b: { verified: true } },
    })
    const checks = 'reports' in result ? result.reports.a?.checks : []
    expect(checks?.at(-1)).toMatchObject({ code: 'transaction_data', reason: 'transaction_unauthorized' })
    expect(JSON.stringify(result)).not.toContain('Anna')
  },
)

test('ATK-40 what was authorized for one request authorizes no other', async () => {
  const on = stage()
  const [cheap, dear] = [
    await askFor(on, [payment]),
    await askFor(on, [{ ...payment, data: { amount: '12000.00' } }]),
  ]
  const { result } = await answered(on, dear, [transactionClaims(received(cheap), hash), {}])
  expect(result).toMatchObject({ outcome: 'refused' })
})

test('VP-TD-3, VP-TD-8 of several credentials that may authorize a transaction one does, and each transaction needs one', async () => {
  const on = stage()
  const one = await askFor(on, [both])
  expect((await answered(on, one, [{}, transactionClaims(received(one), hash)])).result).toMatchObject({
    outcome: 'verified',
  })
  const two = await askFor(on, [both, { ...payment, credential_ids: ['b'] }])
  const [first] = received(two)
  if (first === undefined) throw new Error('there is one')
  expect((await answered(on, two, [transactionClaims([first], hash), {}])).result).toMatchObject({
    outcome: 'refused',
  })
})

test('VP-TD-1 an empty list of transactions is none, and wallets are sent none', async () => {
  const on = stage()
  const { object } = await askFor(on, [])
  expect(object).not.toHaveProperty('transaction_data')
})

/** Either of the two will do. */
const either: DcqlQuery = { ...query, credential_sets: [{ options: [['a'], ['b']] }] }
const both: TransactionWish = { ...payment, credential_ids: ['a', 'b'] }

/** Sends what is given, each with the claims of its key binding, and no more. */
async function shown(on: Stage, request: Asked, token: Readonly<Record<string, JsonObject>>) {
  const vp_token = Object.fromEntries(
    Object.entries(token).map(([id, claims]) => [
      id,
      [
        present(heldOn(on), request.object, {
          at: on.time.now(),
          paths: [['given_name']],
          binding: { claims },
        }),
      ],
    ]),
  )
  const { response_uri, state = '' } = request.object
  const response = await on.verifier.handle(authorizationResponseRequest(response_uri, { vp_token, state }))
  return { response, result: await on.verifier.result(request.transactionId) }
}

test.each<[string, readonly string[]]>([
  ['the other credential', ['b']],
  ['both credentials', ['a', 'b']],
])(
  'VP-TD-9, ATK-40 %s without a hash authorizes nothing: the whole is refused, and which is told',
  async (_, ids) => {
    const on = stage()
    const request = await askFor(on, [both], either)
    const { response, result } = await shown(on, request, Object.fromEntries(ids.map((id) => [id, {}])))
    expect(response.status).toBe(400)
    expect(JSON.parse(response.body).error_description).toMatch(/^A transaction .*authorized by none of/)
    expect(result).toMatchObject({ outcome: 'refused', unauthorized: [0] })
    expect(JSON.stringify(result)).not.toContain('Anna')
  },
)

test('VP-TD-9, ATK-40 what one credential leaves open another that is good does not cover', async () => {
  const on = stage()
  const request = await askFor(on, [both, { ...both, data: { amount: '1.00' } }], either)
  const [first] = received(request)
  if (first === undefined) throw new Error('there is one')
  const { result } = await shown(on, request, { a: transactionClaims([first], hash), b: {} })
  expect(result).toMatchObject({ outcome: 'refused', unauthorized: [1] })
})

test('VP-TD-9, ATK-40 a transaction that none of the presentations is for is refused without a report of its own', () => {
  const report: QueryReport = {
    verified: true,
    verdicts: { proof: 'pass', trust: 'pass', policy: 'pass' },
    checks: [],
  }
  const texts = [writeTransactionData({ type: 'x', credential_ids: ['a'] })]
  const { judged, unauthorized } = withTransactions([{ queryId: 'b', presentation: '', report }], {
    texts,
    query: either,
    hash,
  })
  expect([judged[0]?.report, unauthorized]).toEqual([report, [0]])
  const settled = settle([['b', report]], 1, { dcql: either, unauthorized })
  expect(settled).toMatchObject({ outcome: 'refused', unauthorized: [0] })
  expect(reasonOf(settled)).toBe('A transaction was authorized by none of the credentials that it names.')
})

test('VP-TD-7 a transaction that names algorithms is hashed by one of them, and the holder says by which', async () => {
  const on = stage()
  const named = { ...payment, transaction_data_hashes_alg: ['sha-512'] }
  const right = await askFor(on, [named])
  expect((await answered(on, right, [transactionClaims(received(right), hash), {}])).result).toMatchObject({
    outcome: 'verified',
  })
  const silent = await askFor(on, [named])
  const { transaction_data_hashes } = transactionClaims(received(silent), hash)
  expect((await answered(on, silent, [{ transaction_data_hashes }, {}])).result).toMatchObject({
    outcome: 'refused',
  })
})

test.each<[string, readonly TransactionWish[], string, DcqlQuery?]>([
  ['no type', [{ ...payment, type: '' }], 'transaction_data_invalid'],
  ['no credentials', [{ ...payment, credential_ids: [] }], 'transaction_data_invalid'],
  ['a credential that is not asked for', [{ ...payment, credential_ids: ['c'] }], 'transaction_data_invalid'],
  [
    'a hash that is not made here',
    [{ ...payment, transaction_data_hashes_alg: ['sha-256', 'sha-1'] }],
    'request_unfit',
  ],
  ['sixteen others', Array.from({ length: 17 }, () => payment), 'request_unfit'],
  [
    'more than fits into a request',
    Array.from({ length: 4 }, () => ({ ...payment, data: { note: 'x'.repeat(20_000) } })),
    'request_unfit',
  ],
  [
    'another hash than the next for the same credential',
    ['sha-256', 'sha-512'].map((alg) => ({ ...payment, transaction_data_hashes_alg: [alg] })),
    'request_unfit',
  ],
  [
    'another hash than the usual one of the next',
    [payment, { ...payment, transaction_data_hashes_alg: ['sha-512'] }],
    'request_unfit',
  ],
  ['a credential that another may stand for', [payment], 'request_unfit', either],
  [
    'a credential that may be left out',
    [payment],
    'request_unfit',
    { ...query, credential_sets: [{ options: [['a']], required: false }, { options: [['b']] }] },
  ],
  [
    'a credential that nobody signs for',
    [payment],
    'request_unfit',
    {
      credentials: query.credentials.map((one) => ({
        ...one,
        require_cryptographic_holder_binding: false as const,
      })),
    },
  ],
])(
  'VP-TD-1, VP-TD-5, VP-TD-8, VP-TD-9 a transaction with %s is not asked for',
  async (_, transactions, code, asked = query) => {
    const on = stage()
    expect(await outcomeOf(() => on.verifier.request(asked, { transactions }))).toBe(code)
    expect(await restingIn(on)).toBe('')
  },
)
