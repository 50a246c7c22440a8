/**
 * What a type of transaction data is made of. OpenID4VP 1.0 §5.1, §8.5: a wallet refuses a type that it does not
 * know, a member that the type does not name, one that is missing, and one of another kind. A text with characters by
 * which it says something else than is seen, line ends among them, is of another kind.
 *
 * A type is plain data that the application gives: it is held against what was received, and nothing else decides.
 */
import { replaceDeceiving } from '@facet-id/credential/deceiving'
import {
  findMember,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '@facet-id/credential/json'
import type { ProtocolError } from '../../error.ts'
import { invalid, type ReceivedTransaction } from './transaction-data.ts'

export interface TransactionType {
  readonly type: string
  /** By name, in the order in which they are shown; besides those that every transaction has. */
  readonly members: Readonly<Record<string, TransactionMember>>
}

export interface TransactionMember {
  readonly kind: TransactionKind
  /** Absent: it must be there. */
  readonly optional?: true
  /** What the person reads beside it, in the words of the application; absent: its name. */
  readonly label?: string
}

export type TransactionKind =
  | 'text'
  | 'number'
  | 'boolean'
  /** A list of texts. */
  | 'texts'
  /** An object of these members and no others. */
  | { readonly members: TransactionType['members'] }

/** One value of a transaction, for the person to see. */
export interface TransactionLine {
  /** From the outermost member to the innermost. */
  readonly path: readonly string[]
  readonly label: string
  readonly value: string | number | boolean | readonly string[]
}

/** Characters of one text, and texts of one list: a person reads them. */
const LIMITS = { text: 4096, texts: 100 }

const COMMON = ['type', 'credential_ids', 'transaction_data_hashes_alg']

/**
 * Holds a transaction against its type: what it says, line by line.
 *
 * @param types those that the application knows
 * @throws {ProtocolError} `transaction_data_invalid`
 */
export function linesOf(
  { type, whole }: ReceivedTransaction,
  types: readonly TransactionType[],
): readonly TransactionLine[] {
  const known = types.find((each) => each.type === type)
  if (known === undefined) throw invalid('it is of a type that is not known here')
  return linesIn(without(whole, COMMON), known.members, [])
}

function linesIn(
  object: JsonObject,
  allowed: TransactionType['members'],
  path: readonly string[],
): readonly TransactionLine[] {
  if (Object.keys(object).some((name) => !Object.hasOwn(allowed, name))) {
    throw invalid('it has a member that its type does not name')
  }
  return Object.entries(allowed).flatMap(([name, member]) => {
    const value = findMember(object, name)
    if (value !== undefined) return linesFor(value, member, [...path, name])
    if (member.optional === true) return []
    throw invalid('it lacks a member that its type demands')
  })
}

function linesFor(
  value: JsonValue,
  { kind, label }: TransactionMember,
  path: readonly string[],
): readonly TransactionLine[] {
  if (typeof kind === 'object') {
    if (!isJsonObject(value)) throw ofAnotherKind()
    return linesIn(value, kind.members, path)
  }
  const shown = shownValue(value, kind)
  if (shown === undefined) throw ofAnotherKind()
  return [{ path, label: label ?? path.at(-1) ?? '', value: shown }]
}

function shownValue(
  value: JsonValue,
  kind: Exclude<TransactionKind, object>,
): TransactionLine['value'] | undefined {
  switch (kind) {
    case 'text':
      return isText(value) ? value : undefined
    case 'number':
      return typeof value === 'number' ? value : undefined
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined
    case 'texts':
      return isJsonArray(value) && value.length <= LIMITS.texts && value.every(isText) ? value : undefined
  }
}

/** A person reads it on one line, and sees all of it. */
function isText(value: JsonValue): value is string {
  return (
    typeof value === 'string' && value.length <= LIMITS.text && replaceDeceiving(value, () => '') === value
  )
}

function without(object: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)))
}

function ofAnotherKind(): ProtocolError {
  return invalid('a member of it is not of the kind that its type demands')
}
