import { statusListRequest } from '@facet-id/protocol/token-status-list'
import { deflate, outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { counting, inOrder, invalidIn, LIST, referencesIn } from '../lists.test-support.ts'
import { issue, listIn, refusalIn, statusIn } from '../wallet.test-support.ts'
import { world } from '../world.test-support.ts'

test('a revocation is published at once, and a list that grew old is signed anew', async () => {
  const { here, signed } = counting()
  const { credentials, issuanceId } = await issue(here, 1)
  const [reference] = await referencesIn(here, credentials)
  if (reference === undefined) throw new Error('a credential refers to its status')
  const { token } = await listIn(here, LIST)
  here.time.advance(299)
  expect((await listIn(here, LIST)).token.iat).toBe(token.iat)
  expect(signed()).toBe(1)
  here.time.advance(1)
  expect((await listIn(here, LIST)).token.iat).toBe(here.time.now())
  expect(signed()).toBe(2)
  await here.issuer.revoke(issuanceId)
  expect(await statusIn(here, reference)).toBe(1)
  expect(signed()).toBe(3)
})

test('all lists are published when the operator says so', async () => {
  const { here, signed } = counting()
  expect(await here.issuer.publishStatusLists()).toBe(0)
  await issue(here)
  expect(await here.issuer.publishStatusLists()).toBe(1)
  expect(signed()).toBe(1)
})

test('a crowd that asks for an old list has it signed once or twice, and nobody is turned away', async () => {
  const { here, signed } = counting()
  await issue(here)
  const answers = await Promise.all(Array.from({ length: 200 }, () => here.send(statusListRequest(LIST))))
  expect(answers.every(({ status }) => status === 200)).toBe(true)
  expect(signed()).toBeLessThanOrEqual(2)
})

test('of many revocations at once none is lost, and few lists are signed', async () => {
  const { here, signed } = counting()
  const issued = await Promise.all(Array.from({ length: 30 }, () => issue(here, 2)))
  const references = await referencesIn(
    here,
    issued.flatMap(({ credentials }) => credentials),
  )
  const before = signed()
  const copies = await Promise.all(
    issued.map(async ({ issuanceId }) => {
      const revoked = await here.issuer.revoke(issuanceId)
      // Whoever is told that it is revoked finds it so in the list.
      const entries = new Set(await invalidIn(here))
      for await (const issuance of here.issuer.issuances()) {
        if (issuance.issuanceId !== issuanceId) continue
        expect(issuance.entries.every(({ index }) => entries.has(index))).toBe(true)
      }
      return revoked.copies
    }),
  )
  expect(copies).toEqual(Array.from({ length: 30 }, () => 2))
  expect(await invalidIn(here)).toEqual(inOrder(references))
  expect(signed() - before).toBeLessThanOrEqual(4)
})

test('a slow publisher never undoes the list of a quick one', async () => {
  const quick = world()
  const { credentials, issuanceId } = await issue(quick, 2)
  const references = await referencesIn(quick, credentials)
  let beginSlow: () => void = () => {}
  const slowHasBegun = new Promise<void>((resolve) => {
    beginSlow = resolve
  })
  let goOn: () => void = () => {}
  const mayGoOn = new Promise<void>((resolve) => {
    goOn = resolve
  })
  const slow = world({
    beside: quick,
    ports: {
      async deflate(bytes) {
        beginSlow()
        await mayGoOn
        return deflate(bytes)
      },
    },
  })
  // The slow node has read a list without revocations when the quick one revokes and publishes.
  const publishing = slow.issuer.publishStatusLists()
  await slowHasBegun
  await quick.issuer.revoke(issuanceId)
  expect(await invalidIn(quick)).toEqual(inOrder(references))
  goOn()
  expect(await publishing).toBe(1)
  expect(await invalidIn(quick)).toEqual(inOrder(references))
})

test('where others win each time the revocation stands, and is published later', async () => {
  const here = world()
  const { credentials, issuanceId } = await issue(here, 2)
  const references = await referencesIn(here, credentials)
  const { store } = here.ports
  const beaten = world({
    beside: here,
    ports: {
      store: {
        ...store,
        commit: async (ops) =>
          ops.some((op) => op.op === 'put' && op.ns === 'issuer/status-list-token')
            ? { ok: false, failed: 0 }
            : store.commit(ops),
      },
    },
  })
  expect(await outcomeOf(() => beaten.issuer.revoke(issuanceId))).toBe('state_contended')
  here.time.advance(300)
  expect(refusalIn(await beaten.send(statusListRequest(LIST)))).toBe('503 temporarily_unavailable')
  expect(await invalidIn(here)).toEqual(inOrder(references))
  await expect(here.issuer.revoke(issuanceId)).resolves.toMatchObject({ copies: 2 })
})

test('a publisher that fails once is asked again', async () => {
  const here = world()
  await issue(here)
  let failures = 1
  const shaky = world({
    beside: here,
    ports: {
      deflate: (bytes) => {
        if (failures-- > 0) throw new Error('out of memory')
        return deflate(bytes)
      },
    },
  })
  here.time.advance(300)
  const answers = await Promise.all([1, 2, 3].map(() => shaky.send(statusListRequest(LIST))))
  expect(answers.map(({ status }) => status)).toEqual([500, 200, 200])
})
