/**
 * Transactions that a presentation must authorize: each by the holder's signature over its hash, with a credential
 * that it names. Hashes are made of what was sent, and never of what came back. OpenID4VP 1.0 §8.4, §B.3.3.
 */
import { type Hash, jwsAlgorithms } from '@facet-id/credential/jose'
import { readKeyBindingJwt, splitSdJwt } from '@facet-id/credential/sd-jwt'
import type { DcqlQuery } from '@facet-id/protocol/openid4vp/dcql'
import {
  isAuthorizedBy,
  type ReceivedTransaction,
  readTransactionData,
} from '@facet-id/protocol/openid4vp/transaction-data'
import type { QueryCheck, QueryReport } from './query-report.ts'

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
