/**
 * Measures contenders against each other: short rounds that take turns, so that whatever else the machine
 * does meets all of them alike, and CPU time of the whole process instead of time, so that waiting costs
 * nothing and what a contender leaves to other threads is counted. Each round begins with an empty nursery:
 * nobody pays for the garbage of its neighbour.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Something to measure: does its work `times` times, and throws where it went wrong. */
export interface Contender {
  readonly name: string
  readonly run: (times: number) => void | Promise<void>
}

/** µs of CPU for one time, or what else a round measures; a quarter of the rounds lies below `low`, a quarter above `high`. */
export interface Cost {
  readonly median: number
  readonly low: number
  readonly high: number
  /** One a round, in the order of the rounds. */
  readonly each: readonly number[]
  /** Times in all, warm-up not counted. */
  readonly times: number
}

export interface Rounds {
  readonly rounds: number
  /** ms of CPU that one contender has in one round, or once its work where that takes longer. */
  readonly roundMs: number
  /** ms of CPU that each contender works before it counts, for the compiler to have its last word. */
  readonly warmUpMs: number
}

/** The costs of all contenders by name, measured in turns after a warm-up. */
export async function costsOf(
  contenders: readonly Contender[],
  { rounds, roundMs, warmUpMs }: Rounds,
): Promise<ReadonlyMap<string, Cost>> {
  const measured = new Map<string, { readonly times: number; readonly each: number[] }>()
  for (const contender of contenders) {
    const micros = await warmedUp(contender, warmUpMs * 1000)
    measured.set(contender.name, { times: Math.max(1, Math.round((roundMs * 1000) / micros)), each: [] })
  }
  for (let round = 0; round < rounds; round++) {
    // Every other round backwards, so that nobody always runs after the same neighbour.
    for (const contender of round % 2 === 0 ? contenders : contenders.toReversed()) {
      const { times, each } = measured.get(contender.name) ?? { times: 1, each: [] }
      collectNursery()
      each.push((await cpuMicros(contender, times)) / times)
    }
  }
  return new Map([...measured].map(([name, { times, each }]) => [name, costOf(each, times * rounds)]))
}

/** How many times as much one costs as the other: the median over rounds, in which both meet the same machine. */
export function ratioOf(one: Cost, other: Cost): { readonly median: number; readonly between: string } {
  const { median, low, high } = costOf(
    one.each.map((cost, round) => cost / (other.each[round] ?? Number.NaN)),
    one.times,
  )
  return { median, between: `${low.toFixed(2)}–${high.toFixed(2)}` }
}

/** µs for one time, once it is warm. */
async function warmedUp(contender: Contender, warmUpMicros: number): Promise<number> {
  let times = 1
  let micros = 0
  for (let spent = 0; spent < warmUpMicros; ) {
    const taken = await cpuMicros(contender, times)
    micros = taken / times
    spent += taken
    if (taken < warmUpMicros / 8) times *= 2
  }
  return micros
}

async function cpuMicros({ run }: Contender, times: number): Promise<number> {
  const before = process.cpuUsage()
  await run(times)
  const { user, system } = process.cpuUsage(before)
  return user + system
}

/** @param each one a round; `times` is how often it was done in all rounds together */
export function costOf(each: readonly number[], times: number): Cost {
  const sorted = each.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN
  return { median: at(0.5), low: at(0.25), high: at(0.75), each, times }
}

setFlagsFromString('--expose-gc')
const collect: (options: { type: 'minor' }) => void = runInNewContext('gc')

function collectNursery(): void {
  collect({ type: 'minor' })
}
