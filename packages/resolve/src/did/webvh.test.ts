import { writeDidDocument, writeMultikey } from '@facet-id/credential/did'
import {
  keyHashOf,
  type LogVersion,
  type ParameterChange,
  placeholderDid,
  readDidLog,
  type UnsignedEntry,
  writeSignedEntry,
  writeWebvhCreation,
  writeWebvhDeactivation,
  writeWebvhMove,
  writeWebvhUpdate,
  writeWitnessFile,
  writeWitnessing,
} from '@facet-id/credential/did/webvh'
import { ProtocolError } from '@facet-id/protocol/error'
import { memoryStore } from '@facet-id/store'
import { checkSignatures, hash, keyPair, keyPairFor, signerFor } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { findDidError, httpStatusOf } from './resolution.ts'
import { startOfTime, type World, worldOf } from './world.test-support.ts'

function updateKey() {
  const { publicJwk, privateJwk } = keyPairFor('EdDSA')
  return { multikey: writeMultikey(publicJwk), sign: signerFor('EdDSA', privateJwk).sign }
}

const key = updateKey()
const { publicJwk } = keyPair()
const signed = (entry: UnsignedEntry, by = key) => writeSignedEntry(entry, by.sign(entry.data))
const tools = (seconds: number, by = key) => ({ hash, now: startOfTime + seconds, by: by.multikey })
const place = 'https://issuer.example/.well-known/'
const logUrl = `${place}did.jsonl`
const witnessUrl = `${place}did-witness.json`

/** A DID, published. */
function created(
  world: World,
  parameters: ParameterChange = {},
  at = 0,
): { readonly did: string; text: string } {
  const keys = [{ fragment: 'a', key: publicJwk, relationships: ['assertionMethod'] }] as const
  const document = writeDidDocument(placeholderDid('issuer.example'), { keys })
  const entry = writeWebvhCreation(document, { updateKeys: [key.multikey], ...parameters }, tools(at))
  const text = signed(entry)
  world.web.set(logUrl, { body: text })
  return { did: entry.did, text }
}

function last({ did, text }: { readonly did: string; readonly text: string }): LogVersion {
  const version = readDidLog(text, did, { hash, now: startOfTime + 1000 }).versions.at(-1)
  if (version === undefined) throw new Error('a log that was written has a version')
  return version
}

const keyOf = (did: string) => ({ did, kid: `${did}#a`, relationship: 'assertionMethod' }) as const

test('WVH-S4, WVH-L1 a did:webvh is resolved from its log, and its key is found', async () => {
  const world = worldOf()
  const { did } = created(world)
  expect(await world.resolveKey(keyOf(did))).toEqual({
    key: { crv: 'P-256', kty: 'EC', x: publicJwk.x, y: publicJwk.y },
  })
  expect(await world.resolve(did)).toMatchObject({
    didDocument: {
      id: did,
      service: [{ id: '#files', serviceEndpoint: 'https://issuer.example' }, { id: '#whois' }],
    },
    didDocumentMetadata: {
      versionId: expect.stringMatching(/^1-Qm/),
      deactivated: false,
      portable: false,
      ttl: '3600',
    },
  })
  expect(world.asked).toEqual([logUrl])
})

test('WVH-C1, WVH-Q3 it is kept for its ttl, no longer than a day, and not at all for a ttl of 0', async () => {
  for (const [ttl, seconds] of [
    [10, 10],
    [2 ** 31, 86_400],
    [undefined, 3600],
  ]) {
    const world = worldOf()
    const { did } = created(world, ttl === undefined ? {} : { ttl })
    for (const step of [0, (seconds ?? 0) - 1]) {
      world.clock.advance(step)
      await world.resolve(did)
    }
    expect(world.asked).toHaveLength(1)
    world.clock.advance(1)
    await world.resolve(did)
    expect(world.asked).toHaveLength(2)
  }
  const world = worldOf()
  const { did } = created(world, { ttl: 0 })
  await world.resolve(did)
  await world.resolve(did)
  expect(world.asked).toHaveLength(2)
})

