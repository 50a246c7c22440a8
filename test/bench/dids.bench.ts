/**
 * Keys of DIDs: those that are kept, those that are met for the first time, and the log of a did:webvh with a
 * thousand entries, beside what its signatures cost by themselves. Rounds are interleaved; medians of CPU time.
 */
import { createPublicKey, ECDH, verify } from 'node:crypto'
import {
  type VerificationRelationship,
  writeDidDocument,
  writeDidJwk,
  writeDidKey,
  writeMultikey,
} from '@facet-id/credential/did'
import { writeDidPeer2 } from '@facet-id/credential/did/peer'
import {
  checksOf,
  placeholderDid,
  readDidLog,
  writeSignedEntry,
  writeWebvhCreation,
  writeWebvhUpdate,
} from '@facet-id/credential/did/webvh'
import { checkSignatures, expandPoint, generateKey, hash, signerOf } from '@facet-id/crypto/node'
import { createDidResolver } from '@facet-id/resolve'
import type { Measured } from './run.ts'

const ROUNDS = 15
const DIDS = 400
const KEPT_LOOKUPS = 20_000
const ENTRIES = 1000
const NOW = 1_800_000_000

interface Named {
  readonly did: string
  readonly kid: string
  readonly relationship: VerificationRelationship
}

export async function bench(): Promise<readonly Measured[]> {
  return [...(await keys()), ...(await history())]
}

function resolver(body = '') {
  const transport = { send: async () => ({ status: 200, headers: {}, body }) }
  return createDidResolver({ hash, expandPoint, checkSignatures, transport, now: () => NOW })
}

const makers: Readonly<Record<string, () => Named>> = {
  'did:key P-256': () => named(writeDidKey(generateKey().publicJwk)),
  'did:key Ed25519': () => named(writeDidKey(generateKey('EdDSA').publicJwk)),
  'did:jwk P-256': () => named(writeDidJwk(generateKey().publicJwk), '0'),
  'did:peer:2 P-256': () =>
    named(writeDidPeer2([{ purpose: 'assertionMethod', key: generateKey().publicJwk }]), 'key-1'),
}

function named(did: string, fragment: string = did.slice('did:key:'.length)): Named {
  return { did, kid: `${did}#${fragment}`, relationship: 'assertionMethod' }
}

async function keys(): Promise<readonly Measured[]> {
  const measured: Measured[] = []
  for (const [name, make] of Object.entries(makers)) {
    const questions = Array.from({ length: DIDS }, make)
    const [one] = questions
    if (one === undefined) throw new Error('there are DIDs')
    const rounds = { fresh: [] as number[], kept: [] as number[], floor: [] as number[] }
    for (let round = 0; round < ROUNDS; round++) {
      const { resolveKey } = resolver()
      rounds.fresh.push(await perTurn(questions.length, (turn) => found(resolveKey(questions[turn] ?? one))))
      rounds.kept.push(await perTurn(KEPT_LOOKUPS, () => found(resolveKey(one))))
      rounds.floor.push(await perTurn(questions.length, (turn) => floorOf(questions[turn] ?? one)))
    }
    measured.push({
      name: `${name}, met for the first time, to a public JWK`,
      unit: 'µs',
      value: median(rounds.fresh),
      notes: {
        floor_expand_point_µs: micro(median(rounds.floor)),
        dids: DIDS,
        rounds: ROUNDS,
        slowest_round: micro(Math.max(...rounds.fresh)),
      },
    })
    measured.push({
      name: `${name}, kept`,
      unit: 'µs',
      value: median(rounds.kept),
      notes: { lookups: KEPT_LOOKUPS, rounds: ROUNDS, slowest_round: micro(Math.max(...rounds.kept)) },
    })
  }
  return measured
}

/** What no resolver can save: the arithmetic of the point. */
async function floorOf({ did }: Named): Promise<void> {
  if (/^did:(?:key:zDn|peer:2)/.test(did))
    ECDH.convertKey(somePoint, 'prime256v1', undefined, undefined, 'uncompressed')
}
const somePoint = (() => {
  const { x, y } = generateKey().publicJwk
  return Buffer.concat([
    Buffer.of(2 + ((Buffer.from(y, 'base64url').at(-1) ?? 0) & 1)),
    Buffer.from(x, 'base64url'),
  ])
})()

async function found(answer: Promise<object>): Promise<void> {
  if (!('key' in (await answer))) throw new Error('a key was not found')
}

async function history(): Promise<readonly Measured[]> {
  const { did, text } = longHistory()
  const checks = checksOf(readDidLog(text, did, { hash, now: NOW }))
  if (checks.length !== ENTRIES) throw new Error('the log is not whole')
  const natives = checks.map(({ key, data, signature }) => ({
    key: createPublicKey({ key: { ...key }, format: 'jwk' }),
    data: typeof data === 'string' ? Buffer.from(data) : data,
    signature,
  }))
  const rounds = { whole: [] as number[], floor: [] as number[], reading: [] as number[] }
  for (let round = 0; round < ROUNDS; round++) {
    rounds.floor.push(
      await perTurn(1, async () => {
        for (const { key, data, signature } of natives) {
          if (!verify(null, data, key, signature)) throw new Error('a signature of the log does not hold')
        }
      }),
    )
    rounds.whole.push(
      await perTurn(1, () =>
        found(resolver(text).resolveKey({ did, kid: `${did}#a`, relationship: 'assertionMethod' })),
      ),
    )
    rounds.reading.push(await perTurn(1, async () => void readDidLog(text, did, { hash, now: NOW })))
  }
  const [whole, floor, reading] = [median(rounds.whole), median(rounds.floor), median(rounds.reading)]
  return [
    {
      name: `did:webvh log of ${ENTRIES} entries, read and verified`,
      unit: 'ms',
      value: whole / 1000,
      notes: {
        floor_signatures_ms: micro(floor / 1000),
        times_the_floor: micro(whole / floor),
        reading_and_hashing_ms: micro(reading / 1000),
        log_bytes: text.length,
        rounds: ROUNDS,
      },
    },
  ]
}

function longHistory(): { readonly did: string; readonly text: string } {
  const owner = generateKey('EdDSA')
  const { sign } = signerOf(owner.privateJwk)
  const by = writeMultikey(owner.publicJwk)
  const at = (seconds: number) => ({ hash, now: NOW - 2 * ENTRIES + seconds, by })
  const keys = [{ fragment: 'a', key: generateKey().publicJwk, relationships: ['assertionMethod'] }] as const
  const document = writeDidDocument(placeholderDid('issuer.example'), { keys })
  const created = writeWebvhCreation(document, { updateKeys: [by] }, at(0))
  const lines = [writeSignedEntry(created, sign(created.data))]
  let [before] = readDidLog(lines[0] ?? '', created.did, { hash, now: NOW }).versions
  for (let i = 1; i < ENTRIES && before !== undefined; i++) {
    const update = writeWebvhUpdate(before, { parameters: { ttl: 60 + i } }, at(i))
    lines.push(writeSignedEntry(update, sign(update.data)))
    before = {
      ...before,
      versionId: update.versionId,
      versionNumber: i + 1,
      at: (NOW - 2 * ENTRIES + i) * 1000,
    }
  }
  return { did: created.did, text: lines.join('') }
}

/** Microseconds of CPU for one turn. */
async function perTurn(turns: number, act: (turn: number) => Promise<void>): Promise<number> {
  const before = process.cpuUsage()
  for (let turn = 0; turn < turns; turn++) await act(turn)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / turns
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

function micro(value: number): number {
  return Math.round(value * 100) / 100
}
