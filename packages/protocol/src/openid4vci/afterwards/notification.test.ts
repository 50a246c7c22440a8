import { outcomeOf, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { readBearer } from '../../oauth/bearer.ts'
import type { WireRequest } from '../../wire.ts'
import {
  notificationRequest,
  readNotificationRequest,
  readNotificationResponse,
  writeNotificationResponse,
} from './notification.ts'

const endpoint = 'https://issuer.example/notification'
const posted = (body: string, type = 'application/json'): WireRequest => ({
  method: 'POST',
  url: endpoint,
  headers: { 'content-type': type },
  body,
})

for (const { requirement, comment, input, expect: expected } of vectors(
  new URL('../../../vectors/openid4vci/notification-request/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, () => {
    const body = typeof input === 'string' ? input : JSON.stringify(input)
    expect(outcomeOf(() => readNotificationRequest(posted(body)))).toBe(expected)
  })
}

test('VCI-11-1, VCI-11.1-1 the wallet posts JSON with its access token', () => {
  const news = { notification_id: '3fwe98js', event: 'credential_deleted' } as const
  const request = notificationRequest(endpoint, 'token', news)
  expect(readBearer(request)).toBe('token')
  expect(request.headers['content-type']).toBe('application/json')
  expect(readNotificationRequest(request)).toEqual(news)
  expect(outcomeOf(() => readNotificationRequest(posted(request.body ?? '', 'text/plain')))).toBe(
    'content_type_unexpected',
  )
})

test('VCI-11.2-1 the answer is 204, and any other of 2xx is taken for one', () => {
  const response = writeNotificationResponse()
  expect(response).toMatchObject({ status: 204, body: '' })
  for (const status of [200, 202, 204]) {
    expect(outcomeOf(() => readNotificationResponse({ ...response, status }))).toBe('accepted')
  }
  for (const status of [302, 400, 401, 500]) {
    expect(outcomeOf(() => readNotificationResponse({ ...response, status }))).toBe('message_malformed')
  }
})
