/** Logs that break one rule each, forged so that all else about them is right. */
import { hash } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import type { JsonObject } from '../../json.ts'
import { writeVersionTime } from '../version-time.ts'
import { findVersion } from './judge.ts'
import { type Forged, forge, judged, place, start, updateKey } from './logs.test-support.ts'
import { keyHashOf } from './parameters.ts'

const [key, other, third] = [updateKey(), updateKey(), updateKey()]
const promise = (...keys: { readonly multikey: string }[]) =>
  keys.map(({ multikey }) => keyHashOf(multikey, hash))
const idOf = (key: { readonly multikey: string }) => ({ id: `did:key:${key.multikey}` })
const otherScid = 'QmY8n5j6nkyzPrjtVvVTkqtbiEk15D3GVzxiPUjTMPwr9f'
const says = (parameters: JsonObject): Forged => ({ parameters })
const at = (seconds: number): Forged => ({ versionTime: writeVersionTime(start + seconds) })
const withState = (change: (id: string) => JsonObject): Forged => ({
  unhashed: (entry) => {
    const { state } = entry
    const id = typeof state === 'object' && state !== null && 'id' in state ? String(state.id) : ''
    return { ...entry, state: change(id) }
  },
})
const option = (name: string, value: string): Forged => ({
  options: (options) => ({ ...options, [name]: value }),
})
const proofValue = (value: unknown): Forged => ({
  signed: (entry) => {
    const [proof] = entry.proof as readonly JsonObject[]
    return JSON.parse(JSON.stringify({ ...entry, proof: [{ ...proof, proofValue: value }] }))
  },
})
const ecKey = 'zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv'

interface Case {
  readonly title: string
  readonly log: readonly Forged[]
  /** Part of the reason that is given. */
  readonly why: string
}

