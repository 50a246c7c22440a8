/**
 * A request for two credentials held against all that is held, by our engine over its index and by the package `dcql`
 * 3.0.0, at four sizes; what the index costs; and what a hostile request costs. Half of what is held is of one type and
 * half of the other, and all of it answers, so that nobody is quick for want of work. CPU of the whole process, in turns.
 */
import type { JsonObject } from '@facet-id/credential/json'
import {
  createHeldIndex,
  DCQL_LIMITS,
  evaluateQuery,
  type HeldCredential,
  type HeldIndex,
  type DcqlQuery as Query,
  readDcqlQuery,
} from '@facet-id/protocol/openid4vp/dcql'
import { DcqlQuery } from 'dcql'
import { claims as referenceClaims } from './reference-claims.ts'
import { type Contender, type Cost, costsOf, ratioOf } from './rounds.ts'
import type { Measured } from './run.ts'

const SIZES = [10, 100, 1_000, 10_000]
/** Milliseconds at most, by how much is held. */
const AIMS: ReadonlyMap<number, number> = new Map([
  [1_000, 5],
  [10_000, 40],
])
const TYPES = ['urn:facet:bench:person', 'urn:facet:bench:licence']

const query = {
  credentials: TYPES.map((vct, at) => ({
    id: `q${at}`,
    format: 'dc+sd-jwt',
    meta: { vct_values: [vct] },
    claims: [
      { path: ['given_name'] },
      { path: ['address', 'country'], values: ['UTO'] },
      { path: ['nationalities', null], values: ['UTO', 'XXA'] },
      { path: ['age_equal_or_over', '18'], values: [true] },
    ],
  })),
}

export async function bench(): Promise<readonly Measured[]> {
  const measured: Measured[] = []
  for (const size of SIZES) measured.push(...(await atSize(size)))
  return [...measured, await hostile(1_000), await hostile(10_000)]
}

function heldOf(size: number): readonly HeldCredential[] {
  return Array.from({ length: size }, (_, at) => {
    const vct = TYPES[at % TYPES.length] ?? ''
    return { id: `c${at}`, vct, claims: { ...claimsOf(), vct, number: at }, hasHolderKey: true }
  })
}

/** Each credential has its own, as it has when it was read. */
function claimsOf(): JsonObject {
  return JSON.parse(JSON.stringify(referenceClaims))
}

async function atSize(size: number): Promise<readonly Measured[]> {
  const held = heldOf(size)
  const index = createHeldIndex(held)
  const read = readDcqlQuery(query)
  const theirQuery = DcqlQuery.parse(query as never)
  const theirs = held.map(({ vct, claims }) => ({
    credential_format: 'dc+sd-jwt' as const,
    cryptographic_holder_binding: true,
    vct,
    claims: claims as never,
  }))
  const costs = await costsOf(
    [
      repeated('ours', () => answersIn(read, index), size),
      repeated('theirs', () => theirAnswers(DcqlQuery.query(theirQuery, theirs)), size),
      repeated('index', () => createHeldIndex(held).size, size),
    ],
    size >= 10_000
      ? { rounds: 3, roundMs: 10, warmUpMs: 10 }
      : { rounds: 7, roundMs: 20, warmUpMs: size >= 1_000 ? 100 : 400 },
  )
  const [ours, others, building] = ['ours', 'theirs', 'index'].map((name) => costOf(costs, name))
  if (ours === undefined || others === undefined || building === undefined) throw new Error('not measured')
  const ratio = ratioOf(others, ours)
  return [
    {
      name: `two credentials of ${size} held`,
      unit: 'ms of CPU',
      value: ours.median / 1000,
      notes: {
        ...aimAt(size),
        quartiles: between(ours),
        'dcql 3.0.0': `${(others.median / 1000).toFixed(1)} ms, quartiles ${between(others)}`,
        times_as_fast_as_it: `${ratio.median.toFixed(0)} (${ratio.between})`,
        index_made_once: `${(building.median / 1000).toFixed(2)} ms`,
        times: ours.times,
      },
    },
  ]
}

function aimAt(size: number): Readonly<Record<string, number>> {
  const aim = AIMS.get(size)
  return aim === undefined ? {} : { aim }
}

function answersIn(read: Query, index: HeldIndex<HeldCredential>): number {
  return evaluateQuery(read, index).queries.reduce((sum, { matches }) => sum + matches.length, 0)
}

function theirAnswers({ credential_matches }: ReturnType<typeof DcqlQuery.query>): number {
  return Object.values(credential_matches).reduce(
    (sum, match) => sum + (match.valid_credentials?.length ?? 0),
    0,
  )
}

/**
 * The most that is read, of who knows what such a credential says: as many claims and claim sets as there may be, at
 * paths where there is something, and every set fails at its last claim.
 */
async function hostile(size: number): Promise<Measured> {
  const there: (string | number | null)[][] = [
    ['given_name'],
    ['family_name'],
    ['address', 'country'],
    ['nationalities', null],
  ]
  const claims = Array.from({ length: DCQL_LIMITS.claims }, (_, at) => {
    const path = there[at] ?? ['nationalities', at]
    return { id: `c${at}`, path, ...(at === 0 ? { values: ['nobody is called so'] } : {}) }
  })
  const queries = DCQL_LIMITS.allClaims / DCQL_LIMITS.claims
  const sets = DCQL_LIMITS.members / DCQL_LIMITS.claims / queries
  const claim_sets = Array.from({ length: sets }, (_, at) =>
    [...claims.slice(1, 4), ...claims.slice(4 + at)].map(({ id }) => id),
  )
  const credentials = Array.from({ length: queries }, (_, at) => ({
    id: `q${at}`,
    format: 'dc+sd-jwt',
    meta: { vct_values: TYPES },
    claims,
    claim_sets: claim_sets.map((ids) => [...ids, 'c0']),
  }))
  const read = readDcqlQuery({ credentials })
  const index = createHeldIndex(heldOf(size))
  const costs = await costsOf([repeated('hostile', () => answersIn(read, index), 0)], {
    rounds: 5,
    roundMs: 10,
    warmUpMs: 10,
  })
  const cost = costOf(costs, 'hostile')
  return {
    name: `the largest request that is read, over ${size} held`,
    unit: 'ms of CPU',
    value: cost.median / 1000,
    notes: { quartiles: between(cost), queries, claims_each: DCQL_LIMITS.claims, claim_sets_each: sets },
  }
}

function repeated(name: string, act: () => number, right: number): Contender {
  return {
    name,
    run: (times) => {
      for (let time = 0; time < times; time++) if (act() !== right) throw new Error(`${name} went wrong`)
    },
  }
}

function costOf(costs: ReadonlyMap<string, Cost>, name: string): Cost {
  const cost = costs.get(name)
  if (cost === undefined) throw new Error(`${name} is not measured`)
  return cost
}

function between({ low, high }: Cost): string {
  return `${(low / 1000).toFixed(3)}–${(high / 1000).toFixed(3)} ms`
}
