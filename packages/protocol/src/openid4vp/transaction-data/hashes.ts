/**
 * How a presentation says which transactions it authorizes: hashes in the key binding JWT. OpenID4VP 1.0 §B.3.3.1.
 */
import type { Hash, HashAlgorithm } from '@facet-id/credential/jose'
import { findMember, isJsonArray, type JsonObject } from '@facet-id/credential/json'
import { invalid, type ReceivedTransaction, transactionHashes } from './transaction-data.ts'

/** Claims of a key binding JWT, besides its own. */
export type TransactionClaims = {
  readonly transaction_data_hashes: readonly string[]
  /** There if, and only if, one of the transactions names algorithms. */
  readonly transaction_data_hashes_alg?: HashAlgorithm
}

/**
 * The claims for the transactions that one presentation authorizes: one hash for each, in their order, all by one
 * algorithm that each of them takes.
 *
 * @param transactions at least one
 * @throws {ProtocolError} `transaction_data_invalid`: no algorithm that is known here suits all
 */
export function transactionClaims(
  transactions: readonly ReceivedTransaction[],
  hash: Hash,
): TransactionClaims {
  const alg = hashFor(transactions)
  return {
    transaction_data_hashes: transactions.map(({ text }) => hash(alg, text)),
    ...(isNamed(transactions) ? { transaction_data_hashes_alg: alg } : {}),
  }
}

/**
 * The algorithm by which one presentation hashes all that it authorizes.
 *
 * @throws {ProtocolError} `transaction_data_invalid`: none that is known here suits all
 */
export function hashFor(transactions: readonly Hashable[]): HashAlgorithm {
  const alg = transactionHashes.find((known) => transactions.every((each) => takes(each, known)))
  if (alg === undefined)
    throw invalid('no algorithm that is known here suits all that one credential authorizes')
  return alg
}

/**
 * Whether a key binding JWT authorizes all of these transactions, and by hashes that were allowed. More hashes than
 * that do no harm. The text fixes no order.
 *
 * @param claims of the key binding JWT, whose signature was verified
 * @param transactions those that this presentation has to authorize, from what the verifier itself has sent
 */
export function isAuthorizedBy(
  claims: JsonObject,
  transactions: readonly Pick<ReceivedTransaction, 'text' | 'transaction_data_hashes_alg'>[],
  hash: Hash,
): boolean {
  const hashes = findMember(claims, 'transaction_data_hashes')
  const named = findMember(claims, 'transaction_data_hashes_alg')
  if (!isJsonArray(hashes)) return transactions.length === 0
  // "transaction_data_hashes_alg … REQUIRED when this parameter was present in the … request".
  if (named === undefined && isNamed(transactions)) return false
  const alg = named === undefined ? 'sha-256' : transactionHashes.find((known) => known === named)
  if (alg === undefined) return false
  return transactions.every((each) => takes(each, alg) && hashes.includes(hash(alg, each.text)))
}

type Hashable = Pick<ReceivedTransaction, 'transaction_data_hashes_alg'>

/** Where nothing is named, it is SHA-256. */
function takes({ transaction_data_hashes_alg: algs }: Hashable, alg: HashAlgorithm): boolean {
  return algs === undefined ? alg === 'sha-256' : algs.includes(alg)
}

function isNamed(transactions: readonly Hashable[]): boolean {
  return transactions.some((each) => each.transaction_data_hashes_alg !== undefined)
}
