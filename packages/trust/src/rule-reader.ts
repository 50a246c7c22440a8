/** How rules are read: one broken rule refuses the whole, and the message says where it stands. */
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@facet-id/credential/json'
import { TrustError } from './error.ts'

const blankOrControl = /[\s\p{C}]/u

export function readName(value: JsonValue | undefined, place: string): string {
  if (typeof value !== 'string' || value === '' || blankOrControl.test(value)) {
    throw malformed(place, 'must be a text that is not empty, without blanks')
  }
  if (value.includes('*')) {
    throw new TrustError(
      'rule_wildcard',
      `${place} names one party or type: write each out, or "any" for all types`,
    )
  }
  return value
}

export function readList<T>(
  value: JsonValue | undefined,
  place: string,
  readItem: (item: JsonValue, place: string) => T,
): readonly T[] {
  if (!isJsonArray(value)) throw malformed(place, 'must be a list')
  return value.map((item, index) => readItem(item, `${place}[${index}]`))
}

export function readMembers<Name extends string>(
  value: JsonValue,
  names: readonly Name[],
  place: string,
): { readonly [name in Name]?: JsonValue } {
  if (!isJsonObject(value)) throw malformed(place, 'must be an object')
  if (!hasOnly(value, names)) throw malformed(place, `has no members but ${names.join(' and ')}`)
  return value
}

function hasOnly<Name extends string>(
  value: JsonObject,
  names: readonly Name[],
): value is { readonly [name in Name]: JsonValue } {
  return Object.keys(value).every((name) => names.some((known) => known === name))
}

export function distinct<T>(items: readonly T[], nameOf: (item: T) => string, place: string): readonly T[] {
  if (new Set(items.map(nameOf)).size === items.length) return items
  throw new TrustError(
    'rule_repeated',
    `${place} names the same twice: leave one rule, with all that it allows`,
  )
}

export function malformed(place: string, what: string, cause?: unknown): TrustError {
  return new TrustError('rule_malformed', `${place} ${what}`, cause === undefined ? {} : { cause })
}
