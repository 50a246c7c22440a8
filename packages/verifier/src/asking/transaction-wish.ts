/** Transactions as they are wished, and only such as a wallet may authorize. OpenID4VP 1.0 §5.1, §8.4, §B.3.3. */
import type { JsonObject } from '@facet-id/credential/json'
import { type DcqlQuery, setsOf } from '@facet-id/protocol/openid4vp/dcql'
import {
  readTransactionData,
  TRANSACTION_LIMITS,
  type TransactionData,
  transactionHashes,
  writeTransactionData,
} from '@facet-id/protocol/openid4vp/transaction-data'
import { unfit } from './unfit.ts'

/** One transaction, with the members that its type has. */
export interface TransactionWish extends TransactionData {
  readonly data?: JsonObject
}

/**
 * The texts that are sent, and hashed.
 *
 * @param wishes at least one
 * @throws {ProtocolError} `transaction_data_invalid`
 * @throws {VerifierError} `request_unfit`: more than wallets read; nobody's signature would authorize it, or nobody's
 * need; by a hash that is not made here, or by no hash that serves for all that one credential may authorize
 */
export function writeTransactions(wishes: readonly TransactionWish[], query: DcqlQuery): readonly string[] {
  if (wishes.length > TRANSACTION_LIMITS.transactions)
    throw unfit(`of transactions it has ${TRANSACTION_LIMITS.transactions} at the most`)
  const texts = wishes.map(({ data, ...transaction }) => writeTransactionData(transaction, data))
  const ids = query.credentials.map(({ id }) => id)
  const read = readTransactionData(texts, ids)
  const unbound = new Set(
    query.credentials.filter((one) => one.require_cryptographic_holder_binding === false).map(({ id }) => id),
  )
  if (read.some(({ credential_ids }) => credential_ids.some((id) => unbound.has(id))))
    throw unfit('a transaction is authorized by credentials with holder binding only')
  if (!read.every(({ credential_ids }) => isNeeded(credential_ids, query)))
    throw unfit('a transaction is authorized by a credential that no answer to the query goes without')
  const made: readonly string[] = transactionHashes
  // A wallet may take any of those that are named: one that is honest would be refused.
  if (!read.every(({ transaction_data_hashes_alg: algs = [] }) => algs.every((alg) => made.includes(alg))))
    throw unfit(`a transaction is hashed by ${made.join(', ')}, and by nothing else`)
  if (!ids.every((id) => haveOneHash(read.filter(({ credential_ids }) => credential_ids.includes(id)))))
    throw unfit('what one credential may authorize is hashed by one algorithm, which each of it names')
  return texts
}

/** Whether every answer to the query has one of them: the others would be asked for what they cannot give. */
function isNeeded(ids: readonly string[], query: DcqlQuery): boolean {
  return setsOf(query).some(
    ({ required, options }) => required && options.every((option) => option.some((id) => ids.includes(id))),
  )
}

/** Where nothing is named, it is SHA-256 (§B.3.3.1). */
function haveOneHash(transactions: readonly TransactionData[]): boolean {
  return transactionHashes.some((alg) =>
    transactions.every(({ transaction_data_hashes_alg: algs = ['sha-256'] }) => algs.includes(alg)),
  )
}
