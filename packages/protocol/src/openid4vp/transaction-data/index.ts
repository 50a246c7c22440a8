export { hashFor, isAuthorizedBy, type TransactionClaims, transactionClaims } from './hashes.ts'
export {
  type ReceivedTransaction,
  readTransactionData,
  TRANSACTION_LIMITS,
  type TransactionData,
  transactionHashes,
  writeTransactionData,
} from './transaction-data.ts'
export {
  linesOf,
  type TransactionKind,
  type TransactionLine,
  type TransactionMember,
  type TransactionType,
} from './type-rules.ts'