const cases: readonly Case[] = [
  {
    title: 'WVH-L1 an entry in the middle whose signature does not hold',
    log: [{}, proofValue(`z${'1'.repeat(64)}`), {}],
    why: 'signature',
  },
  {
    title: 'WVH-L1 an entry that was changed after it was signed',
    log: [{}, { signed: (entry) => ({ ...entry, state: { id: entry.versionId ?? '' } }) }],
    why: 'changed',
  },
  { title: 'WVH-L1 an entry that is no JSON', log: [{}, { signed: () => 'x' }], why: 'cannot be read' },
  {
    title: 'WVH-L2 a gap in the numbers',
    log: [{}, { versionId: (made) => made.replace('2-', '3-') }],
    why: 'gap',
  },
  {
    title: 'WVH-L2 a number twice',
    log: [{}, { versionId: (made) => made.replace('2-', '1-') }],
    why: 'gap',
  },
  {
    title: 'WVH-L2 a number with zeros in front',
    log: [{}, { versionId: (made) => `0${made}` }],
    why: 'versionId',
  },
  {
    title: 'WVH-L2 a first entry with number two',
    log: [{ versionId: (made) => made.replace('1-', '2-') }],
    why: 'gap',
  },
  { title: 'WVH-L2 no dash', log: [{ versionId: (made) => made.replace('-', '') }], why: 'versionId' },
  { title: 'WVH-L2 two dashes', log: [{ versionId: (made) => made.replace('-', '--') }], why: 'versionId' },
  {
    title: 'WVH-L3 the hash of something else',
    log: [{}, { versionId: () => `2-${otherScid}` }],
    why: 'changed',
  },
  {
    title: 'WVH-L3 a hash that is none of SHA-256',
    log: [{}, { versionId: () => `2-${'1'.repeat(46)}` }],
    why: 'SHA-256',
  },
  {
    title: 'WVH-L3 a hash in other letters',
    log: [{}, { versionId: (made) => made.toLowerCase() }],
    why: 'hash',
  },
  { title: 'WVH-L4 a time that stands still', log: [{}, at(0)], why: 'increase' },
  { title: 'WVH-L4 a time that runs back', log: [{}, at(10), at(9)], why: 'increase' },
  { title: 'WVH-L4 a time more than five minutes ahead', log: [{}, at(1301)], why: 'ahead' },
  {
    title: 'WVH-L4 a time without a zone',
    log: [{ versionTime: '2027-01-15T08:00:00' }],
    why: 'versionTime',
  },
  {
    title: 'WVH-L4 a time in another zone',
    log: [{ versionTime: '2027-01-15T08:00:00+01:00' }],
    why: 'versionTime',
  },
  {
    title: 'WVH-L4 a day that no calendar has',
    log: [{ versionTime: '2026-02-30T08:00:00Z' }],
    why: 'versionTime',
  },
  {
    title: 'WVH-L5 a SCID that is not the hash of the beginning',
    log: [says({ watchers: [] }), {}].map((one, place) =>
      place === 0
        ? {
            ...one,
            signed: (entry: JsonObject) => ({
              ...entry,
              parameters: { ...(entry.parameters as JsonObject), watchers: ['x'] },
            }),
          }
        : one,
    ),
    why: 'first entry',
  },
  {
    title: 'WVH-L5 a SCID that is no hash',
    log: [
      { unhashed: (entry) => ({ ...entry, parameters: { ...(entry.parameters as JsonObject), scid: 'x' } }) },
    ],
    why: 'no hash',
  },
  {
    title: 'WVH-L6 a document that is that of another SCID',
    log: [{}, withState((id) => ({ id: id.replace(/Qm\w{44}/, otherScid) }))],
    why: 'another DID',
  },
  { title: 'WVH-L6 a document without an id', log: [{}, withState(() => ({}))], why: 'id' },
  {
    title: 'WVH-L6 a document whose id is a DID URL',
    log: [{}, withState((id) => ({ id: `${id}#x` }))],
    why: 'cannot be read',
  },
  {
    title: 'WVH-L6 a document whose id is of another method',
    log: [{}, withState(() => ({ id: 'did:web:issuer.example' }))],
    why: 'cannot be read',
  },
  {
    title: 'WVH-P1 no method',
    log: [
      { unhashed: (entry) => ({ ...entry, parameters: { scid: '{SCID}', updateKeys: [key.multikey] } }) },
    ],
    why: 'method',
  },
  ...[
    'did:webvh:99.0',
    'did:webvh:1.0-rc1',
    'didwebvh:1.0',
    'did:webvh:0.5',
    'DID:WEBVH:1.0',
    'did:webvh:1',
  ].map((method): Case => ({ title: `WVH-P1 the method ${method}`, log: [says({ method })], why: 'method' })),
  {
    title: 'WVH-P1 a method that is lowered later',
    log: [{}, says({ method: 'did:webvh:0.5' })],
    why: 'method',
  },
  {
    title: 'WVH-P2 another cryptosuite',
    log: [option('cryptosuite', 'ecdsa-jcs-2019')],
    why: 'eddsa-jcs-2022',
  },
  {
    title: 'WVH-P2 another suite of the same key',
    log: [option('cryptosuite', 'eddsa-rdfc-2022')],
    why: 'eddsa-jcs-2022',
  },
  { title: 'WVH-P2 another type of proof', log: [option('type', 'Ed25519Signature2020')], why: 'type' },
  {
    title: 'WVH-P2 another purpose',
    log: [option('proofPurpose', 'authentication')],
    why: 'assertionMethod',
  },
  { title: 'WVH-P2 no proof', log: [{ signed: ({ proof: _, ...entry }) => entry }], why: 'proof' },
  {
    title: 'WVH-P2 an empty list of proofs',
    log: [{ signed: (entry) => ({ ...entry, proof: [] }) }],
    why: 'no proof',
  },
  { title: 'WVH-P2 a key that is not an update key', log: [{}, { by: other }], why: 'may not' },
  {
    title: 'WVH-P2 a key that is named in its fragment only',
    log: [option('verificationMethod', `did:key:${other.multikey}#${key.multikey}`)],
    why: 'names its one key',
  },
  {
    title: 'WVH-P2 a key of another DID method',
    log: [option('verificationMethod', `did:web:issuer.example#${key.multikey}`)],
    why: 'names its one key',
  },
  {
    title: 'WVH-P2 a key on another curve',
    log: [option('verificationMethod', `did:key:${ecKey}#${ecKey}`)],
    why: 'Ed25519',
  },
  { title: 'WVH-P2 a signature of 63 bytes', log: [proofValue(`z${'1'.repeat(63)}`)], why: '64 bytes' },
  { title: 'WVH-P2 a signature in another base', log: [proofValue('uAAAA')], why: 'base58btc' },
  { title: 'WVH-P2 a signature that is no text', log: [proofValue(1)], why: 'base58btc' },
  {
    title: 'WVH-P2 a proof with a context of its own',
    log: [option('@context', 'https://w3id.org/security/data-integrity/v2')],
    why: 'context',
  },
  { title: 'WVH-P2 a proof made at no time', log: [option('created', 'yesterday')], why: 'no time' },
  {
    title: 'WVH-P3 the new key signs the entry that brings it in',
    log: [{}, { ...says({ updateKeys: [other.multikey] }), by: other }],
    why: 'may not',
  },
  {
    title: 'WVH-P3 the old key signs after it was replaced',
    log: [{}, says({ updateKeys: [other.multikey] }), {}],
    why: 'may not',
  },
  {
    title: 'WVH-P3 no keys at the beginning',
    log: [{ unhashed: (entry) => ({ ...entry, parameters: { method: 'did:webvh:1.0', scid: '{SCID}' } }) }],
    why: 'updateKeys',
  },
  {
    title: 'WVH-P3 an entry after all keys were taken away',
    log: [{}, says({ updateKeys: [] }), {}],
    why: 'may not',
  },
  {
    title: 'WVH-P4 promised keys and no new ones',
    log: [says({ nextKeyHashes: promise(other) }), {}],
    why: 'promised',
  },
  {
    title: 'WVH-P4 promised keys and no new promise',
    log: [says({ nextKeyHashes: promise(other) }), { ...says({ updateKeys: [other.multikey] }), by: other }],
    why: 'promised',
  },
  {
    title: 'WVH-P4 a key beside the promised one',
    log: [
      says({ nextKeyHashes: promise(other) }),
      { ...says({ updateKeys: [other.multikey, third.multikey], nextKeyHashes: [] }), by: other },
    ],
    why: 'not promised',
  },
  {
    title: 'WVH-P4 the old key, kept beside the promised one',
    log: [
      says({ nextKeyHashes: promise(other) }),
      { ...says({ updateKeys: [key.multikey], nextKeyHashes: [] }) },
    ],
    why: 'not promised',
  },
  {
    title: 'WVH-P4 an entry signed with the key before the promised one',
    log: [says({ nextKeyHashes: promise(other) }), says({ updateKeys: [other.multikey], nextKeyHashes: [] })],
    why: 'may not',
  },
  {
    title: 'WVH-P4 an end of promises in null',
    log: [
      says({ nextKeyHashes: promise(other) }),
      { parameters: { updateKeys: [other.multikey], nextKeyHashes: null }, by: other },
    ],
    why: 'promised',
  },
  { title: 'WVH-P5 a SCID later on', log: [{}, says({ scid: otherScid })], why: 'scid' },
  { title: 'WVH-P5 a DID made portable later', log: [{}, says({ portable: true })], why: 'portable' },
  {
    title: 'WVH-P5 a DID made portable again',
    log: [says({ portable: true }), says({ portable: false }), says({ portable: true })],
    why: 'portable',
  },
  { title: 'WVH-P5 a parameter that is not known', log: [says({ prerotation: true })], why: 'does not know' },
  ...(
    [
      { updateKeys: 'x' },
      { nextKeyHashes: {} },
      { updateKeys: [1] },
      { portable: 'yes' },
      { deactivated: 1 },
      { ttl: '5' },
      { ttl: -1 },
      { ttl: 0.5 },
      { ttl: 2 ** 32 },
      { watchers: 'x' },
    ] as const
  ).map(
    (parameters): Case => ({
      title: `WVH-P5 a parameter of another kind: ${JSON.stringify(parameters)}`,
      log: [{}, says(parameters)],
      why: 'not valid',
    }),
  ),
  {
    title: 'WVH-P6 a move that was not allowed',
    log: [{}, withState((id) => ({ id: id.replace(place, 'a.example'), alsoKnownAs: [id] }))],
    why: 'may not',
  },
  {
    title: 'WVH-P6 a move that does not say from where',
    log: [says({ portable: true }), withState((id) => ({ id: id.replace(place, 'a.example') }))],
    why: 'from where',
  },
  {
    title: 'WVH-P6 a move after it was forbidden',
    log: [
      says({ portable: true }),
      says({ portable: false }),
      withState((id) => ({ id: id.replace(place, 'a.example'), alsoKnownAs: [id] })),
    ],
    why: 'may not',
  },
  {
    title: 'WVH-P6 a move to an address',
    log: [
      says({ portable: true }),
      withState((id) => ({ id: id.replace(place, '127.0.0.1'), alsoKnownAs: [id] })),
    ],
    why: 'cannot be read',
  },
  {
    title: 'WVH-W1 a witness twice',
    log: [says({ witness: { threshold: 1, witnesses: [idOf(other), idOf(other)] } })],
    why: 'twice',
  },
  ...[0, 3, 1.5, -1, '1', null].map(
    (threshold): Case => ({
      title: `WVH-W1 a threshold of ${threshold} for two`,
      log: [says({ witness: { threshold, witnesses: [idOf(other), idOf(third)] } })],
      why: 'threshold',
    }),
  ),
  { title: 'WVH-W1 no threshold', log: [says({ witness: { witnesses: [idOf(other)] } })], why: 'threshold' },
  {
    title: 'WVH-W1 no witnesses',
    log: [says({ witness: { threshold: 1, witnesses: [] } })],
    why: 'threshold',
  },
  {
    title: 'WVH-W1 a witness of another DID method',
    log: [says({ witness: { threshold: 1, witnesses: [{ id: 'did:web:a.example' }] } })],
    why: 'Ed25519',
  },
  {
    title: 'WVH-W1 a witness on another curve',
    log: [says({ witness: { threshold: 1, witnesses: [{ id: `did:key:${ecKey}` }] } })],
    why: 'Ed25519',
  },
  {
    title: 'WVH-D1 an entry after the DID was given up',
    log: [{}, says({ deactivated: true }), says({ deactivated: false })],
    why: 'given up',
  },
]

