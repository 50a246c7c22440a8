/**
 * Whole presentations verified on one thread, on one worker and on two, 64 in a message; and with only the
 * signatures sent to workers, where one thread parses and judges for all. Beside them the floor: the two checks
 * and the one key import of a presentation, and nothing else, also on one worker and on two: what the machine's
 * second core is worth to anybody.
 *
 * Rounds are interleaved, so that a busy moment of the machine falls on all; the figures are medians. CPU of all
 * threads stands beside the clock's time: on a machine that others use too, it alone says what the work costs, and
 * two workers are worth two cores as far as it is the same for one and for two.
 */
import type { CheckSignatures, SignatureCheck } from '@facet-id/credential/jose'
import {
  checkSignatures,
  createCheckPool,
  createWorkerPool,
  generateKey,
  signerOf,
  type WorkerPool,
} from '@facet-id/crypto/node'
import { judgeAtOnce, judgeLater, makePresentations } from './presentations.ts'
import { costOf, ratioOf } from './rounds.ts'
import type { Measured } from './run.ts'

/** As many as are held of one request, in a batch. */
const PRESENTATIONS = 1000
const ROUNDS = 21
/** What a verifier has under way at once: all of the batch. */
const AT_ONCE = PRESENTATIONS

export async function bench(): Promise<readonly Measured[]> {
  const presentations = makePresentations(PRESENTATIONS)
  const module = new URL('./presentation-worker.ts', import.meta.url)
  const pools = [1, 2].map((workers) => createWorkerPool<string, boolean>(module, { workers }))
  const checkPools = [1, 2].map((workers) => createCheckPool({ workers }))
  const [one, two] = pools
  const [checksOne, checksTwo] = checkPools
  if (one === undefined || two === undefined || checksOne === undefined || checksTwo === undefined) {
    throw new Error('there are two pools of each kind')
  }
  const pairs = signaturePairs(PRESENTATIONS)
  const ways: Readonly<Record<string, () => Promise<number> | number>> = {
    floor: () => pairs.filter((pair) => checkSignatures(pair).every((verdict) => verdict === 'valid')).length,
    floorOne: () => countPairs(pairs, checksOne.checkSignatures),
    floorTwo: () => countPairs(pairs, checksTwo.checkSignatures),
    thread: () => presentations.filter((compact) => judgeAtOnce(compact, checkSignatures)).length,
    one: () => countIn(one, presentations),
    two: () => countIn(two, presentations),
    checksOne: () => countJudged(presentations, checksOne.checkSignatures),
    checksTwo: () => countJudged(presentations, checksTwo.checkSignatures),
  }
  try {
    const rounds = new Map(Object.keys(ways).map((name) => [name, [] as Round[]]))
    // The first round warms up engines and workers, and is not counted.
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [name, way] of Object.entries(ways)) {
        const cpuBefore = process.cpuUsage()
        const began = performance.now()
        const verified = await way()
        if (verified !== PRESENTATIONS) throw new Error(`${name} verified ${verified} of ${PRESENTATIONS}`)
        const seconds = (performance.now() - began) / 1000
        const { user, system } = process.cpuUsage(cpuBefore)
        if (round > 0) rounds.get(name)?.push({ seconds, cpuSeconds: (user + system) / 1e6 })
      }
    }
    return measuredOf(rounds)
  } finally {
    await Promise.all([...pools, ...checkPools].map((pool) => pool.close()))
  }
}

interface Round {
  readonly seconds: number
  /** Of all threads. */
  readonly cpuSeconds: number
}

