/** Members of a document about a type, each of its kind. draft-ietf-oauth-sd-jwt-vc-19 §5.2. */
import { deceives } from '../../deceiving.ts'
import { CredentialError } from '../../error.ts'
import { findMember, isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../json.ts'

/** Characters of an identifier: a type, an integrity value. */
export const nameLength = 2048
/** Characters of what people read, and of an address. */
export const textLength = 10_000

/** @throws {CredentialError} `type_metadata_malformed`, as all of these */
export function textIn(object: JsonObject, name: string, length: number = textLength): string | undefined {
  const value = findMember(object, name)
  if (value === undefined) return undefined
  if (typeof value !== 'string' || value === '' || value.length > length || deceives(value)) {
    throw malformed(`"${name}" must be a text that can be shown, of at most ${length} characters`)
  }
  return value
}

export function neededTextIn(object: JsonObject, name: string, length?: number): string {
  const text = textIn(object, name, length)
  if (text === undefined) throw malformed(`"${name}" is missing`)
  return text
}

export function objectIn(object: JsonObject, name: string): JsonObject | undefined {
  const value = findMember(object, name)
  if (value === undefined || isJsonObject(value)) return value
  throw malformed(`"${name}" must be an object`)
}

/** The items of a list; absent when the list is. */
export function listIn<Item>(
  object: JsonObject,
  name: string,
  { most, read }: { readonly most: number; readonly read: (item: JsonObject) => Item },
): readonly Item[] | undefined {
  const value = findMember(object, name)
  if (value === undefined) return undefined
  if (!isJsonArray(value) || value.length > most)
    throw malformed(`"${name}" must be a list of at most ${most}`)
  return value.map((item) => read(asObject(item, name)))
}

export function oneOf<Word extends string>(
  object: JsonObject,
  name: string,
  words: readonly Word[],
): Word | undefined {
  const value = findMember(object, name)
  if (value === undefined) return undefined
  const word = words.find((known) => known === value)
  if (word === undefined) throw malformed(`"${name}" must be ${words.join(' or ')}`)
  return word
}

/** The object without members that are absent, so that what was read is written as it was. */
export function present<Members extends object>(members: Members): Present<Members>
export function present(members: object): object {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}

type Present<Members> = {
  readonly [Name in keyof Members as undefined extends Members[Name] ? Name : never]?: Exclude<
    Members[Name],
    undefined
  >
} & {
  readonly [Name in keyof Members as undefined extends Members[Name] ? never : Name]: Members[Name]
}

export function malformed(why: string, cause?: unknown): CredentialError {
  return new CredentialError(
    'type_metadata_malformed',
    `The document about the type cannot be used: ${why}`,
    {
      cause,
    },
  )
}

function asObject(value: JsonValue, name: string): JsonObject {
  if (isJsonObject(value)) return value
  throw malformed(`"${name}" must be a list of objects`)
}
