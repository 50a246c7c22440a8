/**
 * Status lists of one million and of ten million entries, one bit each, one in a hundred revoked: written
 * from nothing, compressed, opened again, and looked up in.
 *
 * The floor is zlib and a shift by themselves; the peer is `@sd-jwt/jwt-status-list`, which keeps a number
 * for each entry. Rounds of all three take turns, and the median of each is told. Every answer is compared.
 */
import { deflateSync, inflateSync } from 'node:zlib'
import { createStatusBits, setStatus, statusAt } from '@facet-id/credential/status-list'
import { deflate, inflate } from '@facet-id/crypto/node'
import { StatusList } from '@sd-jwt/jwt-status-list'
import type { Measured } from './run.ts'

const ROUNDS = 7
const LOOK_UPS = 1_000_000
const MOST_BYTES = 16_777_216

export async function bench(): Promise<readonly Measured[]> {
  return [...(await benchOf(1_000_000, true)), ...(await benchOf(10_000_000, false))]
}

/** @param withPeer a number for each of ten million entries is more than the peer is made for */
async function benchOf(entries: number, withPeer: boolean): Promise<readonly Measured[]> {
  const revoked = scattered(entries / 100, entries)
  const spent = { write: timer(), deflate: timer(), inflate: timer(), lookUp: timer() }
  const floor = { deflate: timer(), inflate: timer(), lookUp: timer() }
  const peer = { write: timer(), inflate: timer(), lookUp: timer() }
  let compressedBytes = 0
  for (let round = 0; round < ROUNDS; round++) {
    const bytes = await spent.write.of(() => written(entries, revoked))
    const lst = await spent.deflate.of(() => deflate(bytes))
    const opened = await spent.inflate.of(() => inflate(lst, MOST_BYTES))
    const found = await spent.lookUp.of(() => countRevoked(entries, (index) => statusAt(opened, 1, index)))
    compressedBytes = lst.length

    await floor.deflate.of(() => deflateSync(bytes, { level: 9 }))
    await floor.inflate.of(() => inflateSync(lst))
    const shifted = await floor.lookUp.of(() =>
      countRevoked(entries, (index) => ((opened[index >> 3] ?? 0) >> (index & 7)) & 1),
    )
    same(found, shifted)
    if (!withPeer) continue
    const theirs = await peer.write.of(() => peerText(entries, revoked))
    const read = await peer.inflate.of(() => StatusList.decompressStatusList(theirs, 1))
    same(found, await peer.lookUp.of(() => countRevoked(entries, (index) => read.getStatus(index))))
    same(1, Number(Buffer.from(bytes).equals(inflateSync(Buffer.from(theirs, 'base64url')))))
  }
  const about = { entries, revoked: revoked.length, compressed_bytes: compressedBytes, rounds: ROUNDS }
  const withPeers = (own: Readonly<Record<string, number>>, theirs: number) =>
    withPeer ? { ...own, peer: rounded(theirs) } : own
  return [
    {
      name: `write ${entries} entries`,
      unit: 'ms',
      value: spent.write.median(),
      notes: { ...about, ...(withPeer ? { peer_writes_and_deflates: rounded(peer.write.median()) } : {}) },
    },
    {
      name: `deflate ${entries} entries, level 9`,
      unit: 'ms',
      value: spent.deflate.median(),
      notes: { floor_zlib: rounded(floor.deflate.median()), spread: spent.deflate.spread() },
    },
    {
      name: `inflate ${entries} entries, bounded`,
      unit: 'ms',
      value: spent.inflate.median(),
      notes: {
        ...withPeers({ floor_zlib: rounded(floor.inflate.median()) }, peer.inflate.median()),
        spread: spent.inflate.spread(),
      },
    },
    {
      name: `look-ups in ${entries} entries`,
      unit: 'million/s',
      value: perSecond(spent.lookUp.median()),
      notes: withPeers(
        { floor_shift: rounded(perSecond(floor.lookUp.median())) },
        perSecond(peer.lookUp.median()),
      ),
    },
  ]
}

function written(entries: number, revoked: readonly number[]): Uint8Array {
  const bytes = createStatusBits(entries, 1)
  for (const index of revoked) setStatus(bytes, 1, index, 1)
  return bytes
}

function peerText(entries: number, revoked: readonly number[]): string {
  const statuses = new Array<number>(entries).fill(0)
  for (const index of revoked) statuses[index] = 1
  return new StatusList(statuses, 1).compressStatusList()
}

/** The same places in every run, without a pattern that compresses (xorshift32). */
function scattered(count: number, entries: number): readonly number[] {
  let state = 0x9e3779b9
  return Array.from({ length: count }, () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % entries
  })
}

/** Here and there in the list, as verifiers ask. */
function countRevoked(entries: number, statusOf: (index: number) => number): number {
  let revoked = 0
  let index = 0
  for (let asked = 0; asked < LOOK_UPS; asked++) {
    revoked += statusOf(index)
    index = (index + 611_953) % entries
  }
  return revoked
}

function same(a: number, b: number): void {
  if (a !== b) throw new Error('two engines read the list differently')
}

/** Million a second, of a million that took so many milliseconds. */
function perSecond(milliseconds: number): number {
  return LOOK_UPS / 1000 / milliseconds
}

interface Timer {
  of<T>(act: () => T | Promise<T>): Promise<T>
  /** Milliseconds. */
  median(): number
  /** Fastest and slowest round, in milliseconds. */
  spread(): string
}

function timer(): Timer {
  const rounds: number[] = []
  const sorted = (): readonly number[] => [...rounds].sort((a, b) => a - b)
  return {
    async of(act) {
      const began = performance.now()
      const result = await act()
      rounds.push(performance.now() - began)
      return result
    },
    median: () => sorted()[Math.floor(rounds.length / 2)] ?? 0,
    spread: () => `${rounded(sorted()[0] ?? 0)} to ${rounded(sorted().at(-1) ?? 0)} ms`,
  }
}

function rounded(value: number): number {
  return Number(value.toPrecision(3))
}
