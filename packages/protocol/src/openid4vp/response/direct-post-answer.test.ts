import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import type { WireResponse } from '../../wire.ts'
import { readDirectPostAnswer, writeDirectPostAnswer } from './direct-post-answer.ts'

const redirect_uri = 'https://verifier.example/cb#response_code=091535f699ea575c7937fa5f0f454aee'

function answer(body: string, more: Partial<WireResponse> = {}): WireResponse {
  return { status: 200, headers: { 'content-type': 'application/json' }, body, ...more }
}

test('VP-8.2-4 answers 200 with a JSON object, also when there is nothing to say', () => {
  expect(writeDirectPostAnswer()).toEqual({
    status: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: '{}',
  })
  expect(writeDirectPostAnswer({ redirect_uri }).body).toBe(JSON.stringify({ redirect_uri }))
})

test('VP-8.2-5 reads where the person goes on, and ignores unknown members', () => {
  expect(readDirectPostAnswer(writeDirectPostAnswer({ redirect_uri }))).toEqual({ redirect_uri })
  expect(readDirectPostAnswer(writeDirectPostAnswer())).toEqual({})
  expect(readDirectPostAnswer(answer('{"status":"ok","more":{"a":[1]}}'))).toEqual({})
})

test('VP-8.2-5 refuses to send a browser to anything but a page', () => {
  for (const uri of ['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', '/cb', '']) {
    expect(outcomeOf(() => readDirectPostAnswer(answer(JSON.stringify({ redirect_uri: uri }))))).toBe(
      'message_malformed',
    )
  }
  const local = answer('{"redirect_uri":"http://localhost:3000/cb"}')
  expect(outcomeOf(() => readDirectPostAnswer(local))).toBe('https_required')
  expect(outcomeOf(() => readDirectPostAnswer(local, 'https_or_loopback_http'))).toBe('accepted')
})

test('VP-8.2-4 refuses an answer that is no JSON object', () => {
  for (const body of ['', '[]', 'null', '"ok"', '{"redirect_uri":1}', '{"a":1,"a":2}']) {
    expect(outcomeOf(() => readDirectPostAnswer(answer(body)))).toBe('message_malformed')
  }
  const page = answer('<p>Thanks</p>', { headers: { 'content-type': 'text/html' } })
  expect(outcomeOf(() => readDirectPostAnswer(page))).toBe('content_type_unexpected')
})

test('VP-5.10.1-5 takes a redirect of the response_uri for an error', () => {
  for (const status of [302, 303, 307, 308, 400, 500]) {
    expect(outcomeOf(() => readDirectPostAnswer(answer('{}', { status })))).toBe('message_malformed')
  }
})
