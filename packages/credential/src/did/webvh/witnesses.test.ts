import { hash } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { writeBase58btc } from '../../base58btc.ts'
import type { JsonObject } from '../../json.ts'
import { readDidLog } from './log.ts'
import { type Forged, forge, judged, start, updateKey, witnessFile } from './logs.test-support.ts'
import { readWitnessProofs } from './witness-proofs.ts'

const [key, other] = [updateKey(), updateKey()]
const otherScid = 'QmY8n5j6nkyzPrjtVvVTkqtbiEk15D3GVzxiPUjTMPwr9f'
const idOf = (witness: { readonly multikey: string }) => ({ id: `did:key:${witness.multikey}` })
const says = (parameters: JsonObject): Forged => ({ parameters })

const [one, two, three] = [updateKey(), updateKey(), updateKey()]
const rule = (threshold: number, ...witnesses: { readonly multikey: string }[]) => ({
  witness: { threshold, witnesses: witnesses.map(idOf) },
})

test('WVH-W2 witnesses are counted once each, and a later proof covers what came before', () => {
  const { versionIds, ...log } = forge(key, [says(rule(2, one, two)), {}])
  const [first = '', second = ''] = versionIds
  const faultWith = (...seen: readonly (readonly [string, typeof one])[]) =>
    judged(log, witnessFile(seen)).fault
  expect(faultWith([second, one], [second, two])).toBeUndefined()
  expect(faultWith([first, one], [first, two])).toMatchObject({ versionNumber: 2 })
  expect(faultWith([second, one], [first, one], [second, one])).toMatchObject({ versionNumber: 1 })
  expect(faultWith([second, one], [second, three])).toMatchObject({ versionNumber: 1 })
  expect(faultWith()).toMatchObject({ versionNumber: 1 })
})

test('WVH-W2 proofs of entries that are not in the log, or do not count in it, prove nothing', () => {
  const { versionIds, ...log } = forge(key, [says(rule(1, one)), { by: other }])
  const [, second = ''] = versionIds
  expect(judged(log, witnessFile([[second, one]])).fault).toMatchObject({ versionNumber: 1 })
  expect(judged(log, witnessFile([[`3-${otherScid}`, one]])).fault).toMatchObject({ versionNumber: 1 })
})

test('WVH-W3 a witness is the key that its proof names twice alike', () => {
  const { versionIds, ...log } = forge(key, [says(rule(1, one))])
  const [first = ''] = versionIds
  const file = witnessFile([[first, one]])
  expect(judged(log, file).fault).toBeUndefined()
  const forged = [
    file.replace(`#${one.multikey}`, `#${two.multikey}`),
    file.replace(`did:key:${one.multikey}`, `did:key:${two.multikey}`),
    file.replaceAll(one.multikey, two.multikey),
    file.replace('did:key:', 'did:web:'),
    file.replace('eddsa-jcs-2022', 'ecdsa-jcs-2019'),
    file.replace('assertionMethod', 'authentication'),
    witnessFile([[first, two]]).replaceAll(two.multikey, one.multikey),
  ]
  for (const text of forged) expect(judged(log, text).fault).toMatchObject({ versionNumber: 1 })
})

test('WVH-W4 new witnesses count from the next entry on, where there were others', () => {
  const log = forge(key, [says(rule(1, one)), says(rule(1, two)), {}])
  const [, second = '', third = ''] = log.versionIds
  const faultWith = (...seen: readonly (readonly [string, typeof one])[]) =>
    judged(log, witnessFile(seen)).fault
  expect(faultWith([second, one], [third, two])).toBeUndefined()
  expect(faultWith([third, two])).toMatchObject({ versionNumber: 1 })
  expect(faultWith([third, one])).toMatchObject({ versionNumber: 3 })
})

test('WVH-W4 the first witnesses count at once, and to do without them must be witnessed', () => {
  const begun = forge(key, [{}, says(rule(1, one))])
  const [, second = ''] = begun.versionIds
  expect(judged(begun).fault).toMatchObject({ versionNumber: 2 })
  expect(judged(begun, witnessFile([[second, one]])).fault).toBeUndefined()
  const ended = forge(key, [says(rule(1, one)), says({ witness: {} }), {}])
  const [first = '', last = ''] = ended.versionIds
  expect(judged(ended, witnessFile([[first, one]])).fault).toMatchObject({ versionNumber: 2 })
  expect(judged(ended, witnessFile([[last, one]])).fault).toBeUndefined()
})

test('DRES-12, WVH-W2 a log of 400 entries that three witnesses saw one by one is as good as a short one', () => {
  const witnesses = [one, two, three]
  const log = forge(key, [says(rule(3, ...witnesses)), ...Array.from({ length: 399 }, () => ({}))])
  const each = log.versionIds.flatMap((versionId) =>
    witnesses.map((witness) => [versionId, witness] as const),
  )
  expect(judged(log, witnessFile(each)).fault).toBeUndefined()
  expect(judged(log, witnessFile(each.toReversed())).fault).toBeUndefined()
})

test('DRES-12 of each witness a few proofs are picked, the latest first, however many there are', () => {
  const { versionIds, ...log } = forge(key, [
    says(rule(1, one, two)),
    ...Array.from({ length: 30 }, () => ({})),
  ])
  const seen = versionIds.flatMap((versionId) => [one, two].map((witness) => [versionId, witness] as const))
  const read = readWitnessProofs(
    witnessFile(seen),
    readDidLog(log.text, log.did, { hash, now: start + 1000 }),
    hash,
  )
  expect(read).toHaveLength(32)
  expect(read.slice(0, 2).map(({ by, versionNumber }) => [by, versionNumber])).toEqual([
    [one.multikey, 31],
    [two.multikey, 31],
  ])
})

test('DRES-12 more than a thousand proofs that prove nothing do not hide one that does', () => {
  const { versionIds, ...log } = forge(key, [says(rule(1, one)), {}])
  const [first = '', second = ''] = versionIds
  const good: JsonObject = JSON.parse(witnessFile([[second, one]]))[0]
  const [of] = JSON.parse(witnessFile([[second, one]]))[0].proof
  const bad = { ...of, proofValue: `z${'1'.repeat(64)}` }
  const told = (...entries: JsonObject[]) => judged(log, JSON.stringify(entries)).fault
  const many = (proof: JsonObject) => Array.from({ length: 1025 }, () => proof)
  expect(told({ versionId: second, proof: many(bad) }, good)).toBeUndefined()
  expect(told({ versionId: second, proof: many(of) })).toBeUndefined()
  const different = many(bad).map((proof, at) => ({ ...proof, proofValue: signatureOf(at) }))
  expect(told({ versionId: first, proof: different }, good)).toBeUndefined()
  expect(told(good, { versionId: second, proof: different })).toBeUndefined()
})

/** 64 bytes that are no signature. */
function signatureOf(number: number): string {
  return `z${writeBase58btc(
    new Uint8Array(64)
      .fill(7)
      .with(0, number & 255)
      .with(1, number >> 8),
  )}`
}
