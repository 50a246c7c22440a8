/**
 * Our engine and the package `dcql` 3.0.0 on the same requests over the same credentials. Where they differ, the
 * difference has a name and a reason, and is shown: one that goes away with a newer version fails here, and its row goes.
 */
import type { JsonObject, JsonValue } from '@facet-id/credential/json'
import {
  type Candidate,
  checkVpToken,
  createHeldIndex,
  evaluateQuery,
  type HeldCredential,
  readDcqlQuery,
} from '@facet-id/protocol/openid4vp/dcql'
import { DcqlPresentationResult, DcqlQuery } from 'dcql'
import { expect, test } from 'vitest'
import { type ClaimCase, caseOf, type DcqlCase, diceOf, type HeldCase, shrunk } from './dcql-cases.ts'

const CASES = 4000
const ODD_CASES = 2000

/** What both say of a case: for each query who answers it, by which claim set; and whether all is answered. */
interface Said {
  readonly matches: Readonly<Record<string, readonly string[]>>
  readonly isAnswerable: boolean
}

function candidateOf({ vct, claims, bound, authority }: HeldCase): Candidate {
  const authorities = authority === undefined ? {} : { authorities: { [authority.type]: authority.values } }
  return { vct, claims, hasHolderKey: bound, ...authorities }
}

function weSay({ query, held }: DcqlCase): Said {
  const index = createHeldIndex<HeldCredential>(
    held.map((one, at) => ({ id: String(at), ...candidateOf(one) })),
  )
  const { queries, isAnswerable } = evaluateQuery(readDcqlQuery(query as unknown as JsonValue), index)
  const matches = queries.map(({ query: { id }, matches: found }) => [
    id,
    found.map(({ held: one, claimSet }) => `${one.id} by ${claimSet ?? 'all'}`).sort(),
  ])
  return { matches: Object.fromEntries(matches), isAnswerable }
}

function theirCredential({ vct, claims, bound, authority }: HeldCase) {
  return {
    credential_format: 'dc+sd-jwt' as const,
    cryptographic_holder_binding: bound,
    vct,
    claims: claims as Record<string, never>,
    ...(authority === undefined
      ? {}
      : { authority: { type: authority.type, values: [...authority.values] } }),
  }
}

function theirQuery(query: DcqlCase['query']) {
  const parsed = DcqlQuery.parse(JSON.parse(JSON.stringify(query)))
  DcqlQuery.validate(parsed)
  return parsed
}

function theySay({ query, held }: DcqlCase): Said {
  const result = DcqlQuery.query(theirQuery(query), held.map(theirCredential) as never)
  const matches = query.credentials.map(({ id }) => {
    const valid = result.credential_matches[id]?.valid_credentials ?? []
    const answers = valid.map(({ input_credential_index: at, claims }) => {
      const [first] = claims.valid_claim_sets
      return `${at} by ${first.claim_set_index ?? 'all'}`
    })
    return [id, answers.sort()]
  })
  return { matches: Object.fromEntries(matches), isAnswerable: result.can_be_satisfied }
}

/** What they say, or that they throw. */
function theirs(one: DcqlCase): Said | string {
  try {
    return theySay(one)
  } catch (error) {
    return `throws: ${error instanceof Error ? error.message.slice(0, 80) : ''}`
  }
}

const differs = (one: DcqlCase): boolean => JSON.stringify(weSay(one)) !== JSON.stringify(theirs(one))

test('VP-6.4-1, VP-6.4.1-3, VP-6.4.2-2 both engines say the same of thousands of requests', () => {
  const dice = diceOf('dcql')
  let matched = 0
  let answerable = 0
  for (let run = 0; run < CASES; run++) {
    const one = caseOf(dice, { odd: false })
    const ours = weSay(one)
    if (differs(one) && reasonsFor(one).length === 0) {
      const small = shrunk(one, (smaller) => differs(smaller) && reasonsFor(smaller).length === 0)
      expect([JSON.stringify(small), theirs(small)]).toEqual([JSON.stringify(small), weSay(small)])
    }
    matched += Object.values(ours.matches).filter((answers) => answers.length > 0).length
    answerable += ours.isAnswerable ? 1 : 0
  }
  // Neither all of one kind nor of the other, or nothing was shown.
  expect(matched).toBeGreaterThan(CASES / 10)
  expect(answerable).toBeGreaterThan(CASES / 10)
  expect(answerable).toBeLessThan((CASES * 9) / 10)
})

