/**
 * Transaction data: what the person authorizes by presenting a credential. OpenID4VP 1.0 §5.1, §8.4, §B.3.3.
 *
 * Each stands in the request as base64url of a JSON text, and is hashed as that very text, never as what it says.
 */
import { readBase64urlText, writeBase64urlText } from '@facet-id/credential/base64url'
import type { HashAlgorithm } from '@facet-id/credential/jose'
import {
  findMember,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  readJsonObject,
} from '@facet-id/credential/json'
import { ProtocolError } from '../../error.ts'
import { list, members, optional, type Plain, type Reads, readMessage, type Same, text } from '../../read.ts'

/** One transaction. */
export interface TransactionData {
  /** What kind it is; who authorizes knows what the kind means, or refuses. */
  readonly type: string
  /** Queries by their `id`: a credential for exactly one of them authorizes it. At least one. */
  readonly credential_ids: readonly string[]
  /** Names of hashes as the IANA registry of named information has them; absent: `sha-256`, and nobody is told. */
  readonly transaction_data_hashes_alg?: readonly string[]
}

/** A transaction as it was received. */
export interface ReceivedTransaction extends TransactionData {
  /** All of it, as the sender wrote it. */
  readonly whole: JsonObject
  /** What is hashed. */
  readonly text: string
}

export const TRANSACTION_LIMITS = { transactions: 16, length: 32_768 } as const

const NAME = 'transaction data'

const schema = members({
  type: text(),
  credential_ids: list(text()),
  transaction_data_hashes_alg: optional(list(text(100))),
})

true satisfies Same<Plain<TransactionData>, Reads<typeof schema>>

/** The hashes that can be made here, the one that everybody has first. */
export const transactionHashes: readonly HashAlgorithm[] = ['sha-256', 'sha-384', 'sha-512']

/**
 * Reads the transactions of a request.
 *
 * @param texts as they stand in the request
 * @param queryIds the `id`s of its credential queries
 * @throws {ProtocolError} `transaction_data_invalid`: not the base64url of a JSON object with `type` and
 * `credential_ids`, with a number that is read as another than is written, or about a credential that is not asked for
 */
export function readTransactionData(
  texts: readonly string[],
  queryIds: readonly string[],
): readonly ReceivedTransaction[] {
  return texts.map((text) => {
    const whole = parse(text)
    const read = readOne(whole)
    if (!read.credential_ids.every((id) => queryIds.includes(id))) {
      throw invalid('it names a credential that is not asked for')
    }
    return { ...read, whole, text }
  })
}

/** One transaction as it stands in a request, with the members of its type. */
export function writeTransactionData(data: TransactionData, more: JsonObject = {}): string {
  return writeBase64urlText(JSON.stringify({ ...more, ...data }))
}

/**
 * Whether a payload has transaction data that can be read; so whether something else is what is wrong with it.
 * Whether its types are known is not for here.
 */
export function isTransactionDataOf(payload: JsonObject): boolean {
  const texts = findMember(payload, 'transaction_data')
  if (!isJsonArray(texts) || texts.length < 1 || texts.length > TRANSACTION_LIMITS.transactions) return false
  try {
    readTransactionData(
      texts.map((each) => (typeof each === 'string' ? each : '')),
      queryIdsOf(payload),
    )
    return true
  } catch {
    return false
  }
}

export function invalid(why: string, cause?: unknown): ProtocolError {
  return new ProtocolError(
    'transaction_data_invalid',
    `The transaction data of the request is refused: ${why}`,
    {
      cause,
    },
  )
}

function queryIdsOf(payload: JsonObject): readonly string[] {
  const query = findMember(payload, 'dcql_query')
  const credentials = isJsonObject(query) ? findMember(query, 'credentials') : undefined
  if (!isJsonArray(credentials)) return []
  return credentials.flatMap((credential) => {
    const id = isJsonObject(credential) ? findMember(credential, 'id') : undefined
    return typeof id === 'string' ? [id] : []
  })
}

function readOne(whole: JsonObject): TransactionData {
  try {
    return readMessage(schema, whole, { name: NAME })
  } catch (cause) {
    throw invalid('it must have a type, and name credentials', cause)
  }
}

function parse(text: string): JsonObject {
  if (text.length > TRANSACTION_LIMITS.length) throw invalid('it is longer than is read here')
  const json = jsonIn(text)
  if (!isEachNumberItself(json.text))
    throw invalid('a number in it would be shown as another than was written')
  return json.object
}

function jsonIn(base64url: string): { readonly text: string; readonly object: JsonObject } {
  try {
    const text = readBase64urlText(base64url)
    return { text, object: readJsonObject(text, { length: TRANSACTION_LIMITS.length }) }
  } catch (cause) {
    throw invalid('it must be the base64url of a JSON object', cause)
  }
}

const STRINGS = /"(?:[^"\\]|\\.)*"/g
const NUMBERS = /-?\d[\d.eE+-]*/g

/** What is read is shown, and what was written is hashed: 9007199254740993 would be shown as another number. */
function isEachNumberItself(json: string): boolean {
  const numbers = json.replace(STRINGS, '""').match(NUMBERS) ?? []
  return numbers.every((number) => String(Number(number)) === number)
}
