/**
 * One credential issued, presented and judged, by our engine and by `@sd-jwt/core` 0.20.0 on the same native
 * cryptography, beside what the signatures cost by themselves; and how the cost grows with the number of
 * disclosures and with their depth. CPU of the whole process, in turns, medians.
 */
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { splitSdJwt } from '@facet-id/credential/sd-jwt'
import { generateKey } from '@facet-id/crypto/node'
import { checkGrowth, depthOf, widthOf } from './growth.ts'
import {
  issue,
  issuerKeys,
  judge,
  keep,
  present,
  theirs,
  theyIssue,
  theyPresent,
  theyVerify,
} from './reference-credential.ts'
import { type Contender, type Cost, costsOf } from './rounds.ts'
import type { Measured } from './run.ts'

const ROUNDS = 21
const ROUND_MS = 40
/** More than keys are kept, so that each comes as a stranger's. */
const STRANGERS = 1_300

export async function bench(): Promise<readonly Measured[]> {
  const costs = await costsOf(contenders(await fixture()), { rounds: ROUNDS, roundMs: ROUND_MS })
  return [
    row('issue: 10 disclosable claims', costs, { ours: 'issue', floor: 'sign', theirs: 'their issue' }),
    row('present: 3 of 10, key binding', costs, { ours: 'present', floor: 'sign', theirs: 'their present' }),
    row('verify: holder key cached', costs, {
      ours: 'judge',
      floor: 'two verifications',
      theirs: 'their verify',
    }),
    row('verify: holder key cold', costs, {
      ours: 'judge cold',
      floor: 'two verifications and an import',
      theirs: 'their verify cold',
    }),
    ...(await checkGrowth('disclosures', widthOf, [10, 100, 1_000, 10_000])),
    ...(await checkGrowth('depth', depthOf, [8, 32, 60])),
  ]
}

interface Fixture {
  readonly issued: string
  readonly presented: string
  readonly holder: ReturnType<typeof generateKey>
  readonly strangers: readonly string[]
}

async function fixture(): Promise<Fixture> {
  const holder = generateKey()
  const issued = issue(holder.publicJwk)
  const strangers = Array.from({ length: STRANGERS }, () => {
    const stranger = generateKey()
    return present(keep(issue(stranger.publicJwk), stranger))
  })
  return { issued, presented: present(keep(issued, holder)), holder, strangers }
}

function contenders({ issued, presented, holder, strangers }: Fixture): readonly Contender[] {
  const kept = keep(issued, holder)
  const engine = theirs(holder)
  const floor = signatures(presented)
  const strangerKeys = Array.from({ length: STRANGERS }, () => ({ ...generateKey().publicJwk }))
  const nextOf = inTurn(strangers)
  const nextKey = inTurn(strangerKeys)
  return [
    repeated('sign', () => sign('sha256', floor.data, floor.privateKey), notEmpty),
    repeated('two verifications', () => floor.holds() && floor.holds(), isTrue),
    repeated(
      'two verifications and an import',
      () => floor.holds() && floor.holds(createPublicKey({ key: nextKey(), format: 'jwk' })),
      isTrue,
    ),
    repeated('issue', () => issue(holder.publicJwk), disclosing(10)),
    repeated('present', () => present(kept), disclosing(3)),
    repeated('judge', () => judge(presented).verified, isTrue),
    repeated('judge cold', () => judge(nextOf()).verified, isTrue),
    awaited('their issue', () => theyIssue(engine, holder.publicJwk), disclosing(10)),
    awaited('their present', () => theyPresent(engine, issued), disclosing(3)),
    awaited('their verify', async () => (await theyVerify(engine, presented)).kb !== undefined, isTrue),
    awaited('their verify cold', async () => (await theyVerify(engine, nextOf())).kb !== undefined, isTrue),
  ]
}

/** Every result is looked at: whoever did no work stops the benchmark. */
function repeated<T>(name: string, act: () => T, isRight: (result: T) => boolean): Contender {
  return {
    name,
    run: (times) => {
      for (let time = 0; time < times; time++) if (!isRight(act())) throw new Error(`${name} went wrong`)
    },
  }
}

function awaited<T>(name: string, act: () => Promise<T>, isRight: (result: T) => boolean): Contender {
  return {
    name,
    run: async (times) => {
      for (let time = 0; time < times; time++)
        if (!isRight(await act())) throw new Error(`${name} went wrong`)
    },
  }
}

const isTrue = (result: boolean): boolean => result
const notEmpty = (result: Uint8Array): boolean => result.length > 0
const disclosing =
  (count: number) =>
  (compact: string): boolean =>
    splitSdJwt(compact).disclosures.length === count

function inTurn<T>(items: readonly T[]): () => T {
  let at = 0
  return () => {
    const item = items[at++ % items.length]
    if (item === undefined) throw new Error('there is nothing to take in turn')
    return item
  }
}

/** What is signed in a presentation, as the platform checks it at its fastest. */
function signatures(presented: string) {
  const { jwt } = splitSdJwt(presented)
  const data = Buffer.from(jwt.slice(0, jwt.lastIndexOf('.')))
  const privateKey = createPrivateKey({ key: { ...issuerKeys.privateJwk }, format: 'jwk' })
  const publicKey = createPublicKey({ key: { ...issuerKeys.publicJwk }, format: 'jwk' })
  const signature = sign('sha256', data, privateKey)
  return {
    data,
    privateKey,
    // The other key is imported for its cost; what it would say is the same work.
    holds: (imported?: KeyObject) =>
      (imported === undefined || imported.type === 'public') && verify('sha256', data, publicKey, signature),
  }
}

interface Names {
  readonly ours: string
  readonly floor: string
  readonly theirs: string
}

function row(name: string, costs: ReadonlyMap<string, Cost>, names: Names): Measured {
  const [ours, floor, theirs] = [names.ours, names.floor, names.theirs].map((of) => costs.get(of))
  if (ours === undefined || floor === undefined || theirs === undefined)
    throw new Error(`${name} is not measured`)
  return {
    name,
    unit: 'µs of CPU',
    value: ours.median,
    notes: {
      quartiles: between(ours),
      operations_per_second_of_CPU: Math.round(1e6 / ours.median),
      [`floor (${names.floor})`]: `${floor.median.toFixed(1)} µs, quartiles ${between(floor)}`,
      times_the_floor: (ours.median / floor.median).toFixed(2),
      '@sd-jwt/core 0.20.0': `${theirs.median.toFixed(1)} µs, quartiles ${between(theirs)}`,
      times_as_fast_as_it: (theirs.median / ours.median).toFixed(2),
      rounds: ROUNDS,
      times: ours.times,
    },
  }
}

function between({ low, high }: Cost): string {
  return `${low.toFixed(1)}–${high.toFixed(1)}`
}
