import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { askToken, issue, judge, ready, refusalIn } from '../wallet.test-support.ts'
import { world } from '../world.test-support.ts'

test('an offer that was not redeemed is withdrawn, and gives no token any more', async () => {
  const here = world()
  const made = await here.offer()
  expect(await here.issuer.revoke(made.issuanceId)).toEqual({ copies: 0, revokedAt: here.time.now() })
  expect(refusalIn(await here.send(askToken(made)))).toContain('invalid_grant')
  expect(await outcomeOf(() => here.issuer.revoke(made.issuanceId))).toBe('issuance_unknown')
})

test('a token that was given before its offer was withdrawn gives no credential', async () => {
  const here = world()
  const made = await here.offer()
  const { request } = await ready(here, { made })
  await here.issuer.revoke(made.issuanceId)
  expect(refusalIn(await here.send(request))).toContain('invalid_token')
  for await (const issuance of here.issuer.issuances()) expect(issuance).toBeUndefined()
})

test('between issuing and withdrawing at once, what was issued is revoked', async () => {
  const here = world()
  const made = await here.offer()
  const { request } = await ready(here, { made })
  const [answer, { copies }] = await Promise.all([here.send(request), here.issuer.revoke(made.issuanceId)])
  expect(copies).toBe(answer.status === 200 ? 2 : 0)
})

test('what was issued is revoked in every copy, and again without effect', async () => {
  const here = world()
  const { issuanceId, credentials } = await issue(here, 3)
  const first = await here.issuer.revoke(issuanceId)
  here.time.advance(here.settings.statusList.ttl + 1)
  expect(await here.issuer.revoke(issuanceId)).toEqual({ ...first, copies: 3 })
  for (const credential of credentials) expect((await judge(here, credential)).verified).toBe(false)
})

test('an id that names nothing is refused', async () => {
  expect(await outcomeOf(() => world().issuer.revoke('nothing'))).toBe('issuance_unknown')
})