/** Each difference, why ours does what it does, and the smallest case that shows it. */
const differences = {
  'an element that does not fit': {
    reason:
      '§7.1.1: "If any of the currently selected element(s) is not an object, abort processing and return an error"',
    path: ['a', null, 'b'],
    claims: { a: [{ b: 1 }, 'x'] },
    ours: false,
  },
  'an empty list': {
    reason:
      '§7.1.1: "If the set of elements currently selected is empty, abort processing and return an error"',
    path: ['a', null],
    claims: { a: [] },
    ours: false,
  },
  'a claim that is null': {
    reason: '§7.1.1 selects by presence: null is a value of JSON, and the claim is there',
    path: ['a'],
    claims: { a: null },
    ours: true,
  },
  'a name that every object has': {
    reason:
      'what an object inherits from the language is no claim of a credential; theirs finds it, or throws',
    path: ['constructor'],
    claims: { a: 1 },
    ours: false,
  },
} as const satisfies Record<
  string,
  { reason: string; path: ClaimCase['path']; claims: JsonObject; ours: boolean }
>

test.each(Object.entries(differences))('VP-7-1 they differ on %s', (name, { path, claims, ours }) => {
  const claim = { id: 'c', path }
  const one: DcqlCase = {
    query: {
      credentials: [{ id: 'q', format: 'dc+sd-jwt', meta: { vct_values: ['person'] }, claims: [claim] }],
    },
    held: [{ vct: 'person', claims, bound: true }],
  }
  expect(weSay(one).isAnswerable).toBe(ours)
  expect(theirs(one)).toMatchObject({ isAnswerable: !ours })
  expect(reasonsFor(one)).toEqual([name])
})

test('VP-7-1 of odd requests every difference is one of those, and each of those occurs', () => {
  const dice = diceOf('odd dcql')
  const seen = new Map<string, number>()
  for (let run = 0; run < ODD_CASES; run++) {
    const one = caseOf(dice, { odd: true })
    if (!differs(one)) continue
    // It may throw before it comes to anything else.
    if (throwsAtName(one)) {
      seen.set(THROWS, (seen.get(THROWS) ?? 0) + 1)
      continue
    }
    const reasons = reasonsFor(one)
    if (reasons.length === 0) {
      const isNew = (other: DcqlCase): boolean => reasonsFor(other).length === 0 && !throwsAtName(other)
      const small = shrunk(one, (smaller) => differs(smaller) && isNew(smaller))
      expect([JSON.stringify(small), theirs(small)]).toEqual([JSON.stringify(small), weSay(small)])
    }
    for (const reason of reasons) seen.set(reason, (seen.get(reason) ?? 0) + 1)
  }
  expect([...seen.keys()].sort()).toEqual([THROWS, ...Object.keys(differences)].sort())
})

const THROWS = 'a name that every object has, at which it throws'

/** `constructor`, `toString` and their like, in a path or in a credential. */
function throwsAtName(one: DcqlCase): boolean {
  return typeof theirs(one) === 'string' && /"(?:constructor|__proto__|toString)"/.test(JSON.stringify(one))
}

test('VP-6.4.2-4 a credential with a claim that is called like a member of every object stops no search', () => {
  const claim = { id: 'c', path: ['a'], values: ['1'] }
  const one: DcqlCase = {
    query: {
      credentials: [{ id: 'q', format: 'dc+sd-jwt', meta: { vct_values: ['person'] }, claims: [claim] }],
    },
    held: [
      { vct: 'person', claims: { a: { toString: '1' } }, bound: true },
      { vct: 'person', claims: { a: '1' }, bound: true },
    ],
  }
  expect(weSay(one)).toEqual({ matches: { q: ['1 by all'] }, isAnswerable: true })
  expect(theirs(one)).toContain('throws')
})

