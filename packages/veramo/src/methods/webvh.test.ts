import { findVerificationMethod, readMethodKey } from '@facet-id/credential/did'
import {
  checksOf,
  type DidLog,
  judgeDidLog,
  keyHashOf,
  readDidLog,
  readWitnessProofs,
} from '@facet-id/credential/did/webvh'
import { checkSignatures, hash, outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { keysIn, signsFor, type World, world } from '../agents.test-support.ts'
import { expandPoint } from '../expand.test-support.ts'

const WISH = { method: 'webvh', domain: 'issuer.example' } as const
const YEAR = 365 * 24 * 3600

/** What a resolver makes of what is served. */
async function resolved({ dids, time }: World, did: string, served = did): Promise<DidLog> {
  const files = await dids.filesOf(served)
  const text = files.find(({ path }) => path.endsWith('/did.jsonl'))?.body ?? ''
  const proofsText = files.find(({ path }) => path.endsWith('/did-witness.json'))?.body ?? '[]'
  const log = readDidLog(text, did, { hash, now: time.seconds + 60, rules: { localhost: true } })
  expect(log.fault).toBeUndefined()
  const proofs = readWitnessProofs(proofsText, log, hash)
  const verdicts = checkSignatures(proofs.map(({ check }) => check))
  return judgeDidLog(log, checkSignatures(checksOf(log)), { proofs, verdicts })
}

test('DMG-13 a did:webvh is made, rotated, added to and given up, and every entry counts', async () => {
  const made = world()
  const { dids, identify, store, time } = made
  const old = await identify('node', { wish: WISH })
  expect(old.did).toMatch(/^did:webvh:Qm\w{44}:issuer\.example$/)
  // The first two changes come in the second of the beginning: times of entries grow all the same.
  await dids.rotate(old.did, YEAR)
  await dids.addService(old.did, { id: 'desk', type: 'Desk', serviceEndpoint: 'https://issuer.example/desk' })
  time.seconds += 1000
  await dids.rotate(old.did, YEAR)
  const { versions, fault } = await resolved(made, old.did)
  expect(fault).toBeUndefined()
  expect(versions).toHaveLength(4)
  const document = versions.at(-1)?.document
  expect(document).toEqual(await dids.documentOf(old.did))
  expect(document?.service).toHaveLength(1)
  const fresh = await identify('node')
  for (const { kid, publicJwk } of [old, fresh]) {
    const method = findVerificationMethod(document ?? { id: '' }, kid, 'assertionMethod')
    expect(method === undefined ? undefined : readMethodKey(method, expandPoint)).toEqual(publicJwk)
  }
  expect(await signsFor(fresh, fresh.publicJwk)).toBe(true)
  // Two for others, one for the update that was made and one for the next.
  expect(await keysIn(store, 'agent/key')).toHaveLength(4)
})

test('DMG-13 each update key was promised by the entry before, and is used once', async () => {
  const made = world()
  const did = await made.dids.create(WISH)
  for (let round = 0; round < 5; round++) await made.dids.rotate(did, 0)
  const { versions } = await resolved(made, did)
  expect(versions).toHaveLength(6)
  const used = new Set<string>()
  for (const [at, { parameters }] of versions.entries()) {
    const [updateKey = ''] = parameters.updateKeys
    expect(used.has(updateKey)).toBe(false)
    used.add(updateKey)
    expect(parameters.nextKeyHashes).toHaveLength(1)
    if (at > 0) expect(versions[at - 1]?.parameters.nextKeyHashes).toEqual([keyHashOf(updateKey, hash)])
  }
})

test('DMG-2 a did:webvh shows a key whose time is over until it is tidied, and no longer', async () => {
  const made = world()
  const { did, kid } = await made.identify('node', { wish: WISH })
  await made.dids.rotate(did, 60)
  const listed = async () => (await resolved(made, did)).versions.at(-1)?.document.assertionMethod
  expect(await made.dids.tidy(did)).toMatchObject({ revision: 2 })
  expect(await listed()).toContain(kid)
  made.time.seconds += 61
  expect(await listed()).toContain(kid)
  expect(await made.dids.tidy(did)).toMatchObject({ revision: 3 })
  expect(await listed()).toEqual([(await made.identify('node')).kid])
  expect(await made.dids.tidy(did)).toMatchObject({ revision: 3 })
})

test('DMG-9 a did:webvh that was given up says so for ever, and its keys are gone', async () => {
  const made = world()
  const { did } = await made.identify('node', { wish: WISH })
  await made.dids.deactivate(did)
  const { versions, fault } = await resolved(made, did)
  expect(fault).toBeUndefined()
  expect(versions.at(-1)?.parameters).toMatchObject({ deactivated: true, updateKeys: [] })
  expect(await made.dids.documentOf(did)).toBeUndefined()
  expect(await keysIn(made.store, 'agent/key')).toEqual([])
  expect(await outcomeOf(() => made.identify('node'))).toBe('did_deactivated')
  expect(await outcomeOf(() => made.dids.rotate(did, 0))).toBe('did_deactivated')
})

test('DMG-6 of ten changes of a did:webvh at once, each that was made has its entry and no other', async () => {
  const made = world()
  const did = await made.dids.create(WISH)
  const outcomes = await Promise.all(
    Array.from({ length: 10 }, () => outcomeOf(() => made.dids.rotate(did, 0))),
  )
  const done = outcomes.filter((outcome) => outcome === 'accepted').length
  expect(outcomes.filter((outcome) => outcome === 'state_contended')).toHaveLength(10 - done)
  expect((await resolved(made, did)).versions).toHaveLength(1 + done)
  expect(await keysIn(made.store, 'agent/key')).toHaveLength(4)
})

/** Some did:key in an agent of their own, who sign what they are shown as long as they are willing. */
async function witnessed(count: number) {
  const others = world()
  const ids = await Promise.all(
    Array.from({ length: count }, () => others.dids.create({ method: 'key', alg: 'EdDSA' })),
  )
  const willing = new Set(ids)
  let isLying = false
  const made = world({
    witnesses: {
      checkSignatures,
      async ask({ witness, data, lines }) {
        expect(lines.length).toBeGreaterThan(0)
        if (!willing.has(witness)) return undefined
        const kid = `${witness}#${witness.slice('did:key:'.length)}`
        const text = await others.agent.keyManagerSign({
          keyRef: kid,
          data: Buffer.from(data).toString('hex'),
          encoding: 'hex',
        })
        const signature = new Uint8Array(Buffer.from(text, 'base64url'))
        return isLying ? signature.reverse() : signature
      },
    },
  })
  return { ...made, ids, willing, lie: () => (isLying = true) }
}

test('DMG-14 changes are seen by witnesses, and by enough of them, before they are made', async () => {
  const made = await witnessed(3)
  const { dids, ids, willing } = made
  const did = await dids.create({ ...WISH, witness: { threshold: 2, witnesses: ids } }, 'node')
  willing.delete(ids[0] ?? '')
  await dids.rotate(did, YEAR)
  expect((await dids.filesOf(did)).map(({ path }) => path)).toEqual([
    '/.well-known/did-witness.json',
    '/.well-known/did.jsonl',
  ])
  const { versions, fault } = await resolved(made, did)
  expect(fault).toBeUndefined()
  expect(versions).toHaveLength(2)

  willing.delete(ids[1] ?? '')
  const before = await dids.get(did)
  expect(await outcomeOf(() => dids.rotate(did, YEAR))).toBe('witness_missing')
  expect(await dids.get(did)).toEqual(before)
  expect((await resolved(made, did)).versions).toHaveLength(2)
  willing.add(ids[0] ?? '')
  await dids.deactivate(did)
  expect((await resolved(made, did)).versions).toHaveLength(4)
})

test('DMG-14 a signature of a witness that does not verify counts for nothing', async () => {
  const made = await witnessed(2)
  const did = await made.dids.create({ ...WISH, witness: { threshold: 2, witnesses: made.ids } })
  made.lie()
  expect(await outcomeOf(() => made.dids.rotate(did, 0))).toBe('witness_missing')
  expect((await made.dids.get(did)).revision).toBe(1)
})

test.each([
  ['nobody to ask', 1, ['did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH'], 'witness_missing'],
  [
    'more signatures than witnesses',
    2,
    ['did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH'],
    'wish_malformed',
  ],
  ['no signatures', 0, [], 'wish_malformed'],
  ['a witness that is no did:key', 1, ['did:web:witness.example'], 'wish_malformed'],
])('DMG-14 makes no did:webvh that asks for %s', async (_, threshold, witnesses, code) => {
  const { dids, store } = world()
  const asked = () => dids.create({ ...WISH, witness: { threshold, witnesses } }, 'node')
  expect(await outcomeOf(asked)).toBe(code)
  expect(await keysIn(store, 'agent/did')).toEqual([])
})

test('DMG-15 a portable DID moves with its alias, its keys and its history', async () => {
  const made = world()
  const { did, kid } = await made.identify('node', { wish: { ...WISH, portable: true } })
  await made.dids.move(did, { domain: 'elsewhere.example', path: ['issuer'] })
  const moved = await made.identify('node')
  expect(moved.did).toBe(did.replace('issuer.example', 'elsewhere.example:issuer'))
  expect(await outcomeOf(() => made.dids.get(did))).toBe('did_unknown')
  expect(await keysIn(made.store, 'agent/did')).toEqual([moved.did])
  await made.dids.rotate(moved.did, YEAR)
  const { versions, fault } = await resolved(made, moved.did)
  expect(fault).toBeUndefined()
  expect(versions).toHaveLength(3)
  expect(versions.at(-1)?.document.alsoKnownAs).toEqual([did])
  expect((await made.dids.filesOf(moved.did)).map(({ path }) => path)).toEqual(['/issuer/did.jsonl'])
  // Under the name that stands in what it issued, it is found through the same log.
  expect((await resolved(made, did, moved.did)).versions).toHaveLength(3)
  expect(kid.startsWith(did)).toBe(true)
})

test('DMG-15 what was not made portable does not move', async () => {
  const { dids } = world()
  const did = await dids.create(WISH)
  expect(await outcomeOf(() => dids.move(did, { domain: 'elsewhere.example' }))).toBe('did_immutable')
  const web = await dids.create({ method: 'web', domain: 'issuer.example' })
  expect(await outcomeOf(() => dids.move(web, { domain: 'elsewhere.example' }))).toBe('did_immutable')
})
