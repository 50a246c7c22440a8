/**
 * Transactions that a presentation must authorize: each by the holder's signature over its hash, with a credential
 * that it names. Hashes are made of what was sent, and never of what came back. OpenID4VP 1.0 §8.4, §B.3.3.
 */
import { type Hash, jwsAlgorithms } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import { readKeyBindingJwt, splitSdJwt } from '@facet-id/credential/sd-jwt'
import { type DcqlQuery, setsOf } from '@facet-id/protocol/openid4vp/dcql'
import {
  isAuthorizedBy,
  type ReceivedTransaction,
  readTransactionData,
  type TransactionData,
  transactionHashes,
  writeTransactionData,
} from '@facet-id/protocol/openid4vp/transaction-data'
import { VerifierError } from '../error.ts'
import type { QueryCheck, QueryReport } from './query-report.ts'

/** One transaction, with the members that its type has. */
export interface TransactionWish extends TransactionData {
  readonly data?: JsonObject
}

/**
 * The texts that are sent, and hashed.
 *
 * @throws {ProtocolError} `transaction_data_invalid`
 * @throws {VerifierError} `request_unfit`: nobody's signature would authorize it, or nobody's need, or by a hash that
 * is not made here
 */
export function writeTransactions(wishes: readonly TransactionWish[], query: DcqlQuery): readonly string[] {
  const texts = wishes.map(({ data, ...transaction }) => writeTransactionData(transaction, data))
  const read = readTransactionData(
    texts,
    query.credentials.map(({ id }) => id),
  )
  const unbound = new Set(
    query.credentials.filter((one) => one.require_cryptographic_holder_binding === false).map(({ id }) => id),
  )
  if (read.some(({ credential_ids }) => credential_ids.some((id) => unbound.has(id)))) {
    throw new VerifierError(
      'request_unfit',
      'A transaction is authorized by credentials with holder binding only',
    )
  }
  if (!read.every(({ credential_ids }) => isNeeded(credential_ids, query))) {
    throw new VerifierError(
      'request_unfit',
      'A transaction is authorized by a credential that no answer to the query goes without',
    )
  }
  const made: readonly string[] = transactionHashes
  // A wallet may take any of those that are named: one that is honest would be refused.
  if (!read.every(({ transaction_data_hashes_alg: algs = [] }) => algs.every((alg) => made.includes(alg)))) {
    throw new VerifierError(
      'request_unfit',
      `A transaction is hashed by ${made.join(', ')}, and by nothing else`,
    )
  }
  return texts
}

/** Whether every answer to the query has one of them: the others would be asked for what they cannot give. */
function isNeeded(ids: readonly string[], query: DcqlQuery): boolean {
  return setsOf(query).some(
    ({ required, options }) => required && options.every((option) => option.some((id) => ids.includes(id))),
  )
}

/** A presentation that was judged, as it was received. */
export interface JudgedPresentation {
  readonly queryId: string
  readonly presentation: string
  readonly report: QueryReport
}

export interface WithTransactions {
  readonly judged: readonly JudgedPresentation[]
  /** Places of the transactions that nothing authorizes, from 0 in the order in which they were sent. */
  readonly unauthorized: readonly number[]
}

/**
 * Adds to each report on a query that transactions name whether they are authorized: each by one credential of those
 * it names, of which only those count that are verified. One that nothing authorizes refuses the whole, also where
 * none of those it names was presented.
 */
export function withTransactions(
  judged: readonly JudgedPresentation[],
  {
    texts,
    query,
    hash,
  }: { readonly texts: readonly string[]; readonly query: DcqlQuery; readonly hash: Hash },
): WithTransactions {
  if (texts.length === 0) return { judged, unauthorized: [] }
  const transactions = readTransactionData(
    texts,
    query.credentials.map(({ id }) => id),
  )
  const open = transactions.filter((one) => !judged.some((by) => authorizes(by, one, hash)))
  const told = judged.map((one) => {
    const named = transactions.filter(({ credential_ids }) => credential_ids.includes(one.queryId))
    if (named.length === 0) return one
    const check = named.some((transaction) => open.includes(transaction)) ? unauthorized : authorized
    return { ...one, report: withCheck(one.report, check) }
  })
  return { judged: told, unauthorized: open.map((one) => transactions.indexOf(one)) }
}

function authorizes(
  { queryId, presentation, report }: JudgedPresentation,
  transaction: ReceivedTransaction,
  hash: Hash,
): boolean {
  if (!report.verified || !transaction.credential_ids.includes(queryId)) return false
  const { keyBindingJwt } = splitSdJwt(presentation)
  // Verified: its signature held, so what it says is the holder's.
  if (keyBindingJwt === undefined) return false
  return isAuthorizedBy(readKeyBindingJwt(keyBindingJwt, jwsAlgorithms).payload, [transaction], hash)
}

function withCheck(report: QueryReport, check: QueryCheck): QueryReport {
  const checks = [...report.checks, check]
  if (check.outcome === 'pass') return { ...report, checks }
  return { verified: false, verdicts: { ...report.verdicts, proof: 'fail' }, checks }
}

const authorized: QueryCheck = {
  code: 'transaction_data',
  outcome: 'pass',
  text: 'The holder authorized the transactions that name this credential.',
}

const unauthorized: QueryCheck = {
  code: 'transaction_data',
  outcome: 'fail',
  reason: 'transaction_unauthorized',
  text: 'A transaction that names this credential was authorized by none of those it names.',
}
