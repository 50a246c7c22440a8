/** What a verifier sees of a credential when some places of it are shown. RFC 9901 §7.2; OpenID4VP 1.0 §7. */
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@facet-id/credential/json'
import type { ClaimPlace } from '@facet-id/credential/sd-jwt'
import { protectedClaims } from '@facet-id/credential/sd-jwt-vc'

/** The claims of a credential, and the places of those that can be withheld. */
export interface Disclosable {
  readonly claims: JsonObject
  readonly disclosable: readonly ClaimPlace[]
}

export interface DisclosedValue {
  /** Where the verifier sees it: withheld elements leave no gap. */
  readonly path: ClaimPlace
  readonly value: JsonValue
  /** Whether it is, or is inside of, what was selected; otherwise it cannot be withheld, or not from what was. */
  readonly isAsked: boolean
}

/**
 * Every value that is seen, in the order of the places, but for the members that say what a credential is:
 * more than was asked for, where a claim stands inside of another, or cannot be withheld.
 */
export function disclosedBy(
  { claims, disclosable }: Disclosable,
  places: readonly ClaimPlace[],
): readonly DisclosedValue[] {
  const root = treeOf(disclosable, places)
  const ranks = new Map<string | number | undefined, number>()
  for (const [at, [first]] of places.entries()) if (!ranks.has(first)) ranks.set(first, at)
  const rank = (name: string): number => ranks.get(name) ?? places.length
  return membersOf(claims)
    .filter(([name]) => name !== 'iat' && !protectedClaims.includes(name))
    .sort(([a], [b]) => rank(a) - rank(b))
    .flatMap(([name, value]) => seenAt(value, root.inside.get(name), { path: [name], isAsked: false }) ?? [])
}

/** Places of a credential as a tree. */
interface Place {
  readonly inside: Map<string | number, Place>
  /** What stands here can be withheld. */
  isDisclosable?: true
  /** It is shown, or something inside of it is. */
  isOnTheWay?: true
  /** It was selected. */
  isSelected?: true
}

function treeOf(disclosable: readonly ClaimPlace[], selected: readonly ClaimPlace[]): Place {
  const root: Place = { inside: new Map() }
  const walk = (place: ClaimPlace, visit: (node: Place) => void): Place =>
    place.reduce((node: Place, step) => {
      const next = node.inside.get(step) ?? { inside: new Map() }
      node.inside.set(step, next)
      visit(next)
      return next
    }, root)
  for (const place of disclosable) walk(place, () => undefined).isDisclosable = true
  for (const place of selected) {
    walk(place, (node) => {
      node.isOnTheWay = true
    }).isSelected = true
  }
  return root
}

type Seen = Pick<DisclosedValue, 'path' | 'isAsked'>

/** `undefined`: it is withheld. Empty: what is there is seen to be there, and says nothing. */
function seenAt(
  value: JsonValue,
  node: Place | undefined,
  seen: Seen,
): readonly DisclosedValue[] | undefined {
  if (node?.isDisclosable === true && node.isOnTheWay !== true) return undefined
  const isAsked = seen.isAsked || node?.isSelected === true
  if (isJsonArray(value) && value.length > 0) {
    let place = 0
    return value.flatMap((element, index) => {
      const within = seenAt(element, node?.inside.get(index), { path: [...seen.path, place], isAsked })
      if (within === undefined) return []
      place++
      return within
    })
  }
  if (isJsonObject(value) && Object.keys(value).length > 0) {
    return membersOf(value).flatMap(
      ([name, member]) =>
        seenAt(member, node?.inside.get(name), { path: [...seen.path, name], isAsked }) ?? [],
    )
  }
  return [{ path: seen.path, value, isAsked }]
}

/** By name: digests, and so what comes of them, stand in another order in each copy. */
function membersOf(object: JsonObject): readonly [string, JsonValue][] {
  return Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1))
}
