import { readJsonObject } from '@facet-id/credential/json'
import { readCredentialResponse } from '@facet-id/protocol/openid4vci'
import { notificationRequest } from '@facet-id/protocol/openid4vci/afterwards'
import type { WireResponse } from '@facet-id/protocol/wire'
import { type KeyPair, keyPair } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { NOTIFICATION, requestWith, tokenOf } from '../access.test-support.ts'
import { HAND_OVERS } from '../issuance/hand-over-store.ts'
import { credentialsIn, refusalIn, verified } from '../wallet.test-support.ts'
import { specimen, type World, world } from '../world.test-support.ts'

/** A token on which something was issued, and the keys; the answer was lost. */
async function lost(
  here: World,
  lives = 3600,
): Promise<{
  readonly first: WireResponse
  readonly again: (keys?: readonly KeyPair[]) => Promise<WireResponse>
}> {
  const token = await tokenOf(here, {
    allowed: [{ configurationId: 'person', claims: specimen }],
    expiresAt: here.time.now() + lives,
  })
  const { request, keys } = await requestWith(here, token, { copies: 3 })
  const first = await here.send(request)
  return {
    first,
    again: async (others = keys) => here.send((await requestWith(here, token, { keys: others })).request),
  }
}

/** What of each copy must not differ, by its key. */
function contentsOf(response: WireResponse): ReadonlyMap<string, string> {
  return new Map(
    credentialsIn(response).map((compact) => {
      const payload = Buffer.from(compact.split('.')[1] ?? '', 'base64url').toString()
      const { cnf, status, iat, exp } = readJsonObject(payload)
      return [JSON.stringify(cnf), JSON.stringify({ status, iat, exp })]
    }),
  )
}

async function issuancesOf(here: World): Promise<number> {
  let count = 0
  for await (const _ of here.issuer.issuances()) count++
  return count
}

test('VCI-8.3-12 what was lost is signed again for the same keys, in the same entries, with the same claims, and stays one issuance', async () => {
  const here = world()
  const { first, again } = await lost(here)
  const before = contentsOf(first)
  here.time.advance(120)
  const second = await again()
  expect(second.status).toBe(200)
  const after = contentsOf(second)
  expect([...after.keys()].sort()).toEqual([...before.keys()].sort())
  for (const [key, contents] of before) expect(after.get(key)).toBe(contents)
  for (const credential of credentialsIn(second)) {
    expect((await verified(here, credential)).claims).toMatchObject(specimen)
  }
  expect([await issuancesOf(here), here.state.allotted()]).toEqual([1, 3])
})

test('VCI-8.3-12 an answer across midnight says the day of the issuance', async () => {
  const here = world()
  const day = 24 * 3600
  here.time.advance(day - (here.time.now() % day) - 60)
  const { first, again } = await lost(here)
  here.time.advance(120)
  const [before, after] = [contentsOf(first), contentsOf(await again())]
  expect([...after.values()].sort()).toEqual([...before.values()].sort())
})

test('VCI-8.3-12 other keys, fewer or more, get nothing, and cost the wallet nothing', async () => {
  const here = world()
  const { again } = await lost(here)
  const others = Array.from({ length: 3 }, keyPair)
  for (const keys of [others, others.slice(0, 1), [...others, keyPair()]]) {
    expect(refusalIn(await again(keys))).toBe('401 invalid_token')
  }
  expect((await again()).status).toBe(200)
  expect(here.state.allotted()).toBe(3)
})

test('VCI-8.3-12, ATK-15 fifty times the same second request gives one answer', async () => {
  const here = world()
  const token = await tokenOf(here, { allowed: [{ configurationId: 'person', claims: specimen }] })
  const { request, keys } = await requestWith(here, token)
  await here.send(request)
  const second = await requestWith(here, token, { keys })
  const nodes = Array.from({ length: 50 }, () => world({ beside: here }))
  const answers = await Promise.all(nodes.map((node) => node.send(second.request)))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  const refusals = answers.filter(({ status }) => status !== 200).map(refusalIn)
  expect(new Set(refusals)).toEqual(new Set(['400 invalid_nonce']))
})

test('VCI-8.3-12 a wallet has it again a few times, and only for a while', async () => {
  const here = world()
  const often = await lost(here)
  for (let times = 0; times < HAND_OVERS; times++) expect((await often.again()).status).toBe(200)
  expect(refusalIn(await often.again())).toBe('401 invalid_token')
  const late = await lost(here)
  here.time.advance(here.settings.handOver)
  expect(refusalIn(await late.again())).toBe('401 invalid_token')
  const short = await lost(here, 60)
  here.time.advance(60)
  expect(refusalIn(await short.again())).toBe('401 invalid_token')
  expect(JSON.stringify(await here.state.rests())).not.toContain('Eriksson')
})

test('VCI-8.3-12, VCI-15.3-1 once the wallet said that it has it, or it was revoked, it is gone', async () => {
  const here = world({ settings: { notifications: true } })
  const token = await tokenOf(here, { allowed: [{ configurationId: 'person', claims: specimen }] })
  const { request, keys } = await requestWith(here, token)
  const read = readCredentialResponse(await here.send(request))
  const notification_id = 'notification_id' in read ? (read.notification_id ?? '') : ''
  await here.send(notificationRequest(NOTIFICATION, token, { notification_id, event: 'credential_accepted' }))
  const again = await requestWith(here, token, { keys })
  expect(refusalIn(await here.send(again.request))).toBe('401 invalid_token')
  expect(JSON.stringify(await here.state.rests())).not.toContain('Eriksson')

  const revoked = await lost(here)
  for await (const { issuanceId } of here.issuer.issuances()) await here.issuer.revoke(issuanceId)
  expect(refusalIn(await revoked.again())).toBe('401 invalid_token')
})

test('VCI-8.3-12 an operator who wants nothing to rest has answers that come once', async () => {
  const here = world({ settings: { handOver: 0 } })
  const { again } = await lost(here)
  expect(JSON.stringify(await here.state.rests())).not.toContain('Eriksson')
  expect(refusalIn(await again())).toBe('401 invalid_token')
})

test('VCI-8.3-12 a configuration that was stopped meanwhile gives nothing again', async () => {
  const here = world()
  const { again } = await lost(here)
  const other = { given_name: 'somebody else' }
  const stopping = world({ beside: here, ports: { secondOpinion: () => other } })
  const made = await requestWith(
    stopping,
    await tokenOf(stopping, {
      allowed: [{ configurationId: 'person', claims: specimen }],
    }),
  )
  expect((await stopping.send(made.request)).status).toBe(500)
  expect((await again()).status).toBe(503)
})
