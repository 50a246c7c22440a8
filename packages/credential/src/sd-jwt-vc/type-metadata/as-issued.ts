/**
 * A credential as it was issued: what was withheld keeps its place in arrays, and what came in a
 * disclosure says so. draft-ietf-oauth-sd-jwt-vc-19 §5.6.
 *
 * Of what opened before (`openSdJwt`): digests and disclosures are known to fit.
 */

import { CredentialError } from '../../error.ts'
import type { Hash } from '../../jose/ports.ts'
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../json.ts'
import type { ClaimsPath } from '../../sd-jwt/claims-path.ts'
import { readDisclosure } from '../../sd-jwt/disclosure.ts'
import { readHashAlgorithm } from '../../sd-jwt/hash-algorithm.ts'
import type { FindDisclosure } from '../../sd-jwt/open.ts'
import { isReservedName, readDigests, readPlaceholder } from '../../sd-jwt/reserved-name.ts'

/** One value where it stands. */
export interface IssuedValue {
  /** Whether it is a disclosure itself, and not only inside of one. */
  readonly isDisclosure: boolean
  /** Absent for an element of an array that was withheld. */
  readonly content?: IssuedContent
}

export type IssuedContent =
  | { readonly kind: 'object'; readonly members: ReadonlyMap<string, IssuedValue> }
  | { readonly kind: 'array'; readonly elements: readonly IssuedValue[] }
  | { readonly kind: 'value' }

/** @throws {CredentialError} those of `readDisclosure` and `readHashAlgorithm`, for what did not open before */
export function asIssued(payload: JsonObject, disclosures: readonly string[], hash: Hash): IssuedValue {
  const alg = readHashAlgorithm(payload)
  const byDigest = new Map(disclosures.map((encoded) => [hash(alg, encoded), readDisclosure(encoded)]))
  return asOpened(payload, (digest) => byDigest.get(digest))
}

/** @param find of the payload that was opened: `openKeepingDisclosures` */
export function asOpened(payload: JsonObject, find: FindDisclosure): IssuedValue {
  return { isDisclosure: false, content: contentOf(payload, find) }
}

/**
 * What a path selects, withheld elements among it. Nothing is no error here (§5.6.1.2), and nothing is
 * selected inside of what was withheld.
 *
 * @throws {CredentialError} `claims_path_type_mismatch` when the path goes into a member of something
 *   that is no object, or an element of something that is no array
 */
export function selectIssued(root: IssuedValue, path: ClaimsPath): readonly IssuedValue[] {
  let selected: readonly IssuedValue[] = [root]
  for (const component of path) selected = selected.flatMap((value) => step(value, component))
  return selected
}

function step({ content }: IssuedValue, component: string | number | null): readonly IssuedValue[] {
  if (content === undefined) return []
  if (typeof component === 'string') {
    if (content.kind !== 'object') throw mismatch('A name in a claims path selects in an object only')
    const member = content.members.get(component)
    return member === undefined ? [] : [member]
  }
  if (content.kind !== 'array') throw mismatch('A number or null in a claims path selects in an array only')
  return component === null ? content.elements : content.elements.slice(component, component + 1)
}

function contentOf(value: JsonValue, find: FindDisclosure): IssuedContent {
  if (isJsonArray(value)) return { kind: 'array', elements: value.map((item) => elementOf(item, find)) }
  if (!isJsonObject(value)) return { kind: 'value' }
  const members = new Map<string, IssuedValue>()
  for (const [name, member] of Object.entries(value)) {
    if (isReservedName(name)) continue
    members.set(name, { isDisclosure: false, content: contentOf(member, find) })
  }
  for (const digest of readDigests(value)) {
    const { name, value: member } = find(digest) ?? {}
    if (name === undefined || member === undefined) continue
    members.set(name, { isDisclosure: true, content: contentOf(member, find) })
  }
  return { kind: 'object', members }
}

function elementOf(element: JsonValue, find: FindDisclosure): IssuedValue {
  const digest = readPlaceholder(element)
  if (digest === undefined) return { isDisclosure: false, content: contentOf(element, find) }
  const disclosed = find(digest)
  if (disclosed === undefined) return { isDisclosure: true }
  return { isDisclosure: true, content: contentOf(disclosed.value, find) }
}

function mismatch(message: string): CredentialError {
  return new CredentialError('claims_path_type_mismatch', message)
}
