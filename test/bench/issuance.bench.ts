/**
 * The issuance node alone: the pre-authorized code flow over loopback HTTP, its state sealed and on disk, the client in
 * another process with keys made beforehand. `FACET_BENCH_FLOWS=100000` issues for long, to see what memory does;
 * `FACET_BENCH_RECORDS=1000000` fills the large store with as many records.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { costOf } from './rounds.ts'
import type { Measured } from './run.ts'
import { type Client, createClient } from './served/client.ts'
import { dpopNonce, type HolderKey, issue, makeKeys, readMetadata } from './served/issuing.ts'
import { compareLatencies, type Latent } from './served/latency-ratio.ts'
import { closedLoad, latencies } from './served/load.ts'
import { seedRecords } from './served/seeding.ts'
import { type Served, startServed } from './served/served.ts'
import { signatureFloor } from './signature-floor.ts'

const FEW = 1000
const MANY = Number(process.env.FACET_BENCH_RECORDS ?? 100_000)
const AT_ONCE = 32
/** Flows before anything counts: the compiler is done with a server only after some seconds of work. */
const WARM_UP = 2500
/** And so many after each look at its memory: with all that nobody needs, code is collected that was made for a fast node. */
const WARM_AGAIN = 300
const LATENCY_FLOWS = 5000
/**
 * Keys come round again after so many flows, long after the server has forgotten them. They are made once: a client that
 * frees thousands of keys is as slow to answer as a server that does.
 */
const KEYS = 8000
/** In turns, so that whatever else the machine does meets both stores alike. */
const LATENCY_ROUNDS = 11
const FLOWS_A_ROUND = 400
const BATCH = 10
const MIB = 2 ** 20
/** In so many parts, of which the median counts, and by which one sees whether memory goes on growing. */
const PARTS = 8
const FLOWS = PARTS * Math.ceil(Number(process.env.FACET_BENCH_FLOWS ?? 8000) / PARTS)

/** The credential is signed, the key proof checked under a key that is new. */
const COPY = { signatures: 1, checks: 1, newKeys: 1 }
/** And two proofs of the key that the tokens are bound to, which is new too. */
const BOUND_COPY = { signatures: 1, checks: 3, newKeys: 2 }
/** Flows a second; latency is taken at half of it. */
const AIM = 400

export async function bench(): Promise<readonly Measured[]> {
  const directory = await mkdtemp(join(tmpdir(), 'facet-bench-'))
  const client = createClient()
  const keys = makeKeys(KEYS)
  const started: Served[] = []
  async function start(records: number): Promise<Measuring> {
    const dataDirectory = join(directory, String(started.length))
    await seedRecords(dataDirectory, records)
    const issuer = await startServed({ role: 'issuer', dataDirectory })
    started.push(issuer)
    const measuring = { issuer, client, records, keys }
    await closedLoad(WARM_UP, AT_ONCE, flowsOf(measuring, { copies: 1 }))
    return measuring
  }
  try {
    const measured = await measure(await start(FEW))
    if (MANY === FEW) return measured
    return [...measured, ...(await compare(await start(FEW), await start(MANY)))]
  } finally {
    for (const issuer of started) await issuer.close()
    client.close()
    await rm(directory, { recursive: true, force: true })
  }
}

interface Measuring {
  readonly issuer: Served
  readonly client: Client
  readonly records: number
  readonly keys: readonly HolderKey[]
}

