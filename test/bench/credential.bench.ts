/**
 * One credential issued, presented and judged, by our engine and by `@sd-jwt/core` 0.20.0 on the same native
 * cryptography, beside what the signatures cost by themselves; and how the cost grows with the number of
 * disclosures and with their depth. CPU of the whole process, in turns; medians and, behind them, quartiles; ratios
 * are medians of the ratios in each round.
 */
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { splitSdJwt } from '@facet-id/credential/sd-jwt'
import { generateKey, type KeyPair } from '@facet-id/crypto/node'
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
import { type Contender, type Cost, costsOf, ratioOf } from './rounds.ts'
import type { Measured } from './run.ts'

const rounds = { rounds: 61, roundMs: 10, warmUpMs: 1_000 }
/** More than keys are kept, so that each comes as a stranger's. */
const STRANGERS = 1_300

export async function bench(): Promise<readonly Measured[]> {
  const costs = await costsOf(contenders(fixture()), rounds)
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

interface Presented {
  readonly presentation: string
  readonly holder: KeyPair
}

interface Fixture extends Presented {
  readonly issued: string
  readonly strangers: readonly Presented[]
}

function fixture(): Fixture {
  const holder = generateKey()
  const issued = issue(holder.publicJwk)
  const strangers = Array.from({ length: STRANGERS }, () => {
    const stranger = generateKey()
    return { presentation: present(keep(issue(stranger.publicJwk), stranger)), holder: stranger }
  })
  return { issued, presentation: present(keep(issued, holder)), holder, strangers }
}

function contenders({ issued, presentation, holder, strangers }: Fixture): readonly Contender[] {
  const kept = keep(issued, holder)
  const engine = theirs(holder)
  const known = floorOf({ presentation, holder })
  const floors = inTurn(strangers.map(floorOf))
  const ours = inTurn(strangers)
  const others = inTurn(strangers)
  return [
    repeated('sign', known.signs, notEmpty),
    repeated('two verifications', known.holds, isTrue),
    repeated('two verifications and an import', () => floors().holdsCold(), isTrue),
    repeated('issue', () => issue(holder.publicJwk), disclosing(10)),
    repeated('present', () => present(kept), disclosing(3)),
    repeated('judge', () => judge(presentation).verified, isTrue),
    repeated('judge cold', () => judge(ours().presentation).verified, isTrue),
    awaited('their issue', () => theyIssue(engine, holder.publicJwk), disclosing(10)),
    awaited('their present', () => theyPresent(engine, issued), disclosing(3)),
    awaited('their verify', () => theyVerify(engine, presentation), isBound),
    awaited('their verify cold', () => theyVerify(engine, others().presentation), isBound),
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
const isBound = ({ kb }: { readonly kb?: unknown }): boolean => kb !== undefined
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

/** The signatures of a presentation, as the platform makes and checks them at its fastest. */
function floorOf({ presentation, holder }: Presented) {
  const { jwt, keyBindingJwt = '' } = splitSdJwt(presentation)
  const [issuers, holders] = [signedBy(issuerKeys, jwt), signedBy(holder, keyBindingJwt)]
  const imported = holders.importKey()
  const issuerKey = issuers.importKey()
  return {
    signs: () => sign('sha256', issuers.data, issuers.privateKey),
    holds: () => issuers.holds(issuerKey) && holders.holds(imported),
    holdsCold: () => issuers.holds(issuerKey) && holders.holds(holders.importKey()),
  }
}

function signedBy({ privateJwk, publicJwk }: KeyPair, jws: string) {
  const data = Buffer.from(jws.slice(0, jws.lastIndexOf('.')))
  const privateKey = createPrivateKey({ key: { ...privateJwk }, format: 'jwk' })
  const signature = sign('sha256', data, privateKey)
  const jwk = { ...publicJwk }
  return {
    data,
    privateKey,
    importKey: () => createPublicKey({ key: jwk, format: 'jwk' }),
    holds: (key: KeyObject) => verify('sha256', data, key, signature),
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
  const [overFloor, overOurs] = [ratioOf(ours, floor), ratioOf(theirs, ours)]
  return {
    name,
    unit: 'µs of CPU',
    value: ours.median,
    notes: {
      quartiles: between(ours),
      operations_per_second_of_CPU: Math.round(1e6 / ours.median),
      [`floor (${names.floor})`]: `${floor.median.toFixed(1)} µs, quartiles ${between(floor)}`,
      times_the_floor: `${overFloor.median.toFixed(2)} (${overFloor.between})`,
      '@sd-jwt/core 0.20.0': `${theirs.median.toFixed(1)} µs, quartiles ${between(theirs)}`,
      times_as_fast_as_it: `${overOurs.median.toFixed(2)} (${overOurs.between})`,
      rounds: rounds.rounds,
      times: ours.times,
    },
  }
}

function between({ low, high }: Cost): string {
  return `${low.toFixed(1)}–${high.toFixed(1)}`
}