test.each(cases)('$title is refused', ({ log, why }) => {
  const forged = forge(key, log)
  const { versions, fault } = judged(forged)
  expect(fault?.reason).toMatchObject({ name: 'CredentialError', code: 'did_log_invalid' })
  expect(fault?.reason.message).toContain(why)
  // What stands before the entry that breaks the rule still counts, and nothing after it.
  expect(versions).toHaveLength((fault?.versionNumber ?? 0) - 1)
  expect(versions.length).toBeLessThan(log.length)
})

test('WVH-L1 the forger is honest when it is told nothing', () => {
  const { versions, fault } = judged(forge(key, [{}, {}, {}]))
  expect(fault).toBeUndefined()
  expect(versions).toHaveLength(3)
})

test('WVH-L1 every order but the right one, and every entry left out, is refused', () => {
  const { did, text } = forge(key, [{}, {}, {}])
  const [one = '', two = '', three = ''] = text.trim().split('\n')
  for (const lines of [
    [two, one, three],
    [one, three],
    [one, three, two],
    [two, three],
    [one, one],
    [one, '', two],
  ]) {
    expect(judged({ did, text: lines.join('\n') }).fault).toBeDefined()
  }
  expect(judged({ did, text: '' }).versions).toEqual([])
  expect(judged({ did, text: text.replace('"state"', '"state":{},"state"') }).versions).toEqual([])
})