function measuredOf(rounds: ReadonlyMap<string, readonly Round[]>): readonly Measured[] {
  const all = (name: string) => rounds.get(name) ?? []
  const perSecond = (name: string) => PRESENTATIONS / median(all(name).map(({ seconds }) => seconds))
  const cpuOf = (name: string) =>
    (median(all(name).map(({ cpuSeconds }) => cpuSeconds)) / PRESENTATIONS) * 1e6
  const spread = (name: string) => {
    const sorted = all(name)
      .map(({ seconds }) => seconds)
      .toSorted((x, y) => x - y)
    return `${round((sorted.at(-1) ?? 0) / (sorted[0] ?? 1))} × from fastest to slowest round`
  }
  const figure = (
    name: string,
    title: string,
    notes: Readonly<Record<string, number | string>> = {},
  ): Measured => ({
    name: title,
    unit: 'presentations/s',
    value: perSecond(name),
    notes: {
      ...notes,
      cpu_us: round(cpuOf(name)),
      floor_share_of_cpu: round(cpuOf('floor') / cpuOf(name)),
      spread: spread(name),
    },
  })
  /** Round by round, in which both meet the same machine. */
  const times = (name: string, other: string): string => {
    const [ours, theirs] = [name, other].map((way) => {
      return costOf(
        all(way).map(({ seconds }) => seconds),
        PRESENTATIONS,
      )
    })
    if (ours === undefined || theirs === undefined) throw new Error('two are compared')
    const { median, between } = ratioOf(theirs, ours)
    return `${median.toFixed(2)} (${between})`
  }
  return [
    figure('floor', 'floor: two checks and one key import, one thread', {
      presentations: PRESENTATIONS,
      rounds: ROUNDS,
    }),
    figure('floorTwo', 'floor on two workers', {
      times_one_worker: times('floorTwo', 'floorOne'),
      cpu_times_one_worker: round(cpuOf('floorTwo') / cpuOf('floorOne')),
    }),
    figure('thread', 'whole presentations, one thread'),
    figure('one', 'whole presentations, one worker, 64 in a message', {
      times_one_thread: times('one', 'thread'),
    }),
    figure('two', 'whole presentations, two workers, 64 in a message', {
      aim_times_one_worker: 1.8,
      times_one_worker: times('two', 'one'),
      times_one_thread: times('two', 'thread'),
      cpu_times_one_worker: round(cpuOf('two') / cpuOf('one')),
    }),
    figure('checksOne', 'signatures on one worker, judged on the main thread', {
      times_one_thread: times('checksOne', 'thread'),
    }),
    figure('checksTwo', 'signatures on two workers, judged on the main thread', {
      times_one_worker: times('checksTwo', 'checksOne'),
      times_one_thread: times('checksTwo', 'thread'),
    }),
  ]
}

async function countIn(pool: WorkerPool<string, boolean>, presentations: readonly string[]): Promise<number> {
  const answers = await inPortions(presentations, (portion) => pool.run(portion))
  return answers.filter((verified) => verified).length
}

async function countPairs(
  pairs: readonly (readonly SignatureCheck[])[],
  check: CheckSignatures,
): Promise<number> {
  const verdicts = await Promise.all(pairs.map(check))
  return verdicts.filter((pair) => pair.every((verdict) => verdict === 'valid')).length
}

async function countJudged(
  presentations: readonly string[],
  check: Parameters<typeof judgeLater>[1],
): Promise<number> {
  const answers = await inPortions(presentations, (portion) =>
    Promise.all(portion.map((compact) => judgeLater(compact, check))),
  )
  return answers.filter((verified) => verified).length
}

async function inPortions(
  presentations: readonly string[],
  answer: (portion: readonly string[]) => Promise<readonly boolean[]>,
): Promise<readonly boolean[]> {
  const answers: boolean[] = []
  for (let at = 0; at < presentations.length; at += AT_ONCE) {
    answers.push(...(await answer(presentations.slice(at, at + AT_ONCE))))
  }
  return answers
}

/** As in a presentation: one key that is known, and one that is new. */
function signaturePairs(count: number): readonly (readonly SignatureCheck[])[] {
  const data = 'x'.repeat(1200)
  const known = generateKey()
  const checkOf = ({ publicJwk, privateJwk }: typeof known): SignatureCheck => ({
    alg: 'ES256',
    key: publicJwk,
    data,
    signature: signerOf(privateJwk).sign(new TextEncoder().encode(data)),
  })
  const first = checkOf(known)
  return Array.from({ length: count }, () => [first, checkOf(generateKey())])
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
