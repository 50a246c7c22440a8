/**
 * The wallet alone: what it costs to accept an offer of one copy, and to show it, over loopback HTTP, its state on disk
 * under a passphrase, the person asked and always willing. Issuer and verifier are processes of their own, so that the
 * CPU of this one is the wallet's. Beside it stands what its signatures, checks and keys cost by themselves.
 */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openWallet, PERSON_VCT, type Wallet } from '@facet-id/facet'
import { specimen } from '../flow/specimen.ts'
import type { Measured } from './run.ts'
import { type ResponseMode, type Served, startServed } from './served/served.ts'
import { type Cryptography, signatureFloor } from './signature-floor.ts'

const TIMES = 150
const WARM_UP = 50

/** The key proof; the credential, which is checked under a key that is known by now. */
const ACCEPTING: Cryptography = { signatures: 1, checks: 1, newKeys: 0 }
/** The key binding; the request object. */
const SHOWING: Cryptography = { signatures: 1, checks: 1, newKeys: 0 }
const modes: readonly ResponseMode[] = ['direct_post', 'direct_post.jwt']

export async function bench(): Promise<readonly Measured[]> {
  const directory = await mkdtemp(join(tmpdir(), 'facet-bench-'))
  const issuer = await startServed({ role: 'issuer', dataDirectory: join(directory, 'issuer') })
  const issuers = [{ id: issuer.did, vcts: [PERSON_VCT] }]
  const dataDirectory = join(directory, 'verifier')
  const verifier = await startServed({ role: 'verifier', dataDirectory, issuers })
  const wallet = await openWallet({
    dataDirectory: join(directory, 'wallet'),
    passphrase: randomUUID(),
    development: true,
    copies: 1,
    consent: {
      toFetch: () => ({ agreed: true }),
      toReceive: () => ({ agreed: true }),
      toPresent: () => ({ agreed: true }),
    },
  })
  try {
    return await measure({ wallet, issuer, verifier })
  } finally {
    await wallet.close()
    await verifier.close()
    await issuer.close()
    await rm(directory, { recursive: true, force: true })
  }
}

interface Measuring {
  readonly wallet: Wallet
  readonly issuer: Served
  readonly verifier: Served
}

async function measure(measuring: Measuring): Promise<readonly Measured[]> {
  await acceptings(measuring, WARM_UP)
  const accepting = await acceptings(measuring, TIMES)
  const measured = [figure('an offer accepted by the wallet', accepting, await signatureFloor(ACCEPTING))]
  for (const mode of modes) {
    await showings(measuring, mode, WARM_UP)
    const showing = await showings(measuring, mode, TIMES)
    measured.push(figure(`a credential shown by the wallet, ${mode}`, showing, await signatureFloor(SHOWING)))
  }
  return measured
}

/** What is accepted is forgotten again, uncounted: a wallet holds a few, and not as many as a benchmark makes. */
async function acceptings({ wallet, issuer }: Measuring, times: number): Promise<Costs> {
  const costs: Costs = []
  for (let time = 0; time < times; time++) {
    const { link } = await issuer.operate('offer', {
      configurationId: 'person',
      claims: specimen,
      txCodeLength: 0,
    })
    const { credentials } = await costing(costs, () => wallet.holder.accept(String(link)))
    if (credentials.length !== 1) throw new Error('an offer did not bring its credential')
    for (const { credentialId } of credentials) await wallet.holder.forget(credentialId)
  }
  return costs
}

async function showings(measuring: Measuring, mode: ResponseMode, times: number): Promise<Costs> {
  const { wallet, issuer, verifier } = measuring
  const costs: Costs = []
  const requests = await verifier.requests(mode, times)
  for (const { transactionId, link } of requests) {
    const offered = await issuer.operate('offer', {
      configurationId: 'person',
      claims: specimen,
      txCodeLength: 0,
    })
    const { credentials } = await wallet.holder.accept(String(offered.link))
    await costing(costs, () => wallet.holder.present(link))
    const { outcome } = await verifier.operate('result', { transactionId })
    if (outcome !== 'verified') throw new Error(`a presentation ended ${outcome}`)
    for (const { credentialId } of credentials) await wallet.holder.forget(credentialId)
  }
  return costs
}

/** Of each time: CPU of this process, and the clock's time, in milliseconds. */
type Costs = { readonly cpu: number; readonly clock: number }[]

async function costing<T>(costs: Costs, act: () => Promise<T>): Promise<T> {
  const before = process.cpuUsage()
  const began = performance.now()
  const result = await act()
  const clock = performance.now() - began
  const { user, system } = process.cpuUsage(before)
  costs.push({ cpu: (user + system) / 1000, clock })
  return result
}

function figure(name: string, costs: Costs, floorSeconds: number): Measured {
  const cpu = median(costs.map((cost) => cost.cpu))
  return {
    name,
    unit: 'ms of CPU',
    value: cpu,
    notes: {
      times: costs.length,
      floor_share_of_cpu: round((floorSeconds * 1000) / cpu),
      clock_ms_with_both_servers: round(median(costs.map(({ clock }) => clock))),
    },
  }
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
