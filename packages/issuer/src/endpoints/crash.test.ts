/**
 * Whatever fails, at whichever step: the state before or after it wrote, the key, whoever knows the claims. Then
 * the wallet asks again, and in the end what was handed out is what was recorded, once.
 */
import { readJsonObject } from '@facet-id/credential/json'
import { readStatusReference } from '@facet-id/credential/status-list'
import type { WireResponse } from '@facet-id/protocol/wire'
import { StoreError } from '@facet-id/store'
import { expect, test } from 'vitest'
import { collecting, deferredIn, requestWith, tokenOf } from '../access.test-support.ts'
import type { IssuanceRecord } from '../issuance/issuance-store.ts'
import type { SubjectAnswer } from '../issuance/subject-claims.ts'
import { credentialsIn, refusalIn } from '../wallet.test-support.ts'
import { specimen, type World, world } from '../world.test-support.ts'

/** Counts the steps that may fail, and lets one of them do so. */
interface Faults {
  /** From 1; no step fails at 0. */
  at: number
  /** Whether the step was done before it failed: what is then not known is whether. */
  done: boolean
  taken: number
  /** What failed. */
  readonly failed: string[]
}

function faulty(faults: Faults, says: () => SubjectAnswer): World {
  const honest = world()
  async function step<T>(name: string, take: () => T | Promise<T>): Promise<T> {
    const fails = ++faults.taken === faults.at
    if (fails && !faults.done) {
      faults.failed.push(name)
      throw new StoreError('store_unavailable', 'away')
    }
    const result = await take()
    if (fails) {
      faults.failed.push(name)
      throw new StoreError('store_unavailable', 'away')
    }
    return result
  }
  const { store, signer } = honest.ports
  return world({
    beside: honest,
    ports: {
      store: {
        ...store,
        get: (ns, key) => step('get', () => store.get(ns, key)),
        commit: (ops) => step('commit', () => store.commit(ops)),
      },
      signer: { ...signer, sign: (data) => step('sign', () => signer.sign(data)) },
      subjectClaims: () => step('ask', says),
    },
  })
}

function entriesIn(response: WireResponse): readonly string[] {
  return credentialsIn(response)
    .map((compact) => {
      const payload = readJsonObject(Buffer.from(compact.split('.')[1] ?? '', 'base64url').toString())
      const { uri = '', idx } = readStatusReference(payload) ?? {}
      return `${uri.split('/').at(-1)}.${idx}`
    })
    .sort()
}

async function recorded(here: World): Promise<readonly IssuanceRecord[]> {
  const all: IssuanceRecord[] = []
  for await (const issuance of here.issuer.issuances()) all.push(issuance)
  return all
}

/** What was handed out stands in the one record of it; nothing else was recorded. */
async function expectOnce(here: World, handedOut: WireResponse): Promise<void> {
  const [only, ...more] = await recorded(here)
  expect(more).toEqual([])
  expect(only?.entries.map(({ list, index }) => `${list}.${index}`).sort()).toEqual(entriesIn(handedOut))
}

const claims: SubjectAnswer = { answer: 'claims', claims: specimen }

for (const done of [false, true]) {
  test(`VCI-CRASH-1 at whichever step an issuance fails ${done ? 'after' : 'before'} it was done, what was not acknowledged is asked for again, and nothing is issued twice`, async () => {
    const failed = new Set<string>()
    for (let at = 1; ; at++) {
      const faults: Faults = { at: 0, done, taken: 0, failed: [] }
      const here = faulty(faults, () => claims)
      const token = await tokenOf(here)
      const { request, keys } = await requestWith(here, token, { copies: 2 })
      faults.at = at
      faults.taken = 0
      const first = await here.send(request)
      if (faults.failed.length === 0) {
        expect(first.status).toBe(200)
        await expectOnce(here, first)
        break
      }
      for (const name of faults.failed) failed.add(name)
      expect([500, 503]).toContain(first.status)
      // A wallet that knows no better sends the same: where it was written and nobody heard of it, the nonce is used.
      const second = await here.send(request)
      if (second.status !== 200) {
        expect([done, faults.failed, refusalIn(second)]).toEqual([true, ['commit'], '400 invalid_nonce'])
      }
      const third = await here.send((await requestWith(here, token, { keys })).request)
      expect(third.status).toBe(200)
      await expectOnce(here, third)
    }
    expect([...failed].sort()).toEqual(['ask', 'commit', 'get', 'sign'])
  })

  test(`VCI-CRASH-1, VCI-9.2-3 at whichever step collecting fails ${done ? 'after' : 'before'} it was done, the wallet gets all of it in the end, and it is recorded once`, async () => {
    const failed = new Set<string>()
    for (let at = 1; ; at++) {
      const faults: Faults = { at: 0, done, taken: 0, failed: [] }
      let says: SubjectAnswer = { answer: 'later' }
      const here = faulty(faults, () => says)
      const token = await tokenOf(here)
      const { request } = await requestWith(here, token, { copies: 2 })
      const { transaction_id } = deferredIn(await here.send(request))
      says = claims
      faults.at = at
      faults.taken = 0
      const first = await here.send(collecting(token, transaction_id))
      if (faults.failed.length === 0) {
        expect(first.status).toBe(200)
        break
      }
      for (const name of faults.failed) failed.add(name)
      expect([500, 503]).toContain(first.status)
      const second = await here.send(collecting(token, transaction_id))
      expect(second.status).toBe(200)
      await expectOnce(here, second)
    }
    expect([...failed].sort()).toEqual(['ask', 'commit', 'get', 'sign'])
  })

  test(`VCI-CRASH-1 at whichever step a promise fails ${done ? 'after' : 'before'} it was done, there is one promise in the end, and it is told again`, async () => {
    for (let at = 1; ; at++) {
      const faults: Faults = { at: 0, done, taken: 0, failed: [] }
      const here = faulty(faults, () => ({ answer: 'later' }))
      const token = await tokenOf(here)
      const { request, keys } = await requestWith(here, token)
      faults.at = at
      faults.taken = 0
      const first = await here.send(request)
      if (faults.failed.length === 0) break
      expect([500, 503]).toContain(first.status)
      const second = await here.send((await requestWith(here, token, { keys })).request)
      expect(second.status).toBe(202)
      const third = await here.send((await requestWith(here, token, { keys })).request)
      expect(deferredIn(third).transaction_id).toBe(deferredIn(second).transaction_id)
      const promised: unknown[] = []
      for await (const each of here.issuer.deferred()) promised.push(each)
      expect(promised).toHaveLength(1)
      expect(here.state.allotted()).toBe(0)
    }
  })
}