test('WVH-Q1, WVH-Q3 versions are found by query or option, out of one fetch', async () => {
  const world = worldOf()
  const first = created(world)
  const update = writeWebvhUpdate(last(first), { parameters: { ttl: 7200 } }, tools(100))
  world.web.set(logUrl, { body: first.text + signed(update) })
  const { did } = first
  const numberOf = async (...question: Parameters<World['resolve']>) => {
    const resolution = await world.resolve(...question)
    return findDidError(resolution) ?? String(resolution.didDocumentMetadata.versionId).split('-')[0]
  }
  const before = new Date((startOfTime + 99) * 1000).toISOString().replace('.000', '')
  expect(await numberOf(did)).toBe('2')
  expect(await numberOf(`${did}?versionId=${last(first).versionId}`)).toBe('1')
  expect(await numberOf(did, { versionId: update.versionId })).toBe('2')
  expect(await numberOf(`${did}?versionTime=${before}#a`)).toBe('1')
  expect(await numberOf(`${did}/path?versionTime=${encodeURIComponent(before)}`)).toBe('1')
  expect(await numberOf(did, { versionNumber: 1 })).toBe('1')
  expect(await numberOf(did, { versionNumber: 3 })).toBe('NOT_FOUND')
  expect(await numberOf(did, { versionTime: '2000-01-01T00:00:00Z' })).toBe('NOT_FOUND')
  expect(await numberOf(did, { versionId: '1-x' })).toBe('NOT_FOUND')
  expect(world.asked).toHaveLength(1)
})

test('WVH-Q2 a version before a fault is found, and the DID itself is not', async () => {
  const world = worldOf()
  const { did, text } = created(world)
  const forged = signed(writeWebvhUpdate(last({ did, text }), {}, tools(10))).replace(
    '"proofValue":"z',
    '"proofValue":"z2',
  )
  world.web.set(logUrl, { body: text + forged })
  const now = await world.resolve(did)
  expect(findDidError(now)).toBe('INVALID_DID')
  expect(await world.resolveKey(keyOf(did))).toHaveProperty('refused')
  expect(await world.resolve(did, { versionNumber: 1 })).toMatchObject({ didDocument: { id: did } })
})

test('WVH-Q3, DRES-9 a DID that is not valid is kept no longer than any failure, so that its owner can put it right', async () => {
  const world = worldOf()
  const { did, text } = created(world)
  world.web.set(logUrl, { body: text.replace('"ttl"', '"x"').replace('issuer.example', 'other.example') })
  for (let i = 0; i < 20; i++) {
    expect(findDidError(await world.resolve(did))).toBe('INVALID_DID')
    expect(await world.resolveKey(keyOf(did))).toHaveProperty('refused')
  }
  expect(world.asked).toHaveLength(1)
  world.web.set(logUrl, { body: text })
  world.clock.advance(5)
  expect(findDidError(await world.resolve(did))).toBeUndefined()
})

test('DMG-39, WVH-Q3 a log with a fault takes away nothing of what was known, and is asked for once in half a minute', async () => {
  const world = worldOf()
  const { did, text } = created(world)
  expect(await world.resolveKey(keyOf(did))).toHaveProperty('key')
  world.clock.advance(31)
  const forged = signed(writeWebvhUpdate(last({ did, text }), {}, tools(10))).replace('"ttl"', '"x"')
  for (const body of [text + forged.replace('"proofValue":"z', '"proofValue":"z2'), `${text}{}`]) {
    world.web.set(logUrl, { body })
    for (let i = 0; i < 20; i++) {
      const none = { ...keyOf(did), kid: `${did}#none-${i}` }
      expect(await world.resolveKey(none)).toHaveProperty('refused')
      expect(await world.resolveKey(keyOf(did))).toHaveProperty('key')
    }
  }
  expect(world.asked).toHaveLength(2)
})

