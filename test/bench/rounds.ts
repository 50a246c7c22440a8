/**
 * Measures contenders against each other: rounds that take turns, so that whatever else the machine does
 * meets all of them alike, and CPU time instead of time, so that waiting costs nothing.
 */

/** Something to measure: does its work `times` times. Whatever it must check, it checks outside of that. */
export interface Contender {
  readonly name: string
  readonly run: (times: number) => void | Promise<void>
  /** How often in a round; as often as fills the round when absent. */
  readonly times?: number
}

/** µs of CPU for one time, over all rounds; a quarter of the rounds lies below `low`, a quarter above `high`. */
export interface Cost {
  readonly median: number
  readonly low: number
  readonly high: number
  /** Times in all, warm-up not counted. */
  readonly times: number
}

export interface Rounds {
  readonly rounds: number
  /** ms of CPU that one contender may have in one round. */
  readonly roundMs: number
}

/** As many rounds as the compiler needs to have its last word. */
const WARM_UP = 6

/** The costs of all contenders by name, measured in turns after a warm-up. */
export async function costsOf(
  contenders: readonly Contender[],
  { rounds, roundMs }: Rounds,
): Promise<ReadonlyMap<string, Cost>> {
  const measured = new Map<string, { readonly times: number; readonly costs: number[] }>()
  for (const contender of contenders) {
    const times = contender.times ?? (await fitting(contender, roundMs))
    for (let round = 0; round < WARM_UP; round++) await cpuMicros(contender, times)
    measured.set(contender.name, { times, costs: [] })
  }
  for (let round = 0; round < rounds; round++) {
    // Every other round backwards, so that nobody always runs after the same neighbour.
    for (const contender of round % 2 === 0 ? contenders : contenders.toReversed()) {
      const { times, costs } = measured.get(contender.name) ?? { times: 1, costs: [] }
      costs.push((await cpuMicros(contender, times)) / times)
    }
  }
  return new Map([...measured].map(([name, { times, costs }]) => [name, costOf(costs, times * rounds)]))
}

/** How often a contender does its work in a round; warms it up on the way. */
async function fitting(contender: Contender, roundMs: number): Promise<number> {
  let times = 1
  let micros = await cpuMicros(contender, times)
  while (micros < roundMs * 500) {
    times *= 2
    micros = await cpuMicros(contender, times)
  }
  return Math.max(1, Math.round((times * roundMs * 1000) / micros))
}

async function cpuMicros({ run }: Contender, times: number): Promise<number> {
  const before = process.cpuUsage()
  await run(times)
  const { user, system } = process.cpuUsage(before)
  return user + system
}

function costOf(costs: readonly number[], times: number): Cost {
  const sorted = costs.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN
  return { median: at(0.5), low: at(0.25), high: at(0.75), times }
}
