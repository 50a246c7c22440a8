/**
 * What a wallet holds, ordered for queries: by type, and by the paths at which its credentials have
 * claims. Made once and changed with the shelf, so that a request touches only what could answer it.
 */
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@facet-id/credential/json'
import type { ClaimsPath } from '@facet-id/credential/sd-jwt'
import type { CredentialQuery } from './credential-query.ts'
import { DCQL_LIMITS } from './limits.ts'
import type { Candidate } from './match.ts'

/** A credential in the index. It is not changed while it is there: put it anew. */
export interface HeldCredential extends Candidate {
  readonly id: string
}

export interface HeldIndex<Held extends HeldCredential> {
  /** Adds a credential, or puts it in the place of the one with its id. */
  put(held: Held): void
  /** Takes one out; one that is not there is no error. */
  remove(id: string): void
  find(id: string): Held | undefined
  /** Those that could answer: all that do, and some that do not. */
  candidatesFor(query: CredentialQuery): Iterable<Held>
  readonly size: number
}

export function createHeldIndex<Held extends HeldCredential>(from: Iterable<Held> = []): HeldIndex<Held> {
  const all = new Map<string, Held>()
  const byType = new Map<string, Set<Held>>()
  const byPath = emptyPlace<Held>()
  const nobody: ReadonlySet<Held> = new Set()

  const remove = (id: string): void => {
    const held = all.get(id)
    if (held === undefined) return
    all.delete(id)
    for (const type of typesOf(held)) {
      const among = byType.get(type)
      if (among?.delete(held) && among.size === 0) byType.delete(type)
    }
    forget(held, held.claims, byPath)
  }

  const put = (held: Held): void => {
    remove(held.id)
    all.set(held.id, held)
    for (const type of typesOf(held)) {
      const among = byType.get(type) ?? new Set()
      byType.set(type, among.add(held))
    }
    remember(held, held.claims, { place: byPath, depth: 0 })
  }

  for (const held of from) put(held)
  return {
    put,
    remove,
    find: (id) => all.get(id),
    candidatesFor({ meta, claims = [], claim_sets }) {
      const ofTypes = ofAnyType(meta.vct_values, byType)
      const having = (paths: readonly ClaimsPath[]): ReadonlySet<Held> =>
        fewest(
          paths.map((path) => findPlace(byPath, path)?.having ?? nobody),
          ofTypes,
        )
      if (claim_sets === undefined) return having(claims.map(({ path }) => path))
      const paths = new Map(claims.map(({ id, path }) => [id, path]))
      const bySet = claim_sets.map((ids) => having(ids.flatMap((id) => [paths.get(id) ?? []])))
      const count = bySet.reduce((sum, { size }) => sum + size, 0)
      return count < ofTypes.size ? new Set(bySet.flatMap((among) => [...among])) : ofTypes
    },
    get size() {
      return all.size
    },
  }
}

function fewest<Held>(among: readonly ReadonlySet<Held>[], first: ReadonlySet<Held>): ReadonlySet<Held> {
  return among.reduce((least, one) => (one.size < least.size ? one : least), first)
}

function typesOf({ vct, extended = [] }: Candidate): readonly string[] {
  return [vct, ...extended]
}

function ofAnyType<Held>(vcts: readonly string[], byType: ReadonlyMap<string, Set<Held>>): ReadonlySet<Held> {
  const found = vcts.flatMap((vct) => byType.get(vct) ?? [])
  const [only = new Set<Held>(), ...more] = found
  return more.length === 0 ? only : new Set(found.flatMap((among) => [...among]))
}

/** A place in claims, elements of an array being one place; and who has something there. */
interface Place<Held> {
  readonly having: Set<Held>
  readonly inside: Map<string | null, Place<Held>>
}

function emptyPlace<Held>(): Place<Held> {
  return { having: new Set(), inside: new Map() }
}

function remember<Held>(
  held: Held,
  value: JsonValue,
  at: { readonly place: Place<Held>; readonly depth: number },
): void {
  at.place.having.add(held)
  // No path that is read goes deeper.
  if (at.depth === DCQL_LIMITS.pathDepth) return
  for (const [step, member] of stepsInto(value)) {
    const inside = at.place.inside.get(step) ?? emptyPlace<Held>()
    at.place.inside.set(step, inside)
    remember(held, member, { place: inside, depth: at.depth + 1 })
  }
}

function forget<Held>(held: Held, value: JsonValue, place: Place<Held>): void {
  place.having.delete(held)
  for (const [step, member] of stepsInto(value)) {
    const inside = place.inside.get(step)
    if (inside === undefined) continue
    forget(held, member, inside)
    if (inside.having.size === 0) place.inside.delete(step)
  }
}

function stepsInto(value: JsonValue): readonly (readonly [string | null, JsonValue])[] {
  if (isJsonArray(value)) return value.map((element) => [null, element])
  return isJsonObject(value) ? Object.entries(value as JsonObject) : []
}

function findPlace<Held>(from: Place<Held>, path: ClaimsPath): Place<Held> | undefined {
  let place: Place<Held> | undefined = from
  // What stands deeper is not remembered: then whoever has what it stands in may have it.
  for (const step of path.slice(0, DCQL_LIMITS.pathDepth))
    place = place?.inside.get(typeof step === 'string' ? step : null)
  return place
}