/** Which of the differences a case could show, by looking at where its paths lead. */
function reasonsFor({ query, held }: DcqlCase): readonly string[] {
  const found = new Set<string>()
  for (const { claims = [] } of query.credentials) {
    for (const { path } of claims) for (const one of held) walk(one.claims, path, found)
  }
  return [...found].sort()
}

function walk(value: JsonValue, path: ClaimCase['path'], found: Set<string>): void {
  const [step, ...rest] = path
  if (typeof step === 'string' && step in {}) found.add('a name that every object has')
  if (value === null) found.add('a claim that is null')
  if (step === undefined || typeof value !== 'object' || value === null) return
  if (step === null) {
    if (!Array.isArray(value)) return
    if (value.length === 0) found.add('an empty list')
    const [next] = rest
    const fits = value.filter((element) => next === undefined || isFor(element, next))
    if (fits.length > 0 && fits.length < value.length) found.add('an element that does not fit')
    for (const element of value) walk(element, rest, found)
    return
  }
  const member = Object.hasOwn(value, step) ? (value as Record<string | number, JsonValue>)[step] : undefined
  if (member !== undefined) walk(member, rest, found)
}

function isFor(value: JsonValue, step: string | number | null): boolean {
  return typeof step === 'string'
    ? typeof value === 'object' && value !== null && !Array.isArray(value)
    : Array.isArray(value)
}

test('VP-8.6-3, VP-14.11-1 both engines say the same of whole answers', () => {
  const dice = diceOf('dcql answers')
  let held = 0
  for (let run = 0; run < CASES / 4; run++) {
    const one = withoutNumbers(caseOf(dice, { odd: false }))
    if (reasonsFor(one).length > 0) continue
    const query = readDcqlQuery(one.query as unknown as JsonValue)
    const sent = one.query.credentials.flatMap(({ id, multiple }) => {
      const chosen = dice.some(one.held)
      const presented = multiple === true ? chosen : chosen.slice(0, 1)
      return presented.length === 0 ? [] : [[id, presented] as const]
    })
    if (sent.length === 0) continue
    const presented = sent.flatMap(([queryId, all]) => all.map((each) => ({ queryId, ...candidateOf(each) })))
    const ours = checkVpToken(query, presented)
    const theirs = DcqlPresentationResult.fromDcqlPresentation(
      Object.fromEntries(sent.map(([id, all]) => [id, all.map(theirCredential)])) as never,
      { dcqlQuery: theirQuery(one.query) },
    )
    // Theirs refuses an answer for anything in it that does not fit; ours passes over it, where the rest is enough (§8.6).
    const allFit = ours.answers.every(({ match }) => match.matches)
    if (allFit)
      expect([JSON.stringify(one), theirs.can_be_satisfied]).toEqual([JSON.stringify(one), ours.holds])
    else if (theirs.can_be_satisfied) expect(ours.holds).toBe(true)
    held += ours.holds ? 1 : 0
  }
  expect(held).toBeGreaterThan(CASES / 100)
})

/** A position means something else to a verifier (specs/openid4vp.md). */
function withoutNumbers({ query, held }: DcqlCase): DcqlCase {
  const credentials = query.credentials.map((one) => {
    if (one.claims === undefined) return one
    const claims = one.claims.map((claim) => ({
      ...claim,
      path: claim.path.map((step) => (typeof step === 'number' ? null : step)),
    }))
    const distinct = new Set(claims.map(({ path }) => JSON.stringify(path))).size === claims.length
    const { claims: _, claim_sets: __, ...rest } = one
    return distinct ? { ...one, claims } : rest
  })
  return { query: { ...query, credentials }, held }
}
