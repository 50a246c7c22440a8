import { hash, outcomeOf, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { isAuthorizedBy, transactionClaims } from './hashes.ts'
import {
  type ReceivedTransaction,
  readTransactionData,
  type TransactionData,
  writeTransactionData,
} from './transaction-data.ts'
import { linesOf, type TransactionType } from './type-rules.ts'

const types: readonly TransactionType[] = [
  {
    type: 'payment',
    members: {
      amount: { kind: 'text', label: 'Amount' },
      payee: { kind: { members: { name: { kind: 'text', label: 'To' } } } },
      note: { kind: 'text', optional: true },
      urgent: { kind: 'boolean', optional: true },
      lines: { kind: 'texts', optional: true },
      count: { kind: 'number', optional: true },
    },
  },
]

const asked = ['person', 'card']

for (const { requirement, comment, input, expect: expected } of vectors(
  new URL('../../../vectors/openid4vp/transaction-data/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, () => {
    const read = () => readTransactionData(input as string[], asked).map((each) => linesOf(each, types))
    expect(outcomeOf(read)).toBe(expected)
  })
}

const payment = { amount: '12.50 UTD', payee: { name: 'Specimen Shop' } }

function received(...all: Partial<TransactionData>[]): readonly ReceivedTransaction[] {
  const texts = all.map((each) =>
    writeTransactionData({ type: 'payment', credential_ids: ['person'], ...each }, payment),
  )
  return readTransactionData(texts, asked)
}

test('VP-TD-2 tells the person every value, in the order of the type', () => {
  const [transaction] = received({})
  expect(transaction && linesOf(transaction, types)).toEqual([
    { path: ['amount'], label: 'Amount', value: '12.50 UTD' },
    { path: ['payee', 'name'], label: 'To', value: 'Specimen Shop' },
  ])
})

test('VP-TD-6 hashes the text as it was received, and not what it says', () => {
  const [one] = received({})
  const other = readTransactionData([btoa(JSON.stringify(one?.whole, null, 1)).replace(/=+$/, '')], asked)
  expect(other[0]?.whole).toEqual(one?.whole)
  expect(transactionClaims(other, hash)).not.toEqual(transactionClaims(received({}), hash))
  expect(transactionClaims(received({}), hash)).toEqual({
    transaction_data_hashes: [hash('sha-256', one?.text ?? '')],
  })
})

test('VP-TD-7 hashes by SHA-256 unless others are named, and names the algorithm if the request did', () => {
  const algs = (...names: string[]) => ({ transaction_data_hashes_alg: names })
  const algOf = (...all: Partial<TransactionData>[]) =>
    transactionClaims(received(...all), hash).transaction_data_hashes_alg
  expect(algOf({}, {})).toBeUndefined()
  expect(algOf(algs('sha-256'))).toBe('sha-256')
  expect(algOf(algs('sha-512'))).toBe('sha-512')
  expect(algOf(algs('md5', 'sha-384'), algs('sha-512', 'sha-384'))).toBe('sha-384')
  expect(algOf(algs('sha-512', 'sha-256'), {})).toBe('sha-256')
  expect(outcomeOf(() => algOf(algs('md5')))).toBe('transaction_data_invalid')
  expect(outcomeOf(() => algOf(algs('sha-512'), {}))).toBe('transaction_data_invalid')
})

test('VP-TD-8 a presentation authorizes what it has the hash of, by an algorithm that was named, and nothing else', () => {
  const sent = received({}, { credential_ids: ['card'] })
  const claims = transactionClaims(sent, hash)
  const holds = (changes: object, of = sent) => isAuthorizedBy({ ...claims, ...changes }, of, hash)
  expect(holds({})).toBe(true)
  expect(holds({ transaction_data_hashes: [...claims.transaction_data_hashes].reverse() })).toBe(true)
  expect(holds({ transaction_data_hashes: claims.transaction_data_hashes.slice(1) })).toBe(false)
  expect(holds({ transaction_data_hashes: [] })).toBe(false)
  expect(holds({ transaction_data_hashes: claims.transaction_data_hashes[0] })).toBe(false)
  expect(holds({ transaction_data_hashes_alg: 'sha-512' })).toBe(false)
  expect(holds({ transaction_data_hashes_alg: 'md5' })).toBe(false)
  expect(isAuthorizedBy({}, sent, hash)).toBe(false)
  expect(isAuthorizedBy({}, [], hash)).toBe(true)
  const named = received({ transaction_data_hashes_alg: ['sha-256'] })
  const { transaction_data_hashes } = transactionClaims(named, hash)
  expect(isAuthorizedBy({ transaction_data_hashes }, named, hash)).toBe(false)
  expect(isAuthorizedBy(transactionClaims(named, hash), named, hash)).toBe(true)
})

test('a refusal repeats nothing of what was asked', () => {
  const texts = [writeTransactionData({ type: 'secret', credential_ids: ['person'] }, { secret: 'secret' })]
  expect(() => readTransactionData(texts, asked).map((each) => linesOf(each, types))).toThrow(/^(?!.*secret)/)
})
