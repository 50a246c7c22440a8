/** Requests and credentials at random, the same in every run; and what is left of one when all is taken away that does not matter. */
import type { JsonObject, JsonValue } from '@facet-id/credential/json'
import { seededRandom } from '@facet-id/testkit'

export interface HeldCase {
  readonly vct: string
  readonly claims: JsonObject
  readonly bound: boolean
  readonly authority?: {
    readonly type: 'aki' | 'etsi_tl' | 'openid_federation'
    readonly values: readonly string[]
  }
}

export interface ClaimCase {
  readonly id: string
  readonly path: readonly (string | number | null)[]
  readonly values?: readonly (string | number | boolean)[]
}

export interface QueryCase {
  readonly id: string
  readonly format: 'dc+sd-jwt'
  readonly meta: { readonly vct_values: readonly string[] }
  readonly multiple?: boolean
  readonly require_cryptographic_holder_binding?: boolean
  readonly trusted_authorities?: readonly NonNullable<HeldCase['authority']>[]
  readonly claims?: readonly ClaimCase[]
  readonly claim_sets?: readonly (readonly string[])[]
}

export interface DcqlCase {
  readonly query: {
    readonly credentials: readonly QueryCase[]
    readonly credential_sets?: readonly {
      readonly options: readonly (readonly string[])[]
      readonly required?: boolean
    }[]
  }
  readonly held: readonly HeldCase[]
}

export type Dice = ReturnType<typeof diceOf>

export function diceOf(seed: string) {
  const random = seededRandom(seed)
  const below = (end: number): number => {
    const [high = 0, low = 0] = random(2)
    return (high * 256 + low) % end
  }
  // `null` is an item like others.
  const one = <T>([first, ...others]: readonly [T, ...T[]]): T => {
    const at = below(others.length + 1)
    return at === 0 ? first : (others[at - 1] as T)
  }
  const some = <T>(items: readonly T[]): readonly T[] => items.filter(() => below(2) === 0)
  const many = <T>(most: number, make: (place: number) => T): readonly T[] =>
    Array.from({ length: 1 + below(most) }, (_, place) => make(place))
  return { below, one, some, many }
}

/** `odd`: also null, empty lists, elements of several kinds, and names that every object has. */
export function caseOf(dice: Dice, { odd }: { readonly odd: boolean }): DcqlCase {
  const held = dice.many(4, () => heldOf(dice, odd))
  const credentials = dice.many(3, (place) => queryOf(dice, `q${place}`, odd))
  const ids = credentials.map(({ id }) => id)
  const option = (): readonly string[] => {
    const chosen = dice.some(ids)
    return chosen.length === 0 ? [dice.one(['q0'])] : chosen
  }
  const set = () => ({ options: dice.many(3, option), ...(dice.below(3) === 0 ? { required: false } : {}) })
  return {
    query: { credentials, ...(dice.below(2) === 0 ? {} : { credential_sets: dice.many(2, set) }) },
    held,
  }
}

const vcts = ['person', 'licence', 'student'] as const
const names = ['a', 'b', 'c'] as const
const oddNames = ['constructor', '__proto__', 'toString'] as const
const keys = ['AAAA', 'BBBB', 'CCCC'] as const

function nameOf(dice: Dice, odd: boolean): string {
  return odd && dice.below(24) === 0 ? dice.one(oddNames) : dice.one(names)
}

function scalarOf(dice: Dice, odd: boolean): JsonValue {
  return dice.one<JsonValue>([0, 1, '1', 'x', true, false, ...(odd ? [null, null, ''] : [])])
}

function heldOf(dice: Dice, odd: boolean): HeldCase {
  const authority = { type: 'aki', values: dice.many(2, () => dice.one(keys)) } as const
  return {
    vct: dice.one(vcts),
    claims: objectOf(dice, 3, odd),
    bound: dice.below(4) > 0,
    ...(dice.below(2) === 0 ? {} : { authority }),
  }
}

function objectOf(dice: Dice, depth: number, odd: boolean): JsonObject {
  // An assignment would lose `__proto__`.
  return Object.fromEntries(dice.many(3, () => [nameOf(dice, odd), valueAt(dice, depth - 1, odd)] as const))
}