async function measure(measuring: Measuring): Promise<readonly Measured[]> {
  const { issuer, client, records } = measuring
  /** Seconds of CPU of one copy's cryptography. */
  const floor = await signatureFloor(COPY)
  // Before anybody looks at its memory: who collects everything leaves a heap that is collected again every other second.
  const open = await latencies(LATENCY_FLOWS, AIM / 2, flowsOf(measuring, { copies: 1 }))
  const one = await saturate(measuring, { flows: FLOWS, copies: 1 })
  const title = `issuance, ${records} records in the store`
  const ten = await saturate(measuring, { flows: 400, copies: BATCH })
  const fetched = await saturate(measuring, {
    flows: 1000,
    copies: 1,
    before: () => readMetadata(issuer, client),
  })
  const nonce = await dpopNonce(issuer, client)
  const bound = await saturate(measuring, { flows: 1000, copies: 1, nonce })
  const boundFloor = await signatureFloor(BOUND_COPY)
  return [
    {
      name: `${title}: offer to credential`,
      unit: 'flows/s',
      value: one.perSecond,
      notes: {
        aim: AIM,
        quartiles: one.between,
        flows: one.flows,
        at_once: AT_ONCE,
        server_cpu_ms_per_flow: round(one.cpuSeconds * 1000),
        flows_per_server_cpu_second: round(1 / one.cpuSeconds),
        floor_share_of_server_cpu: round(floor / one.cpuSeconds),
        ...open,
        heap_MiB_on_the_way: mebibytes(one.memory.map(({ heapBytes }) => heapBytes)),
        resident_MiB_on_the_way: mebibytes(one.memory.map(({ residentBytes }) => residentBytes)),
      },
    },
    {
      name: `${title}: tokens bound to a key by DPoP`,
      unit: 'flows/s',
      value: bound.perSecond,
      notes: {
        flows: bound.flows,
        server_cpu_ms_per_flow: round(bound.cpuSeconds * 1000),
        more_cpu_ms_than_bearer: round((bound.cpuSeconds - one.cpuSeconds) * 1000),
        of_which_floor_ms: round((boundFloor - floor) * 1000),
        floor_share_of_server_cpu: round(boundFloor / bound.cpuSeconds),
      },
    },
    {
      name: `${title}: a batch of ${BATCH}`,
      unit: 'flows/s',
      value: ten.perSecond,
      notes: {
        flows: ten.flows,
        server_cpu_ms_per_flow: round(ten.cpuSeconds * 1000),
        cpu_times_one_copy: round(ten.cpuSeconds / one.cpuSeconds),
        floor_share_of_server_cpu: round((floor * BATCH) / ten.cpuSeconds),
      },
    },
    {
      name: `${title}: metadata fetched in each flow`,
      unit: 'flows/s',
      value: fetched.perSecond,
      notes: { flows: fetched.flows, server_cpu_ms_per_flow: round(fetched.cpuSeconds * 1000) },
    },
  ]
}

/** Two nodes at the same rate, one with few records and one with many. */
async function compare(few: Measuring, many: Measuring): Promise<readonly Measured[]> {
  const contenderOf = ({ issuer, client, records, keys }: Measuring): Latent => ({
    name: `${records} records`,
    act: async (index) => void (await issue(issuer, client, keys.slice(index, index + 1))),
  })
  const compared = await compareLatencies(contenderOf(few), contenderOf(many), {
    rounds: LATENCY_ROUNDS,
    count: FLOWS_A_ROUND,
    perSecond: AIM / 2,
  })
  const saturated = await saturate(many, { flows: 1000, copies: 1 })
  return [
    {
      name: `issuance, latency with ${many.records} records, of that with ${few.records}`,
      unit: '× (p50, median of the rounds)',
      value: compared.p50,
      notes: {
        aim: 1.1,
        ...compared.notes,
        flows_per_second_with_many: Math.round(saturated.perSecond),
        server_cpu_ms_per_flow_with_many: round(saturated.cpuSeconds * 1000),
      },
    },
  ]
}

interface Flow {
  readonly copies: number
  readonly before?: () => Promise<void>
  /** With it, tokens are bound to keys by DPoP. */
  readonly nonce?: string
}

function flowsOf({ issuer, client, keys }: Measuring, { copies, before, nonce }: Flow) {
  const keysFrom = (index: number, count: number): readonly HolderKey[] => {
    const at = (index * count) % keys.length
    return keys.slice(at, at + count)
  }
  return async (index: number): Promise<void> => {
    await before?.()
    // One that no copy is bound to for a while.
    const [key] = keysFrom(index + KEYS / 2, 1)
    const bound = key === undefined || nonce === undefined ? undefined : { key, nonce }
    await issue(issuer, client, keysFrom(index, copies), bound)
  }
}

/** Costs are of the server, and of one flow. */
async function saturate(measuring: Measuring, { flows, ...what }: Flow & { readonly flows: number }) {
  const { issuer } = measuring
  const flow = flowsOf(measuring, what)
  const memory = [await issuer.memory()]
  const rates: number[] = []
  const costs: number[] = []
  for (let part = 0; part < PARTS; part++) {
    const from = (part * flows) / PARTS
    await closedLoad(WARM_AGAIN, AT_ONCE, flow)
    const before = await issuer.cost()
    const load = await closedLoad(flows / PARTS, AT_ONCE, (index) => flow(from + index))
    costs.push(((await issuer.cost()).cpuSeconds - before.cpuSeconds) / (flows / PARTS))
    rates.push(load.perSecond)
    memory.push(await issuer.memory())
  }
  const [rate, cost] = [costOf(rates, flows), costOf(costs, flows)]
  const between = `${Math.round(rate.low)} to ${Math.round(rate.high)}`
  return { flows, perSecond: rate.median, between, cpuSeconds: cost.median, memory }
}

function mebibytes(all: readonly number[]): string {
  return all.map((bytes) => (bytes / MIB).toFixed(1)).join(', ')
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
