/**
 * The verifier service alone: answers by `direct_post` and by `direct_post.jwt` over loopback HTTP, its state sealed
 * and on disk, the client in another process with credentials, keys and answers made beforehand. Each credential is
 * shown once, so that every holder's key is new to the verifier. Latency is taken at half of the rate that is aimed at.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PERSON_VCT } from '@facet-id/facet'
import type { Measured } from './run.ts'
import { type Client, createClient } from './served/client.ts'
import { type HeldCopy, issue, makeKeys } from './served/issuing.ts'
import { closedLoad, latencies } from './served/load.ts'
import { ask, checkVerified, type Prepared, prepare, send } from './served/presenting.ts'
import { type ResponseMode, type Served, startServed } from './served/served.ts'
import { type Cryptography, signatureFloor } from './signature-floor.ts'

const ANSWERS = Number(process.env.FACET_BENCH_ANSWERS ?? 1500)
const WHOLE = 500
const WARM_UP = 500
const AT_ONCE = 32
const BATCH = 10
const OPEN_LOAD_SECONDS = 10

interface Mode {
  readonly responseMode: ResponseMode
  /** A second. */
  readonly aim: number
  readonly floor: Cryptography
}

const modes: readonly Mode[] = [
  // The issuer's signature, and that of the key binding under a key that is new.
  { responseMode: 'direct_post', aim: 500, floor: { signatures: 0, checks: 2, newKeys: 1 } },
  {
    responseMode: 'direct_post.jwt',
    aim: 350,
    floor: { signatures: 0, checks: 2, newKeys: 1, agreements: 1 },
  },
]
/** And the request object. */
const WHOLE_FLOW: Cryptography = { signatures: 1, checks: 2, newKeys: 1 }

export async function bench(): Promise<readonly Measured[]> {
  const directory = await mkdtemp(join(tmpdir(), 'facet-bench-'))
  const client = createClient()
  const issuer = await startServed({ role: 'issuer', dataDirectory: join(directory, 'issuer') })
  try {
    const issuers = [{ id: issuer.did, vcts: [PERSON_VCT] }]
    const shown = modes.map(({ aim }) => WARM_UP + ANSWERS + openLoadCount(aim))
    const copies = await copiesFrom(
      issuer,
      client,
      shown.reduce((sum, count) => sum + count, WHOLE),
    )
    const verifier = await startServed({
      role: 'verifier',
      dataDirectory: join(directory, 'verifier'),
      issuers,
    })
    try {
      return await measure({ verifier, client, take: takingFrom(copies) })
    } finally {
      await verifier.close()
    }
  } finally {
    await issuer.close()
    client.close()
    await rm(directory, { recursive: true, force: true })
  }
}

interface Measuring {
  readonly verifier: Served
  readonly client: Client
  /** So many copies that were not shown yet. */
  readonly take: (count: number) => readonly HeldCopy[]
}

async function measure(measuring: Measuring): Promise<readonly Measured[]> {
  const measured: Measured[] = []
  for (const mode of modes) measured.push(await measureMode(mode, measuring))
  return [...measured, await measureWhole(measuring)]
}

async function measureMode({ responseMode, aim, floor }: Mode, measuring: Measuring): Promise<Measured> {
  const { verifier, client } = measuring
  const prepared = (count: number): Promise<readonly Prepared[]> => prepareAll(responseMode, count, measuring)
  const sending = (sent: readonly Prepared[]) => (index: number) => send(client, at(sent, index))

  const warmUp = await prepared(WARM_UP)
  await closedLoad(warmUp.length, AT_ONCE, sending(warmUp))
  const answers = await prepared(ANSWERS)
  const answering = await costing(verifier, answers.length, sending(answers))
  const later = await prepared(openLoadCount(aim))
  const open = await latencies(later.length, aim / 2, sending(later))
  for (const sent of [...answers.slice(-100), ...later.slice(-100)]) await checkVerified(verifier, sent)
  return {
    name: `presentations verified by ${responseMode}`,
    unit: 'presentations/s',
    value: answering.perSecond,
    notes: {
      aim,
      presentations: ANSWERS,
      at_once: AT_ONCE,
      ...costNotes(answering, await signatureFloor(floor)),
      ...open,
    },
  }
}

async function measureWhole({ verifier, client, take }: Measuring): Promise<Measured> {
  const whole = take(WHOLE)
  const asking = await costing(verifier, whole.length, async (index) => {
    const one = await prepare(await ask(verifier), client, at(whole, index))
    await send(client, one)
    await checkVerified(verifier, one)
  })
  return {
    name: 'asked, request fetched, answered by direct_post, result fetched',
    unit: 'presentations/s',
    value: asking.perSecond,
    notes: { presentations: WHOLE, ...costNotes(asking, await signatureFloor(WHOLE_FLOW)) },
  }
}

interface Costing {
  readonly perSecond: number
  /** Of the server's CPU, for one. */
  readonly cpuSeconds: number
}

async function costing(
  verifier: Served,
  count: number,
  act: (index: number) => Promise<void>,
): Promise<Costing> {
  const before = await verifier.cost()
  const { perSecond } = await closedLoad(count, AT_ONCE, act)
  const after = await verifier.cost()
  return { perSecond, cpuSeconds: (after.cpuSeconds - before.cpuSeconds) / count }
}

function costNotes({ cpuSeconds }: Costing, floor: number): Readonly<Record<string, number>> {
  return {
    server_cpu_ms: round(cpuSeconds * 1000),
    presentations_per_server_cpu_second: round(1 / cpuSeconds),
    floor_share_of_server_cpu: round(floor / cpuSeconds),
  }
}

function openLoadCount(aim: number): number {
  return Math.ceil((aim / 2) * OPEN_LOAD_SECONDS)
}

function takingFrom(copies: readonly HeldCopy[]): Measuring['take'] {
  let used = 0
  return (count) => {
    used += count
    return copies.slice(used - count, used)
  }
}

async function copiesFrom(issuer: Served, client: Client, count: number): Promise<readonly HeldCopy[]> {
  const copies: HeldCopy[] = []
  await closedLoad(Math.ceil(count / BATCH), AT_ONCE, async () => {
    copies.push(...(await issue(issuer, client, makeKeys(BATCH))))
  })
  return copies
}

async function prepareAll(
  responseMode: ResponseMode,
  count: number,
  { verifier, client, take }: Measuring,
): Promise<readonly Prepared[]> {
  const requests = await verifier.requests(responseMode, count)
  const copies = take(count)
  const prepared: Prepared[] = []
  await closedLoad(count, AT_ONCE, async (index) => {
    prepared.push(await prepare(at(requests, index), client, at(copies, index)))
  })
  return prepared
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index]
  if (item === undefined) throw new Error('there are fewer than were counted')
  return item
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
