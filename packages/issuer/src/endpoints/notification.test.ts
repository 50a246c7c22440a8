import { readCredentialResponse } from '@facet-id/protocol/openid4vci'
import { type NotificationRequest, notificationRequest } from '@facet-id/protocol/openid4vci/afterwards'
import type { WireRequest } from '@facet-id/protocol/wire'
import { expect, test } from 'vitest'
import { NOTIFICATION, requestWith, tokenOf } from '../access.test-support.ts'
import type { NotificationRecord } from '../issuance/notification-store.ts'
import { refusalIn } from '../wallet.test-support.ts'
import { ISSUER, specimen, type World, world } from '../world.test-support.ts'

const hearing = (beside?: World): World =>
  world({ settings: { notifications: true }, ...(beside === undefined ? {} : { beside }) })

const allowed = [{ configurationId: 'person', claims: specimen }]

/** A credential is there, and may be told about. */
async function issued(here: World): Promise<{ readonly token: string; readonly id: string }> {
  const token = await tokenOf(here, { allowed })
  const read = readCredentialResponse(await here.send((await requestWith(here, token)).request))
  const id = 'credentials' in read ? read.notification_id : undefined
  if (id === undefined) throw new Error('the answer names no notification')
  return { token, id }
}

function telling(
  token: string,
  notification_id: string,
  more: Partial<NotificationRequest> = {},
): WireRequest {
  return notificationRequest(NOTIFICATION, token, { notification_id, event: 'credential_accepted', ...more })
}

async function heard(here: World): Promise<readonly NotificationRecord[]> {
  const all: NotificationRecord[] = []
  for await (const each of here.issuer.notifications()) all.push(each)
  return all
}

test('VCI-11.2-1 what became of a credential is taken with 204, and the operator sees it', async () => {
  const here = hearing()
  const { token, id } = await issued(here)
  const event_description = 'Could not store the Credential. Out of storage.'
  const answer = await here.send(telling(token, id, { event: 'credential_failure', event_description }))
  expect(answer).toMatchObject({ status: 204, body: '', headers: { 'cache-control': 'no-store' } })
  const issuances: string[] = []
  for await (const { issuanceId } of here.issuer.issuances()) issuances.push(issuanceId)
  expect(await heard(here)).toEqual([
    {
      issuanceId: issuances[0],
      event: 'credential_failure',
      description: event_description,
      receivedAt: here.time.now(),
    },
  ])
})

test('VCI-11.2-1 fifty who tell the same at once, on as many nodes, are all answered alike, and it is recorded once', async () => {
  const here = hearing()
  const { token, id } = await issued(here)
  const nodes = Array.from({ length: 50 }, () => hearing(here))
  const answers = await Promise.all(nodes.map((node) => node.send(telling(token, id))))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]))
  const [only, ...more] = await heard(here)
  expect([only?.event, more]).toEqual(['credential_accepted', []])
  here.time.advance(10)
  expect((await here.send(telling(token, id))).status).toBe(204)
  expect(await heard(here)).toEqual([only])
})

test('VCI-11.2-1 what happens later to the same credential is heard as well', async () => {
  const here = hearing()
  const { token, id } = await issued(here)
  await here.send(telling(token, id))
  await here.send(telling(token, id, { event: 'credential_deleted' }))
  expect((await heard(here)).map(({ event }) => event).sort()).toEqual([
    'credential_accepted',
    'credential_deleted',
  ])
})

test('VCI-11.3-1 a name that was not given out, or to the wallet of another grant, is refused, and nothing recorded', async () => {
  const here = hearing()
  const [own, other] = [await issued(here), await issued(here)]
  const [issuanceId = ''] = own.id.split('.')
  for (const id of [
    'x',
    '__proto__',
    issuanceId,
    `${issuanceId}.${'A'.repeat(43)}`,
    `${own.id}A`,
    own.id.toLowerCase(),
    other.id,
  ]) {
    expect(refusalIn(await here.send(telling(own.token, id)))).toBe('400 invalid_notification_id')
  }
  expect(await heard(here)).toEqual([])
})

test('VCI-11-1 without a token, or with one that is unknown or over, nothing is heard', async () => {
  const here = hearing()
  const { token, id } = await issued(here)
  const { authorization: _, ...headers } = telling(token, id).headers
  expect((await here.send({ ...telling(token, id), headers })).status).toBe(401)
  expect(refusalIn(await here.send(telling('other', id)))).toBe('401 invalid_token')
  here.time.advance(300)
  expect(refusalIn(await here.send(telling(token, id)))).toBe('401 invalid_token')
  expect(await heard(here)).toEqual([])
})

test('VCI-11.1-1 what is no notification is refused as such', async () => {
  const here = hearing()
  const { token, id } = await issued(here)
  const request = telling(token, id)
  for (const body of ['', '{}', '[]', JSON.stringify({ notification_id: id, event: 'x' })]) {
    expect(refusalIn(await here.send({ ...request, body }))).toBe('400 invalid_notification_request')
  }
  const form = { ...request.headers, 'content-type': 'application/x-www-form-urlencoded' }
  expect(refusalIn(await here.send({ ...request, headers: form }))).toBe('400 invalid_notification_request')
})

test('VCI-12.2.4-4, VCI-8.3-3 an issuer that does not want to hear gives out no names, and has no such endpoint', async () => {
  const here = world()
  const token = await tokenOf(here, { allowed })
  const { body } = await here.send((await requestWith(here, token)).request)
  expect(Object.keys(JSON.parse(body))).toEqual(['credentials'])
  expect((await here.send(telling(token, 'x'))).status).toBe(404)
  const metadata = (
    await hearing().send({
      method: 'GET',
      url: 'https://issuer.example/.well-known/openid-credential-issuer/utopia',
      headers: {},
    })
  ).body
  expect(JSON.parse(metadata).notification_endpoint).toBe(`${ISSUER}/notification`)
})