test('WVH-Q3 a log that is shorter than it was is refused, and so is another one of the same beginning', async () => {
  const world = worldOf()
  const first = created(world, { ttl: 0 })
  const one = signed(writeWebvhUpdate(last(first), {}, tools(10)))
  const other = signed(writeWebvhUpdate(last(first), {}, tools(20)))
  world.web.set(logUrl, { body: first.text + one })
  expect(findDidError(await world.resolve(first.did))).toBeUndefined()
  for (const body of [first.text, first.text + other]) {
    world.web.set(logUrl, { body })
    expect(findDidError(await world.resolve(first.did))).toBe('INVALID_DID')
    world.clock.advance(5)
  }
  world.web.set(logUrl, { body: first.text + one })
  expect(findDidError(await world.resolve(first.did))).toBeUndefined()
})

test('WVH-Q3 where there is a store, a log that was cut is refused after a restart too, and nobody reads there whose it is', async () => {
  const store = memoryStore({ now: () => startOfTime * 1000 })
  const world = worldOf({ store })
  const first = created(world)
  const one = signed(writeWebvhUpdate(last(first), {}, tools(10)))
  world.web.set(logUrl, { body: first.text + one })
  expect(findDidError(await world.resolve(first.did))).toBeUndefined()
  const resolvedAnew = async (body: string, kept = store) => {
    const again = worldOf({ store: kept })
    again.web.set(logUrl, { body })
    return findDidError(await again.resolve(first.did))
  }
  expect(await resolvedAnew(first.text)).toBe('INVALID_DID')
  expect(await resolvedAnew(first.text + one)).toBeUndefined()
  expect(await resolvedAnew(first.text, memoryStore({ now: () => 0 }))).toBeUndefined()
  for await (const { key, value } of store.range('did/newest-version')) {
    expect(first.did).not.toContain(key)
    await store.commit([{ op: 'put', ns: 'did/newest-version', key, value: value.slice(0, 4) }])
  }
  expect(await resolvedAnew(first.text + one)).toBe('INTERNAL_ERROR')
})

test('DRES-3, WVH-D1, SDJ-9.8-1 a DID that was given up has no document and no keys; its versions before can be asked for', async () => {
  const world = worldOf()
  const first = created(world)
  world.web.set(logUrl, { body: first.text + signed(writeWebvhDeactivation(last(first), tools(10))) })
  const resolution = await world.resolve(first.did)
  expect(resolution).toMatchObject({ didDocument: null, didDocumentMetadata: { deactivated: true } })
  expect(resolution.didResolutionMetadata).not.toHaveProperty('error')
  expect(httpStatusOf(resolution)).toBe(410)
  expect(await world.resolveKey(keyOf(first.did))).toEqual({ refused: 'The DID was given up by its owner.' })
  expect(await world.resolve(first.did, { versionNumber: 1 })).toMatchObject({
    didDocument: { id: first.did },
    didDocumentMetadata: { deactivated: true },
  })
})

test('WVH-P6 a DID that moved is found under both names, and its keys under the new one alone', async () => {
  const world = worldOf()
  const first = created(world, { portable: true })
  const move = writeWebvhMove(last(first), { host: 'elsewhere.example' }, tools(10))
  const body = first.text + signed(move)
  world.web.set(logUrl, { body }).set('https://elsewhere.example/.well-known/did.jsonl', { body })
  expect(await world.resolveKey(keyOf(move.did))).toHaveProperty('key')
  expect(await world.resolve(first.did)).toMatchObject({
    didDocument: { id: move.did, alsoKnownAs: [first.did] },
    didDocumentMetadata: { canonicalId: move.did },
  })
  expect(await world.resolveKey(keyOf(first.did))).toHaveProperty('refused')
  expect(await world.resolveKey({ ...keyOf(first.did), kid: `${move.did}#a` })).toHaveProperty('refused')
})

test('WVH-P4 keys that were promised are taken, and a thief of the present ones gets nowhere', async () => {
  const world = worldOf()
  const [next, thief] = [updateKey(), updateKey()]
  const first = created(world, { nextKeyHashes: [keyHashOf(next.multikey, hash)] })
  const parameters = { updateKeys: [next.multikey], nextKeyHashes: [] }
  const honest = signed(writeWebvhUpdate(last(first), { parameters }, tools(10, next)), next)
  world.web.set(logUrl, { body: first.text + honest.replaceAll(next.multikey, thief.multikey) })
  expect(findDidError(await world.resolve(first.did))).toBe('INVALID_DID')
  world.clock.advance(5)
  world.web.set(logUrl, { body: first.text + honest })
  expect(findDidError(await world.resolve(first.did))).toBeUndefined()
})