test('WVH-L6 the log of another DID, at the same place or another, is refused', () => {
  const { did, text } = forge(key, [{}])
  const stranger = forge(other, [{}])
  expect(judged({ did: stranger.did, text }).versions).toEqual([])
  // Its own log, asked for under a place where it never was.
  const elsewhere = did.replace(place, 'elsewhere.example')
  expect(judged({ did: elsewhere, text })).toMatchObject({
    versions: [],
    fault: { reason: { code: 'did_log_invalid' } },
  })
})

test('WVH-P5 the null of older logs is what the parameter is when nobody set it', () => {
  const nothing = { nextKeyHashes: null, witness: null, watchers: null, ttl: null }
  const { versions, fault } = judged(
    forge(key, [says({ ttl: 5, watchers: ['https://a.example'] }), { parameters: nothing }]),
  )
  expect(fault).toBeUndefined()
  expect(versions[1]?.parameters).toMatchObject({ ttl: 3600, watchers: [], nextKeyHashes: [] })
})

test('WVH-P3 any of several keys may sign, and each proof of an entry must hold', () => {
  const both = says({ updateKeys: [key.multikey, other.multikey] })
  expect(judged(forge(key, [both, { by: other }, {}])).fault).toBeUndefined()
  const forged = forge(key, [both, {}])
  const [first = '', second = ''] = forged.text.trim().split('\n')
  const entry = JSON.parse(second)
  const twice = JSON.stringify({
    ...entry,
    proof: [entry.proof[0], { ...entry.proof[0], proofValue: `z${'1'.repeat(64)}` }],
  })
  expect(judged({ did: forged.did, text: `${first}\n${twice}` }).fault?.reason.message).toContain('signature')
})

