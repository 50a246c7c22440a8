/**
 * What is kept of a presentation: the claims that were asked for. Whatever a wallet shows besides is
 * dropped here, before it rests anywhere.
 */
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@facet-id/credential/json'
import type { ClaimPlace } from '@facet-id/credential/sd-jwt'
import type { VerifiedCredential } from '@facet-id/credential/sd-jwt-vc'

export interface Shown {
  /** What stands at the places asked for, in the clear or disclosed, in the credential's shape and the query's order. */
  readonly claims: JsonObject
  /** Whether something was disclosed that nobody had asked for. */
  readonly more: boolean
}

/** @param asked where the claims stand that answer the query; a place stands for all that is inside it */
export function shownOf(
  { claims, disclosed }: Pick<VerifiedCredential, 'claims' | 'disclosed'>,
  asked: readonly ClaimPlace[],
): Shown {
  const wanted = treeOf(asked)
  return { claims: pickMembers(claims, wanted), more: disclosed.some((place) => !isOn(wanted, place)) }
}

/** Places as a tree; `whole` where one of them ends. */
interface Wanted {
  readonly inside: Map<string | number, Wanted>
  whole: boolean
}

function treeOf(places: readonly ClaimPlace[]): Wanted {
  const root: Wanted = { inside: new Map(), whole: false }
  for (const place of places) {
    let node = root
    for (const step of place) {
      const next = node.inside.get(step) ?? { inside: new Map(), whole: false }
      node.inside.set(step, next)
      node = next
    }
    node.whole = true
  }
  return root
}

/** Inside what was asked for, or on the way to it. */
function isOn(wanted: Wanted, place: ClaimPlace): boolean {
  let node = wanted
  for (const step of place) {
    if (node.whole) return true
    const next = node.inside.get(step)
    if (next === undefined) return false
    node = next
  }
  return true
}

/** In the order in which they are asked for, names that are numbers first: that of the credential is chance. */
function pickMembers(object: JsonObject, { inside }: Wanted): JsonObject {
  return Object.fromEntries(
    [...inside].flatMap(([name, node]) => {
      const value = typeof name === 'string' && Object.hasOwn(object, name) ? object[name] : undefined
      return value === undefined ? [] : [[name, pick(value, node)] as const]
    }),
  )
}

function pick(value: JsonValue, wanted: Wanted): JsonValue {
  if (wanted.whole) return value
  if (isJsonObject(value)) return pickMembers(value, wanted)
  if (!isJsonArray(value)) return value
  return value.flatMap((element, index): readonly JsonValue[] => {
    const node = wanted.inside.get(index)
    return node === undefined ? [] : [pick(element, node)]
  })
}