test('WVH-W2 the proofs of witnesses are fetched beside the log, and only where there are witnesses', async () => {
  const world = worldOf()
  const witness = updateKey()
  const rule = { threshold: 1, witnesses: [{ id: `did:key:${witness.multikey}` }] }
  const log = created(world, { witness: rule })
  const { versionId } = last(log)
  const unsigned = writeWitnessing({ versionId, witness: witness.multikey, created: startOfTime }, hash)
  const body = writeWitnessFile([{ versionId, proofs: [[unsigned, witness.sign(unsigned.data)]] }])
  for (const answer of [
    { status: 404 },
    { body: '[]' },
    { body: 'x' },
    { body: body.replace(versionId, '1-x') },
  ]) {
    world.web.set(witnessUrl, answer)
    expect(findDidError(await world.resolve(log.did))).toBe('INVALID_DID')
    world.clock.advance(5)
  }
  // That its server is in trouble says nothing against the DID.
  world.web.set(witnessUrl, new ProtocolError('peer_timed_out', 'for a test'))
  expect(await world.resolveKey(keyOf(log.did))).toHaveProperty('undetermined')
  world.clock.advance(5)
  world.web.set(witnessUrl, { body })
  expect(await world.resolveKey(keyOf(log.did))).toHaveProperty('key')
  expect(world.asked.slice(-2)).toEqual([logUrl, witnessUrl])
})

test.each([
  ['WVH-W2 a file of witnesses that is no list', { body: '{}' }],
  ['WVH-W2 a file of witnesses that is too large', { body: `[${' '.repeat(5_242_880)}]` }],
  ['WVH-T4 a file of witnesses that never ends', new ProtocolError('response_too_large', 'for a test')],
])('WVH-W2, WVH-T4 %s is called that, and what needs no witness is found', async (_, answer) => {
  const world = worldOf()
  const witness = updateKey()
  const first = created(world)
  const rule = { threshold: 1, witnesses: [{ id: `did:key:${witness.multikey}` }] }
  const update = writeWebvhUpdate(last(first), { parameters: { witness: rule } }, tools(10))
  world.web.set(logUrl, { body: first.text + signed(update) }).set(witnessUrl, answer)
  expect(await world.resolve(first.did)).toMatchObject({
    didResolutionMetadata: {
      error: { detail: expect.stringContaining('the proofs of its witnesses cannot be read') },
    },
  })
  expect(await world.resolve(first.did, { versionNumber: 1 })).toMatchObject({
    didDocument: { id: first.did },
  })
})

test('DRES-12 of each witness no more proofs are checked than it takes to believe it', async () => {
  const { world, calls } = counting()
  const witnesses = [updateKey(), updateKey(), updateKey()]
  const rule = { threshold: 3, witnesses: witnesses.map(({ multikey }) => ({ id: `did:key:${multikey}` })) }
  const log = created(world, { witness: rule })
  const { versionId } = last(log)
  const proofs = witnesses.map(({ multikey, sign }) => {
    const unsigned = writeWitnessing({ versionId, witness: multikey, created: startOfTime }, hash)
    return [unsigned, sign(unsigned.data)] as const
  })
  const others = proofs.map(([unsigned]) => [unsigned, new Uint8Array(64).fill(7)] as const)
  world.web.set(witnessUrl, {
    body: writeWitnessFile([{ versionId, proofs: [...others.slice(0, 1), ...proofs] }]),
  })
  expect(await world.resolveKey(keyOf(log.did))).toHaveProperty('key')
  expect(calls).toEqual([1, 3, 1])
})