test('DRES-12 an entry brings two proofs at the most', () => {
  const { did, text } = forge(key, [{}])
  const entry = JSON.parse(text)
  const faultWith = (proofs: number) =>
    judged({ did, text: JSON.stringify({ ...entry, proof: Array(proofs).fill(entry.proof[0]) }) }).fault
  expect(faultWith(2)).toBeUndefined()
  expect(faultWith(3)?.reason.message).toContain('too many')
})

test.each<[string, Forged | string]>([
  ['cannot be read', '{}'],
  ['is no JSON', 'x'],
  ['runs back in time', at(5)],
  ['is ahead of time', at(5000)],
])('WVH-Q1, WVH-Q2 after an entry that %s nobody can tell what is in force', (_, bad) => {
  const forged = forge(key, [{}, at(10), ...(typeof bad === 'string' ? [] : [bad])])
  const text = typeof bad === 'string' ? `${forged.text}${bad}\n` : forged.text
  const log = judged({ did: forged.did, text })
  expect(log.fault).toMatchObject({ versionNumber: 3 })
  const numberAt = (seconds: number) =>
    findVersion(log, { versionTime: writeVersionTime(start + seconds) })?.versionNumber
  expect([9, 10, 11, 900].map(numberAt)).toEqual([1, 2, undefined, undefined])
})

test('WVH-Q1, WVH-Q2 a version that stands is found, though what follows does not', () => {
  const { did, text, versionIds } = forge(key, [{}, at(10), { by: other, ...at(20) }])
  const log = judged({ did, text })
  expect(log.fault).toMatchObject({ versionNumber: 3 })
  const [first = '', second = '', third = ''] = versionIds
  const numberOf = (query: Parameters<typeof findVersion>[1]) => findVersion(log, query)?.versionNumber
  expect(numberOf({ versionId: first })).toBe(1)
  expect(numberOf({ versionNumber: 2 })).toBe(2)
  expect(numberOf({ versionTime: writeVersionTime(start + 9) })).toBe(1)
  expect(numberOf({ versionTime: writeVersionTime(start + 10) })).toBe(2)
  expect(numberOf({ versionTime: writeVersionTime(start + 19) })).toBe(2)
  expect(numberOf({ versionTime: writeVersionTime(start + 20) })).toBeUndefined()
  expect(numberOf({ versionTime: writeVersionTime(start + 900) })).toBeUndefined()
  expect(numberOf({ versionTime: writeVersionTime(start - 1) })).toBeUndefined()
  expect(numberOf({ versionId: third })).toBeUndefined()
  expect(numberOf({ versionId: second.slice(2) })).toBeUndefined()
  expect(numberOf({ versionNumber: 3 })).toBeUndefined()
})
