/**
 * Opening a store with ten thousand keys, and signing with keys that are elsewhere. What opening costs is counted in
 * reads of the store, beside the same with one key; what signing costs stands beside the native key on this thread.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateKey, signerOf } from '@facet-id/crypto/node'
import { type KeyService, openKeyring, serviceSigner } from '@facet-id/crypto/node/keys'
import { openToken } from '@facet-id/crypto/node/pkcs11'
import { managedDids, openNodeData } from '@facet-id/facet'
import { softwareKeys } from '@facet-id/holder'
import type { Store } from '@facet-id/store'
import { makeToken, softHsmModule } from '../flow/soft-hsm.ts'
import type { Measured } from './run.ts'

const DIDS = 5_000
const AT_ONCE = 50
const SIGNATURES = 2_000
const ROTATIONS = 100
const OPENINGS = 200
const now = (): number => Math.floor(Date.now() / 1000)

export async function bench(): Promise<readonly Measured[]> {
  const directory = await mkdtemp(join(tmpdir(), 'facet-bench-'))
  try {
    return [...(await opening(directory)), ...(await signing(directory))]
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** A store that counts what is asked of it. */
function counting(store: Store): { readonly store: Store; readonly reads: { get: number; range: number } } {
  const reads = { get: 0, range: 0 }
  return {
    reads,
    store: {
      ...store,
      get(ns, key) {
        reads.get++
        return store.get(ns, key)
      },
      range(ns, within) {
        reads.range++
        return store.range(ns, within)
      },
    },
  }
}

async function opening(directory: string): Promise<readonly Measured[]> {
  const { store, close } = await openNodeData(join(directory, 'node'), {})
  const { dids, identify } = managedDids(store, { now, development: false })
  await identify('issuer', { wish: { method: 'web', domain: 'issuer.example' } })
  const alone = await openings(store)
  const began = performance.now()
  for (let made = 0; made < DIDS; made += AT_ONCE) {
    await Promise.all(
      Array.from({ length: AT_ONCE }, (_, i) =>
        dids.create({ method: 'web', domain: `host-${made + i}.example` }, `host-${made + i}`),
      ),
    )
  }
  const creating = performance.now() - began
  const full = await openings(store)
  if (full.reads !== alone.reads || full.ranges > 0)
    throw new Error('opening reads more when there are more keys')
  const rotated = performance.now()
  for (let i = 0; i < ROTATIONS; i++) await dids.rotate('did:web:issuer.example', 0)
  const rotating = performance.now() - rotated
  const wallet = await walletReads(store)
  await close()
  const keys = 2 * DIDS
  return [
    {
      name: 'agent over a sealed store on disk, to its first signature',
      unit: 'µs',
      value: full.microseconds,
      notes: {
        keys,
        store_reads: full.reads,
        with_one_did_µs: alone.microseconds,
        store_reads_with_one: alone.reads,
      },
    },
    {
      name: 'a wallet key among them, to its signature',
      unit: 'store reads',
      value: wallet,
      notes: { keys },
    },
    {
      name: 'DIDs made, two keys each, durable',
      unit: 'DIDs/s',
      value: round((DIDS / creating) * 1000),
      notes: { at_once: AT_ONCE },
    },
    {
      name: 'rotations, one after the other, durable',
      unit: 'rotations/s',
      value: round((ROTATIONS / rotating) * 1000),
    },
  ]
}

async function openings(
  beneath: Store,
): Promise<{ readonly reads: number; readonly ranges: number; readonly microseconds: number }> {
  const { store, reads } = counting(beneath)
  const message = new Uint8Array(256)
  const open = async (): Promise<void> => {
    const { signer } = await managedDids(store, { now, development: false }).identify('issuer')
    await signer.sign(message)
  }
  await open()
  const { get, range } = reads
  const began = performance.now()
  for (let i = 0; i < OPENINGS; i++) await open()
  return { reads: get, ranges: range, microseconds: round(((performance.now() - began) / OPENINGS) * 1000) }
}

/** What the holder's keys read: the port is opened, a key is found and signs. */
async function walletReads(beneath: Store): Promise<number> {
  const { store, reads } = counting(beneath)
  const making = softwareKeys({ store, generateKey, signerOf })
  for (let made = 0; made < 2 * DIDS; made += 500) {
    await making.create(Array.from({ length: 500 }, (_, i) => `key-${made + i}`))
  }
  reads.get = reads.range = 0
  await softwareKeys({ store, generateKey, signerOf }).sign(`key-${DIDS}`, new Uint8Array(256))
  if (reads.range > 0) throw new Error('a wallet key is found without looking at the others')
  return reads.get
}

async function signing(directory: string): Promise<readonly Measured[]> {
  const native = signerOf(generateKey().privateJwk)
  const message = new Uint8Array(256)
  const floor = await perSecond(async () => void native.sign(message))
  const ring = await openKeyring(join(directory, 'ring'), 'correct horse battery staple')
  const measured = [await service('a keyring', ring, floor)]
  if (softHsmModule !== '') {
    await makeToken(directory, 'bench', '271828')
    const token = await openToken({ module: softHsmModule, token: 'bench', pin: '271828' })
    measured.push(await service('SoftHSM behind PKCS #11, four sessions', token, floor))
  }
  return measured
}

async function service(name: string, keys: KeyService, floor: number): Promise<Measured> {
  const { id } = await keys.create('ES256')
  const signer = await serviceSigner(keys, id)
  const message = new Uint8Array(256)
  const value = await perSecond(async () => void (await signer.sign(message)))
  await keys.close()
  return {
    name: `ES256 by ${name}, each verified before it is given out`,
    unit: 'signatures/s',
    value,
    notes: { native_key: floor, at_once: 8, share_of_native: round(value / floor) },
  }
}

async function perSecond(sign: () => Promise<void>): Promise<number> {
  for (let i = 0; i < 50; i++) await sign()
  const began = performance.now()
  let left = SIGNATURES
  const lane = async (): Promise<void> => {
    while (left-- > 0) await sign()
  }
  await Promise.all(Array.from({ length: 8 }, lane))
  return Math.round((SIGNATURES / (performance.now() - began)) * 1000)
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