test.each([
  [
    'WVH-T1 a redirect',
    { status: 301, headers: { location: 'https://elsewhere.example/did.jsonl' } },
    'INTERNAL_ERROR',
  ],
  ['WVH-T2 an address of this network', new ProtocolError('address_refused', 'for a test'), 'INVALID_DID'],
  ['WVH-T4 an endless log', new ProtocolError('response_too_large', 'for a test'), 'INVALID_DID'],
  ['WVH-T4 a log that never comes', new ProtocolError('peer_timed_out', 'for a test'), 'INTERNAL_ERROR'],
  ['WVH-L1 an empty log', { body: '' }, 'INVALID_DID'],
] as const)('WVH-T1, WVH-T2, WVH-T4 %s is no log, and nothing else is asked for', async (_, answer, code) => {
  const world = worldOf()
  const { did } = created(world)
  world.web.set(logUrl, answer)
  expect(findDidError(await world.resolve(did))).toBe(code)
  expect(world.asked).toEqual([logUrl])
})

test('WVH-T4 a log of more than five mebibytes is not valid, even where a transport lets it through', async () => {
  const world = worldOf()
  const { did, text } = created(world)
  world.web.set(logUrl, { body: text + ' '.repeat(5_242_881) })
  expect(findDidError(await world.resolve(did))).toBe('INVALID_DID')
})

/** A log of so many entries that keep every rule. */
function grown(world: World, entries: number): { readonly did: string; readonly lines: readonly string[] } {
  const first = created(world)
  const lines = [first.text]
  let before = last(first)
  for (let at = 1; at < entries; at++) {
    const entry = writeWebvhUpdate(before, {}, tools(at))
    lines.push(signed(entry))
    before = { ...before, versionId: entry.versionId, versionNumber: at + 1, at: (startOfTime + at) * 1000 }
  }
  world.web.set(logUrl, { body: lines.join('') })
  return { did: first.did, lines }
}

/** How many signatures were checked in each call of the port, and how many turns others had meanwhile. */
function counting() {
  const calls: number[] = []
  const world = worldOf({
    checkSignatures(checks) {
      calls.push(checks.length)
      return checkSignatures(checks)
    },
  })
  return { world, calls }
}

test('DRES-12 the signatures of a long log are checked in slices, and others have their turn in between', async () => {
  const { world, calls } = counting()
  const { did } = grown(world, 200)
  let turns = 0
  const timer = setInterval(() => turns++, 0)
  expect(findDidError(await world.resolve(did))).toBeUndefined()
  clearInterval(timer)
  expect(calls).toEqual([64, 64, 64, 8])
  expect(turns).toBeGreaterThan(0)
})

test('DRES-12 after a signature that does not hold none is checked, and what stands before it is found', async () => {
  const { world, calls } = counting()
  const { did, lines } = grown(world, 200)
  // The tenth entry with the proof of another: it is bound by the hash to those before it, and not by its signature.
  const proofOf = (at: number) => JSON.parse(lines[at] ?? '').proof[0].proofValue
  const forged = lines.with(9, lines[9]?.replace(proofOf(9), proofOf(8)) ?? '')
  world.web.set(logUrl, { body: forged.join('') })
  expect(findDidError(await world.resolve(did))).toBe('INVALID_DID')
  expect(await world.resolve(did, { versionNumber: 9 })).toMatchObject({ didDocument: { id: did } })
  expect(await world.resolve(did, { versionNumber: 10 })).toMatchObject({ didDocument: null })
  expect(new Set(calls)).toEqual(new Set([64]))
})

test('DRES-12 a log whose entries bring eight proofs each is refused before a signature is checked', async () => {
  const { world, calls } = counting()
  const { did, lines } = grown(world, 20)
  const body = lines.map((line) => {
    const entry = JSON.parse(line)
    return `${JSON.stringify({ ...entry, proof: Array(8).fill(entry.proof[0]) })}\n`
  })
  world.web.set(logUrl, { body: body.join('') })
  expect(findDidError(await world.resolve(did))).toBe('INVALID_DID')
  expect(calls.reduce((sum, checks) => sum + checks, 0)).toBe(0)
})
