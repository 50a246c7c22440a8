/**
 * The latency of one server as a share of another's: both alive, each in turn under the same open load, so that whatever
 * else the machine does meets both alike.
 */
import { costOf, ratioOf } from '../rounds.ts'
import { type Latencies, openLoad } from './load.ts'

export interface Latent {
  readonly name: string
  /** The nth flow of a round. */
  readonly act: (index: number) => Promise<void>
}

export interface LatencyRounds {
  readonly rounds: number
  /** Flows of each, in each round. */
  readonly count: number
  readonly perSecond: number
}

export interface LatencyRatio {
  /** Median over the rounds, of the second's median latency to the first's. */
  readonly p50: number
  readonly notes: Readonly<Record<string, number | string>>
}

export async function compareLatencies(
  one: Latent,
  other: Latent,
  { rounds, count, perSecond }: LatencyRounds,
): Promise<LatencyRatio> {
  const measured = new Map<Latent, Latencies[]>([
    [one, []],
    [other, []],
  ])
  for (let round = 0; round < rounds; round++) {
    // Every other round backwards, so that neither always runs after the other.
    for (const latent of round % 2 === 0 ? [one, other] : [other, one]) {
      measured.get(latent)?.push(await openLoad(count, perSecond, latent.act))
    }
  }
  const costs = (latent: Latent, at: 'p50' | 'p99') =>
    costOf(
      (measured.get(latent) ?? []).map((latencies) => latencies[at]),
      rounds * count,
    )
  const [p50, p99] = (['p50', 'p99'] as const).map((at) => ratioOf(costs(other, at), costs(one, at)))
  const medians = (at: 'p50' | 'p99'): string =>
    [one, other].map((latent) => `${costs(latent, at).median.toFixed(1)} with ${latent.name}`).join(', ')
  return {
    p50: p50?.median ?? Number.NaN,
    notes: {
      rounds,
      flows_a_round: count,
      open_load_per_second: perSecond,
      p50_quartiles: p50?.between ?? '',
      p99: `${p99?.median.toFixed(2)}, quartiles ${p99?.between}`,
      p50_ms: medians('p50'),
      p99_ms: medians('p99'),
    },
  }
}
