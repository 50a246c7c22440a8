import { STATUS_LIST_MEDIA_TYPE, statusListRequest } from '@facet-id/protocol/token-status-list'
import { expect, test } from 'vitest'
import { inOrder, invalidIn, LIST, referencesIn } from '../lists.test-support.ts'
import { LIST_ENTRIES } from '../status/status.ts'
import { issue, judge, listIn, refusalIn } from '../wallet.test-support.ts'
import { ISSUER, world } from '../world.test-support.ts'

test('TSL-8.1-1, TSL-8.2-1, TSL-12.7-1 the list of now is answered to anybody, whatever time is asked for, as its media type, for as long as its ttl', async () => {
  const here = world()
  await issue(here)
  for (const request of [
    statusListRequest(LIST),
    { ...statusListRequest(LIST), headers: {} },
    { ...statusListRequest(LIST), url: `${LIST}?time=1700000000` },
  ]) {
    const response = await here.send(request)
    expect(response.status).toBe(200)
    expect(response.headers).toEqual({
      'content-type': STATUS_LIST_MEDIA_TYPE,
      'cache-control': 'max-age=300',
    })
    expect(response.body).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/)
  }
})

test('TSL-5.1-1, TSL-5.1-2, TSL-5.1-3, TSL-5.1-4, TSL-4.2-1 its token says what it is, of which list, from when and until when', async () => {
  const here = world({ settings: { statusList: { ttl: 60, lifetime: 3600 } } })
  await issue(here)
  const { body } = await here.send(statusListRequest(LIST))
  const [header, payload] = body.split('.').map((part) => Buffer.from(part, 'base64url').toString())
  expect(JSON.parse(header ?? '')).toEqual({
    alg: 'ES256',
    kid: `${here.settings.did}#0`,
    typ: 'statuslist+jwt',
  })
  const now = here.time.now()
  expect(JSON.parse(payload ?? '')).toEqual({
    sub: LIST,
    iat: now,
    exp: now + 3600,
    ttl: 60,
    status_list: { bits: 1, lst: expect.stringMatching(/^[\w-]+$/) },
  })
})

test('TSL-4.1-2, TSL-4.1-4, TSL-7.1-2 the list has an entry of one bit for each of a million, and all are valid', async () => {
  const here = world()
  await issue(here)
  const { bits, token } = await listIn(here, LIST)
  expect(token.bits).toBe(1)
  expect(bits).toHaveLength(LIST_ENTRIES / 8)
  expect(bits.every((byte) => byte === 0)).toBe(true)
})

test('TSL-6.2-1, TSL-12.2-1 every copy of every issuance stands in one list, each in a place of its own', async () => {
  const here = world()
  const issued = [await issue(here, 3), await issue(here, 3), await issue(here, 3)]
  const references = await referencesIn(
    here,
    issued.flatMap(({ credentials }) => credentials),
  )
  expect(new Set(references.map(({ uri }) => uri))).toEqual(new Set([LIST]))
  expect(new Set(references.map(({ idx }) => idx)).size).toBe(9)
  expect(references.every(({ idx }) => idx < LIST_ENTRIES)).toBe(true)
})

test('TSL-12.5-1 entries of one batch are no neighbours', async () => {
  const here = world()
  const { credentials } = await issue(here, 10)
  const entries = inOrder(await referencesIn(here, credentials))
  const gaps = entries.slice(1).map((entry, at) => entry - (entries[at] ?? 0))
  expect(Math.min(...gaps)).toBeGreaterThan(1)
})

test('a list that has no entry yet is not there', async () => {
  const here = world()
  expect(refusalIn(await here.send(statusListRequest(LIST)))).toBe('404 invalid_request')
  await issue(here)
  expect((await here.send(statusListRequest(LIST))).status).toBe(200)
  for (const list of ['1', '999999999', '00', '0x0', '-0', '+0', '0/', '0%30', '']) {
    const response = await here.send(statusListRequest(`${ISSUER}/status-lists/${list}`))
    expect(refusalIn(response)).toBe('404 invalid_request')
  }
})

test('TSL-7.1-1, TSL-4.1-3 revoking sets the entry of each copy, and no other', async () => {
  const here = world()
  const kept = await issue(here, 3)
  const gone = await issue(here, 3)
  const references = await referencesIn(here, gone.credentials)
  const revoked = await here.issuer.revoke(gone.issuanceId)
  expect(revoked).toEqual({ copies: 3, revokedAt: here.time.now() })
  expect(await invalidIn(here)).toEqual(inOrder(references))
  for (const credential of gone.credentials) {
    const { verified, checks } = await judge(here, credential)
    expect(verified).toBe(false)
    expect(checks.find(({ code }) => code === 'status')).toMatchObject({ outcome: 'fail', reason: 'revoked' })
  }
  for (const credential of kept.credentials) expect((await judge(here, credential)).verified).toBe(true)
})

test('revoking again changes nothing', async () => {
  const here = world()
  const { issuanceId } = await issue(here)
  const first = await here.issuer.revoke(issuanceId)
  const invalid = await invalidIn(here)
  here.time.advance(3600)
  expect(await here.issuer.revoke(issuanceId)).toEqual(first)
  expect(await invalidIn(here)).toEqual(invalid)
  for await (const issuance of here.issuer.issuances()) expect(issuance.revokedAt).toBe(first.revokedAt)
})

test('TSL-13.3-1 a batch may begin in one list and end in the next', async () => {
  const here = world()
  await here.state.store.commit([{ op: 'alloc', name: 'issuer/status-entry', count: LIST_ENTRIES - 2 }])
  const { credentials, issuanceId } = await issue(here, 5)
  const references = await referencesIn(here, credentials)
  const uris = references.map(({ uri }) => uri).sort()
  const next = `${ISSUER}/status-lists/1`
  expect(uris).toEqual([LIST, LIST, next, next, next])
  expect(await here.issuer.publishStatusLists()).toBe(2)
  await here.issuer.revoke(issuanceId)
  expect(await invalidIn(here)).toEqual(inOrder(references.filter(({ uri }) => uri === LIST)))
  expect(await invalidIn(here, next)).toEqual(inOrder(references.filter(({ uri }) => uri === next)))
})
