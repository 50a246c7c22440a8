/** What a person authorizes by presenting a credential. OpenID4VP 1.0 §8.4, §B.3.3. */
import type { Hash } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import { ProtocolError } from '@facet-id/protocol/error'
import type { RequestObject } from '@facet-id/protocol/openid4vp'
import {
  hashFor,
  linesOf,
  type ReceivedTransaction,
  readTransactionData,
  type TransactionLine,
  type TransactionType,
  transactionClaims,
} from '@facet-id/protocol/openid4vp/transaction-data'

export interface Transaction extends ReceivedTransaction {
  /** What the person sees of it, value by value. */
  readonly lines: readonly TransactionLine[]
}

/**
 * Reads the transactions of a request.
 *
 * @param types that the application can show
 * @throws {ProtocolError} `transaction_data_invalid`, also for one that a credential without holder binding would have
 * to authorize (§B.3.3)
 */
export function transactionsIn(
  { transaction_data, dcql_query }: Pick<RequestObject, 'transaction_data' | 'dcql_query'>,
  types: readonly TransactionType[],
): readonly Transaction[] {
  if (transaction_data === undefined) return []
  const queries = dcql_query.credentials
  const all = readTransactionData(
    transaction_data,
    queries.map(({ id }) => id),
  )
  const unbound = queries.filter((query) => query.require_cryptographic_holder_binding === false)
  if (all.some(({ credential_ids }) => unbound.some(({ id }) => credential_ids.includes(id)))) {
    throw new ProtocolError(
      'transaction_data_invalid',
      'Nothing is authorized by who need not prove to be the holder',
    )
  }
  // Whichever credentials are chosen, what one of them may have to authorize can be hashed.
  for (const { id } of queries) hashFor(all.filter(({ credential_ids }) => credential_ids.includes(id)))
  return all.map((each) => ({ ...each, lines: linesOf(each, types) }))
}

/**
 * Claims for the key binding JWT of one presentation: those of the transactions that it authorizes. Each is
 * authorized by exactly one: the first of its credentials that is presented.
 *
 * @param presented the queries that are answered, by their `id`
 * @throws {ProtocolError} `transaction_data_invalid` where no algorithm suits all
 */
export function claimsOfTransactions(
  transactions: readonly ReceivedTransaction[],
  { queryId, presented }: { readonly queryId: string; readonly presented: readonly string[] },
  hash: Hash,
): JsonObject {
  const own = transactions.filter(
    ({ credential_ids }) => credential_ids.find((id) => presented.includes(id)) === queryId,
  )
  return own.length === 0 ? {} : transactionClaims(own, hash)
}

/** Whether what is presented authorizes all that is to be authorized (§8.4). */
export function areAuthorized(
  transactions: readonly ReceivedTransaction[],
  presented: readonly string[],
): boolean {
  return transactions.every(({ credential_ids }) => credential_ids.some((id) => presented.includes(id)))
}