function valueAt(dice: Dice, depth: number, odd: boolean): JsonValue {
  if (depth === 0) return scalarOf(dice, odd)
  switch (dice.below(4)) {
    case 0:
      return objectOf(dice, depth, odd)
    case 1: {
      // Elements of one kind, or a path fits some of them only.
      const kind = dice.below(2)
      const isScalar = (): boolean => (odd ? dice.below(2) : kind) === 0
      const element = (): JsonValue => (isScalar() ? scalarOf(dice, odd) : objectOf(dice, depth, odd))
      return odd && dice.below(6) === 0 ? [] : dice.many(3, element)
    }
    default:
      return scalarOf(dice, odd)
  }
}

function queryOf(dice: Dice, id: string, odd: boolean): QueryCase {
  const claims = distinct(dice.many(3, (place) => claimOf(dice, `c${place}`, odd)))
  const ids = claims.map((claim) => claim.id)
  const set = (): readonly string[] => {
    const chosen = dice.some(ids)
    return chosen.length === 0 ? ids.slice(0, 1) : chosen
  }
  const authorities = dice.many(2, () => ({
    type: 'aki' as const,
    values: dice.many(2, () => dice.one(keys)),
  }))
  const asked =
    dice.below(8) === 0 ? {} : { claims, ...(dice.below(2) === 0 ? {} : { claim_sets: dice.many(3, set) }) }
  return {
    id,
    format: 'dc+sd-jwt',
    meta: { vct_values: dice.many(2, () => dice.one(vcts)) },
    ...(dice.below(3) === 0 ? { multiple: true } : {}),
    ...(dice.below(3) === 0 ? { require_cryptographic_holder_binding: dice.below(2) === 0 } : {}),
    ...(dice.below(4) === 0 ? { trusted_authorities: authorities } : {}),
    ...asked,
  }
}

function claimOf(dice: Dice, id: string, odd: boolean): ClaimCase {
  const step = () => dice.one<string | number | null>(['a', 'b', null, 0, 1])
  const rest = dice.below(4) === 0 ? [null, dice.one(names)] : dice.many(2, step)
  const path = [nameOf(dice, odd), ...(dice.below(2) === 0 ? [] : rest)]
  const value = () => dice.one<string | number | boolean>([0, 1, '1', 'x', true, false])
  return { id, path, ...(dice.below(2) === 0 ? {} : { values: dice.many(3, value) }) }
}

/** §6.1: a claim is asked for once. */
function distinct(claims: readonly ClaimCase[]): readonly ClaimCase[] {
  return [...new Map(claims.map((claim) => [JSON.stringify(claim.path), claim])).values()]
}

/** The smallest case that still shows it, found by leaving out one thing after the other. */
export function shrunk(one: DcqlCase, shows: (smaller: DcqlCase) => boolean): DcqlCase {
  for (const smaller of smallerThan(one)) if (shows(smaller)) return shrunk(smaller, shows)
  return one
}

function* smallerThan({ query, held }: DcqlCase): Iterable<DcqlCase> {
  for (const at of held.keys()) if (held.length > 1) yield { query, held: held.toSpliced(at, 1) }
  const { credential_sets: _, ...without } = query
  if (query.credential_sets !== undefined) yield { query: without, held }
  else {
    for (const at of query.credentials.keys()) {
      if (query.credentials.length > 1)
        yield { query: { credentials: query.credentials.toSpliced(at, 1) }, held }
    }
  }
  for (const [at, credential] of query.credentials.entries()) {
    for (const smaller of smallerQueries(credential)) {
      yield { query: { ...query, credentials: query.credentials.with(at, smaller) }, held }
    }
  }
  for (const [at, one] of held.entries()) {
    for (const name of Object.keys(one.claims)) {
      const claims = Object.fromEntries(Object.entries(one.claims).filter(([other]) => other !== name))
      yield { query, held: held.with(at, { ...one, claims }) }
    }
  }
}

function* smallerQueries(query: QueryCase): Iterable<QueryCase> {
  const { claim_sets, claims = [], trusted_authorities, ...rest } = query
  const authorities = trusted_authorities === undefined ? {} : { trusted_authorities }
  if (claim_sets !== undefined && claim_sets.length > 1) {
    for (const at of claim_sets.keys()) yield { ...query, claim_sets: claim_sets.toSpliced(at, 1) }
  } else if (claim_sets !== undefined) yield { ...rest, ...authorities, claims }
  if (trusted_authorities !== undefined)
    yield { ...rest, claims, ...(claim_sets === undefined ? {} : { claim_sets }) }
  if (claim_sets === undefined) {
    for (const at of claims.keys()) if (claims.length > 1) yield { ...query, claims: claims.toSpliced(at, 1) }
  }
}
