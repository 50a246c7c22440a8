import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { JSON_MEDIA_TYPE, jsonResponse, readAnswer, readBody } from './body.ts'

const typed = (type: string): { headers: Record<string, string>; body: string } => ({
  headers: { 'content-type': type },
  body: '{}',
})

test('a media type is compared without parameters and case', () => {
  for (const type of ['application/json', 'Application/JSON; charset=utf-8', 'application/json ;x=y']) {
    expect(readBody(typed(type), JSON_MEDIA_TYPE)).toBe('{}')
  }
})

test('a message of another type, or of none, is not looked at', () => {
  for (const type of [
    'text/html',
    'application/jwt',
    'application/json5',
    'application/ld+json',
    'json',
    '',
    ',application/json',
  ]) {
    expect(outcomeOf(() => readBody(typed(type), JSON_MEDIA_TYPE))).toBe('content_type_unexpected')
  }
  expect(outcomeOf(() => readBody({ headers: {}, body: '{}' }, JSON_MEDIA_TYPE))).toBe(
    'content_type_unexpected',
  )
})

test('an answer grants something only with a status of 2xx', () => {
  for (const status of [100, 199, 300, 302, 400, 500]) {
    expect(outcomeOf(() => readAnswer({ ...jsonResponse('{}'), status }, JSON_MEDIA_TYPE))).toBe(
      'message_malformed',
    )
  }
  for (const status of [200, 201, 299])
    expect(readAnswer({ ...jsonResponse('{}'), status }, JSON_MEDIA_TYPE)).toBe('{}')
})
