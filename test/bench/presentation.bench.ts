/**
 * The verifier service alone: answers by `direct_post` over loopback HTTP, its state sealed and on disk, the client in
 * another process with credentials, keys and answers made beforehand. Each credential is shown once, so that every
 * holder's key is new to the verifier.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PERSON_VCT } from '@facet-id/facet'
import type { Measured } from './run.ts'
import { type Client, createClient } from './served/client.ts'
import { type HeldCopy, issue, makeKeys } from './served/issuing.ts'
import { closedLoad, openLoad } from './served/load.ts'
import { checkVerified, type Prepared, prepare, send } from './served/presenting.ts'
import { type Served, startServed } from './served/served.ts'
import { signatureFloor } from './signature-floor.ts'

const ANSWERS = Number(process.env.FACET_BENCH_ANSWERS ?? 2000)
const WHOLE = 500
const WARM_UP = 300
const AT_ONCE = 32
const BATCH = 10

/** The issuer's signature, and that of the key binding under a key that is new. */
const PRESENTATION = { signatures: 0, checks: 2, newKeys: 1 }
/** And the request object. */
const WHOLE_FLOW = { signatures: 1, checks: 2, newKeys: 1 }

export async function bench(): Promise<readonly Measured[]> {
  const directory = await mkdtemp(join(tmpdir(), 'facet-bench-'))
  const client = createClient()
  const issuer = await startServed({ role: 'issuer', dataDirectory: join(directory, 'issuer') })
  try {
    const issuers = [{ id: issuer.did, vcts: [PERSON_VCT] }]
    const copies = await copiesFrom(issuer, client, WARM_UP + ANSWERS + ANSWERS / 2 + WHOLE)
    const verifier = await startServed({
      role: 'verifier',
      dataDirectory: join(directory, 'verifier'),
      issuers,
    })
    try {
      return await measure(verifier, client, copies)
    } finally {
      await verifier.close()
    }
  } finally {
    await issuer.close()
    client.close()
    await rm(directory, { recursive: true, force: true })
  }
}

async function measure(
  verifier: Served,
  client: Client,
  copies: readonly HeldCopy[],
): Promise<readonly Measured[]> {
  let used = 0
  const taken = (count: number): readonly HeldCopy[] => {
    used += count
    return copies.slice(used - count, used)
  }
  const prepared = (count: number): Promise<readonly Prepared[]> => prepareAll(verifier, client, taken(count))

  const warmUp = await prepared(WARM_UP)
  await closedLoad(warmUp.length, AT_ONCE, (index) => send(client, at(warmUp, index)))

  const answers = await prepared(ANSWERS)
  const answering = await costing(verifier, answers.length, (index) => send(client, at(answers, index)))
  const half = answering.perSecond / 2
  const later = await prepared(ANSWERS / 2)
  const { p50, p99, max } = await openLoad(later.length, half, (index) => send(client, at(later, index)))
  for (const sent of [...answers.slice(-100), ...later.slice(-100)]) await checkVerified(verifier, sent)

  const whole = taken(WHOLE)
  const asking = await costing(verifier, whole.length, async (index) => {
    const one = await prepare(verifier, client, at(whole, index))
    await send(client, one)
    await checkVerified(verifier, one)
  })
  return [
    {
      name: 'presentations verified by direct_post',
      unit: 'presentations/s',
      value: answering.perSecond,
      notes: {
        presentations: ANSWERS,
        at_once: AT_ONCE,
        ...costNotes(answering, await signatureFloor(PRESENTATION)),
        open_load_per_second: round(half),
        p50_ms: round(p50),
        p99_ms: round(p99),
        max_ms: round(max),
      },
    },
    {
      name: 'asked, request fetched, answered, result fetched',
      unit: 'presentations/s',
      value: asking.perSecond,
      notes: { presentations: WHOLE, ...costNotes(asking, await signatureFloor(WHOLE_FLOW)) },
    },
  ]
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

async function copiesFrom(issuer: Served, client: Client, count: number): Promise<readonly HeldCopy[]> {
  const copies: HeldCopy[] = []
  await closedLoad(Math.ceil(count / BATCH), AT_ONCE, async () => {
    copies.push(...(await issue(issuer, client, makeKeys(BATCH))))
  })
  return copies
}

async function prepareAll(
  verifier: Served,
  client: Client,
  copies: readonly HeldCopy[],
): Promise<readonly Prepared[]> {
  const prepared: Prepared[] = []
  await closedLoad(copies.length, AT_ONCE, async (index) => {
    prepared.push(await prepare(verifier, client, at(copies, index)))
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
