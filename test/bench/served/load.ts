/**
 * Two ways to load a server. Closed: so many at a time, each as soon as the one before it is done, which finds out how
 * many a second there can be. Open: so many a second, whether or not those before are done, which finds out how long
 * each takes; what waits because the server is slow counts as the server's time.
 */
import { setTimeout as pause } from 'node:timers/promises'

export interface Closed {
  readonly perSecond: number
  readonly seconds: number
}

export async function closedLoad(
  count: number,
  atOnce: number,
  act: (index: number) => Promise<void>,
): Promise<Closed> {
  let next = 0
  async function lane(): Promise<void> {
    while (next < count) await act(next++)
  }
  const began = performance.now()
  await Promise.all(Array.from({ length: atOnce }, lane))
  const seconds = (performance.now() - began) / 1000
  return { perSecond: count / seconds, seconds }
}

export interface Latencies {
  /** Milliseconds, from the moment at which it was due. */
  readonly p50: number
  readonly p99: number
  readonly max: number
}

export async function openLoad(
  count: number,
  perSecond: number,
  act: (index: number) => Promise<void>,
): Promise<Latencies> {
  const taken: number[] = []
  const acts: Promise<void>[] = []
  const began = performance.now()
  for (let index = 0; index < count; index++) {
    const due = began + (index * 1000) / perSecond
    const early = due - performance.now()
    if (early > 0) await pause(early)
    acts.push(act(index).then(() => void taken.push(performance.now() - due)))
  }
  await Promise.all(acts)
  taken.sort((a, b) => a - b)
  const at = (share: number): number =>
    taken[Math.min(taken.length - 1, Math.floor(taken.length * share))] ?? 0
  return { p50: at(0.5), p99: at(0.99), max: at(1) }
}

/** The median of some rounds counts, because one stall of the machine is the slowest hundredth of any of them. */
const ROUNDS = 5

/** Medians over some rounds, as notes of a figure; `count` flows in all. */
export async function latencies(
  count: number,
  perSecond: number,
  act: (index: number) => Promise<void>,
): Promise<Readonly<Record<string, number | string>>> {
  const rounds: Latencies[] = []
  const each = Math.floor(count / ROUNDS)
  while (rounds.length < ROUNDS) {
    const from = rounds.length * each
    rounds.push(await openLoad(each, perSecond, (index) => act(from + index)))
  }
  const [p50, p99] = (['p50', 'p99'] as const).map((at) => {
    return rounds.map((latencies) => latencies[at]).toSorted((a, b) => a - b)
  })
  const middle = Math.floor(ROUNDS / 2)
  return {
    open_load_per_second: perSecond,
    p50_ms: tenths(p50?.[middle]),
    p99_ms: tenths(p99?.[middle]),
    p99_ms_between: `${tenths(p99?.[0])} and ${tenths(p99?.at(-1))} in ${ROUNDS} rounds of ${each}`,
    max_ms: tenths(Math.max(...rounds.map(({ max }) => max))),
  }
}

function tenths(milliseconds = Number.NaN): number {
  return Math.round(milliseconds * 10) / 10
}
