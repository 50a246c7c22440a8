/**
 * Reads the members of a JSON object in a file that an operator wrote: what is wrong is said by its place in the file, and
 * what nobody knows is refused, since it may be something important that is written wrongly.
 */
import { dirname, resolve } from 'node:path'
import {
  findMember,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '@facet-id/credential/json'
import { FacetError } from '../error.ts'

export interface Members {
  /** Where all of it stands. */
  readonly file: string
  has(name: string): boolean
  value(name: string): JsonValue | undefined
  /** @throws {FacetError} `file_unusable`, as all of these do */
  text(name: string): string
  findText(name: string): string | undefined
  findTexts(name: string): readonly string[] | undefined
  /** One of these words; absent: the member is not there. */
  findWord<Word extends string>(name: string, words: readonly Word[]): Word | undefined
  /** 0 or more. */
  findWhole(name: string): number | undefined
  findFlag(name: string): boolean | undefined
  find(name: string, known: readonly string[]): Members | undefined
  /** A list of objects; none where the member is not there. */
  list(name: string, known: readonly string[]): readonly Members[]
  /** An object of objects; none where the member is not there. */
  named(name: string, known: readonly string[]): readonly (readonly [name: string, members: Members])[]
  /** A path as it is written, beside the file. */
  beside(path: string): string
  /** What is wrong with a member. */
  refuse(name: string, why: string, cause?: unknown): FacetError
}

/**
 * @param known the names of all members that mean something
 * @param at where in the file the object is; absent: it is the whole
 * @throws {FacetError} `file_unusable` for a member that is not known
 */
export function membersOf(of: JsonObject, known: readonly string[], { file, at = '' }: Place): Members {
  const place = (name: string): string => (at === '' ? name : `${at}.${name}`)
  const refuse = (name: string, why: string, cause?: unknown): FacetError =>
    new FacetError('file_unusable', `${file}: ${place(name)} ${why}`, { cause })
  const unknown = Object.keys(of).find((name) => !known.includes(name))
  if (unknown !== undefined) throw refuse(unknown, 'is nothing that is known here')
  const value = (name: string): JsonValue | undefined => findMember(of, name)

  function find<T>(name: string, is: (value: JsonValue) => T | undefined, what: string): T | undefined {
    const found = value(name)
    if (found === undefined) return undefined
    const read = is(found)
    if (read === undefined) throw refuse(name, `must be ${what}`)
    return read
  }
  const inside = (object: JsonObject, name: string, names: readonly string[]): Members =>
    membersOf(object, names, { file, at: place(name) })

  const members: Members = {
    file,
    has: (name) => value(name) !== undefined,
    value,
    refuse,
    beside: (path) => resolve(dirname(file), path),
    text(name) {
      const found = members.findText(name)
      if (found === undefined) throw refuse(name, 'is missing')
      return found
    },
    findText: (name) => find(name, textIn, 'a text'),
    findTexts: (name) =>
      find(
        name,
        (found) => {
          const texts = isJsonArray(found) ? found.map(textIn) : [undefined]
          return texts.every((text) => text !== undefined) ? texts : undefined
        },
        'a list of texts',
      ),
    findWord: (name, words) =>
      find(name, (found) => words.find((word) => word === found), `one of ${words.join(', ')}`),
    findWhole: (name) =>
      find(
        name,
        (found) =>
          typeof found === 'number' && Number.isSafeInteger(found) && found >= 0 ? found : undefined,
        'a whole number, 0 or more',
      ),
    findFlag: (name) =>
      find(name, (found) => (typeof found === 'boolean' ? found : undefined), 'true or false'),
    find(name, names) {
      const object = find(name, (found) => (isJsonObject(found) ? found : undefined), 'an object')
      return object && inside(object, name, names)
    },
    list(name, names) {
      const all = find(
        name,
        (found) => (isJsonArray(found) && found.every(isJsonObject) ? found.filter(isJsonObject) : undefined),
        'a list of objects',
      )
      return (all ?? []).map((object, index) => inside(object, `${name}.${index}`, names))
    },
    named(name, names) {
      const all = find(name, (found) => (isJsonObject(found) ? found : undefined), 'an object')
      return Object.entries(all ?? {}).map(([own, found]) => {
        if (!isJsonObject(found)) throw refuse(`${name}.${own}`, 'must be an object')
        return [own, inside(found, `${name}.${own}`, names)] as const
      })
    },
  }
  return members
}

export interface Place {
  readonly file: string
  readonly at?: string
}

function textIn(value: JsonValue): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
