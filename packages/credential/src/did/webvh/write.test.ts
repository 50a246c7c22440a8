import { checkSignatures, hash, keyPair, outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import type { JsonObject } from '../../json.ts'
import { findVerificationMethod } from '../document.ts'
import { readMethodKey } from '../method-key.ts'
import { writeDidDocument } from '../web.ts'
import { checksOf, findVersion, judgeDidLog, webvhMetadata } from './judge.ts'
import { type LogVersion, readDidLog } from './log.ts'
import { judged, place, start, type UpdateKey, updateKey, witnessFile } from './logs.test-support.ts'
import { keyHashOf } from './parameters.ts'
import { didWebOf, writeParallelDidWeb } from './services.ts'
import {
  placeholderDid,
  type UnsignedEntry,
  writeSignedEntry,
  writeWebvhCreation,
  writeWebvhDeactivation,
  writeWebvhMove,
  writeWebvhUpdate,
} from './write.ts'

const { publicJwk } = keyPair()
const issuing = {
  fragment: 'issuing',
  key: publicJwk,
  relationships: ['assertionMethod', 'authentication'],
} as const
const documentOf = (did: string): JsonObject => writeDidDocument(did, { keys: [issuing] })
const tools = (key: UpdateKey, now: number) => ({ hash, now, by: key.multikey })
const signed = (entry: UnsignedEntry, key: UpdateKey): string => writeSignedEntry(entry, key.sign(entry.data))

function created(key: UpdateKey, parameters: JsonObject = {}, host = place, path: readonly string[] = []) {
  const entry = writeWebvhCreation(
    documentOf(placeholderDid(host, path)),
    { updateKeys: [key.multikey], ...parameters },
    tools(key, start),
  )
  return { did: entry.did, text: signed(entry, key) }
}

function last(log: { readonly did: string; readonly text: string }): LogVersion {
  const version = readDidLog(log.text, log.did, { hash, now: start + 1000 }).versions.at(-1)
  if (version === undefined) throw new Error('a log that was written has a version')
  return version
}

test('WVH-L5, WVH-L1 a DID is created, and is the hash of its beginning', () => {
  const key = updateKey()
  const log = created(key, {}, 'issuer.example:8443', ['dids', 'one'])
  expect(log.did).toMatch(/^did:webvh:Qm\w{44}:issuer\.example%3A8443:dids:one$/)
  const { versions, fault } = judged(log)
  expect(fault).toBeUndefined()
  expect(versions).toHaveLength(1)
  const method = findVerificationMethod(
    versions[0]?.document ?? { id: '' },
    `${log.did}#issuing`,
    'assertionMethod',
  )
  expect(method).toMatchObject({ type: 'Multikey', controller: log.did })
})

test('WVH-P3 keys are rotated: the old one signs the entry that brings in the new one', () => {
  const [old, next] = [updateKey(), updateKey()]
  const log = created(old)
  const parameters = { updateKeys: [next.multikey] }
  const rotated = log.text + signed(writeWebvhUpdate(last(log), { parameters }, tools(old, start + 10)), old)
  expect(outcomeOf(() => writeWebvhUpdate(last(log), { parameters }, tools(next, start + 10)))).toBe(
    'did_log_invalid',
  )
  const after = { did: log.did, text: rotated }
  const update = writeWebvhUpdate(last(after), {}, tools(next, start + 20))
  expect(judged({ did: log.did, text: rotated + signed(update, next) })).toMatchObject({
    versions: { length: 3 },
  })
  expect(outcomeOf(() => writeWebvhUpdate(last(after), {}, tools(old, start + 20)))).toBe('did_log_invalid')
})

test('WVH-P4 keys are promised by their hashes, and only those may follow', () => {
  const [now, promised, other] = [updateKey(), updateKey(), updateKey()]
  const log = created(now, { nextKeyHashes: [keyHashOf(promised.multikey, hash)] })
  const to =
    (key: UpdateKey, next: readonly string[] = []) =>
    () =>
      writeWebvhUpdate(
        last(log),
        { parameters: { updateKeys: [key.multikey], nextKeyHashes: next } },
        tools(key, start + 10),
      )
  expect(outcomeOf(to(other))).toBe('did_log_invalid')
  expect(outcomeOf(to(now))).toBe('did_log_invalid')
  expect(outcomeOf(() => writeWebvhUpdate(last(log), {}, tools(now, start + 10)))).toBe('did_log_invalid')
  const text = log.text + signed(to(promised, [keyHashOf(other.multikey, hash)])(), promised)
  expect(judged({ did: log.did, text }).fault).toBeUndefined()
})

test('WVH-P6 a portable DID moves, keeps its SCID, and says where it was', () => {
  const key = updateKey()
  const log = created(key, { portable: true })
  const move = writeWebvhMove(last(log), { host: 'elsewhere.example', path: ['a'] }, tools(key, start + 10))
  const moved = { did: move.did, text: log.text + signed(move, key) }
  expect(move.did).toBe(log.did.replace(place, 'elsewhere.example:a'))
  const { versions, fault } = judged(moved)
  expect(fault).toBeUndefined()
  const document = versions[1]?.document
  expect(document).toMatchObject({ id: move.did, alsoKnownAs: [log.did] })
  expect(
    findVerificationMethod(document ?? { id: '' }, `${move.did}#issuing`, 'authentication'),
  ).toBeDefined()
  expect(JSON.stringify({ ...document, alsoKnownAs: [] })).not.toContain(log.did)
  // Under its old name it is found too, and is said to be called otherwise now.
  const asOld = judged({ did: log.did, text: moved.text })
  expect(webvhMetadata(asOld, last({ did: log.did, text: moved.text }))).toMatchObject({
    canonicalId: move.did,
  })
})

test('WVH-P6 a DID that is not portable does not move', () => {
  const key = updateKey()
  const log = created(key)
  const move = () => writeWebvhMove(last(log), { host: 'elsewhere.example' }, tools(key, start + 10))
  expect(outcomeOf(move)).toBe('did_log_invalid')
})

test('WVH-D1 a DID is given up, and nothing can follow', () => {
  const key = updateKey()
  const log = created(key)
  const text = log.text + signed(writeWebvhDeactivation(last(log), tools(key, start + 10)), key)
  const given = judged({ did: log.did, text })
  expect(given.fault).toBeUndefined()
  expect(findVersion(given, {})?.parameters).toMatchObject({ deactivated: true, updateKeys: [] })
  expect(findVersion(given, { versionNumber: 1 })?.parameters.deactivated).toBe(false)
  const more = () => writeWebvhUpdate(last({ did: log.did, text }), {}, tools(key, start + 20))
  expect(outcomeOf(more)).toBe('did_log_invalid')
})

test('WVH-W2, WVH-C1 a DID with witnesses counts once they have seen it', () => {
  const [key, ...witnesses] = [updateKey(), updateKey(), updateKey(), updateKey()]
  const witness = {
    threshold: 2,
    witnesses: witnesses.map(({ multikey }) => ({ id: `did:key:${multikey}` })),
  }
  const log = created(key, { witness })
  const { versionId } = last(log)
  const seenBy = (count: number) => witnessFile(witnesses.slice(0, count).map((one) => [versionId, one]))
  expect(judged(log, seenBy(1)).fault?.reason.message).toContain('witnesses')
  expect(judged(log, seenBy(2)).fault).toBeUndefined()
})

test('WVH-L4 a time that does not follow the last one, or lies ahead, is not written', () => {
  const key = updateKey()
  const log = created(key)
  for (const now of [start, start - 1]) {
    expect(outcomeOf(() => writeWebvhUpdate(last(log), {}, tools(key, now)))).toBe('did_log_invalid')
  }
})

test('the did:web beside it says the same, in its own name', () => {
  const key = updateKey()
  const log = created(key)
  const { document } = last(log)
  const web = writeParallelDidWeb(document)
  expect(web).toMatchObject({ id: didWebOf(log.did), alsoKnownAs: [log.did] })
  expect(didWebOf(log.did)).toBe(`did:web:${place}`)
  const method = findVerificationMethod(web, `did:web:${place}#issuing`, 'assertionMethod')
  if (method === undefined) throw new Error('the key keeps its relationships')
  expect(() => readMethodKey(method, () => undefined)).toThrow(/point/)
  expect(web.service?.map(({ id }) => id)).toEqual(['#files', '#whois'])
})

test('WVH-L1 of a long history every entry is read and checked', () => {
  const key = updateKey()
  const { did, text } = created(key)
  const lines = [text]
  for (let i = 1; i < 50; i++) {
    const before = last({ did, text: lines.join('') })
    lines.push(signed(writeWebvhUpdate(before, {}, tools(key, start + i)), key))
  }
  const log = readDidLog(lines.join(''), did, { hash, now: start + 1000 })
  expect(checksOf(log)).toHaveLength(50)
  const verdicts = checkSignatures(checksOf(log))
  expect(judgeDidLog(log, verdicts).fault).toBeUndefined()
  expect(judgeDidLog(log, verdicts.with(30, 'invalid'))).toMatchObject({
    versions: { length: 30 },
    fault: { versionNumber: 31 },
  })
  expect(judgeDidLog(log, verdicts.slice(0, -1)).fault).toMatchObject({ versionNumber: 50 })
})
