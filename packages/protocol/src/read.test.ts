import { outcomeOf, vectors } from '@facet-id/testkit'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import {
  type Brand,
  list,
  members,
  optional,
  ornament,
  type Plain,
  type Reads,
  readMessage,
  type Same,
  text,
  whole,
} from './read.ts'

interface Sample {
  readonly name: Brand<string, 'Name'>
  readonly count?: number
  readonly tags?: readonly { readonly tag: string }[]
}

const schema = members({
  name: text(5),
  count: optional(whole(1)),
  tags: ornament(list(members({ tag: text() }), 2)),
})

true satisfies Same<Plain<Sample>, Reads<typeof schema>>
// @ts-expect-error an optional member that the schema lacks is a difference
true satisfies Same<Plain<Sample & { readonly more?: string }>, Reads<typeof schema>>
// @ts-expect-error an optional member that only the schema has is a difference
true satisfies Same<Plain<Omit<Sample, 'count'>>, Reads<typeof schema>>

const read = (input: string): unknown => readMessage(schema, input, { name: 'sample', length: 200 })

function messageOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (error instanceof Error) return error.message
  }
  return ''
}

test('members come out in the order of the schema, and no others', () => {
  expect(JSON.stringify(read('{"x":1,"tags":[{"y":2,"tag":"a"}],"count":3,"name":"n"}'))).toBe(
    '{"name":"n","count":3,"tags":[{"tag":"a"}]}',
  )
})

test('an ornament that cannot be read is left out, and nothing else with it', () => {
  for (const tags of ['[]', '[{"tag":""}]', '[{"tag":"a"},{"tag":"b"},{"tag":"c"}]', 'null', '{}']) {
    expect(read(`{"tags":${tags},"count":3,"name":"n"}`)).toEqual({ name: 'n', count: 3 })
  }
})

test('what is missing, of another kind or null is refused', () => {
  for (const input of ['{}', '{"name":1}', '{"name":null}', '{"name":""}', '[]', 'null', '"{}"', '1', '']) {
    expect(outcomeOf(() => read(input))).toBe('message_malformed')
  }
  for (const count of ['0', '1.5', '1e300', '"1"', 'null', 'true']) {
    expect(outcomeOf(() => read(`{"name":"n","count":${count}}`))).toBe('message_malformed')
  }
})

test('nothing is taken from the prototype', () => {
  expect(outcomeOf(() => read('{"__proto__":{"name":"n"}}'))).toBe('message_malformed')
  expect(read('{"name":"n","__proto__":{"count":7},"constructor":1}')).toEqual({ name: 'n' })
})

test('what is too long, too deep or too much is told apart from what is malformed', () => {
  expect(outcomeOf(() => read('{"name":"longer"}'))).toBe('message_too_large')
  expect(outcomeOf(() => read(`{"name":"n","x":"${'a'.repeat(200)}"}`))).toBe('message_too_large')
  const deep = `{"name":"n","x":${'['.repeat(80)}${']'.repeat(80)}}`
  expect(outcomeOf(() => read(deep))).toBe('message_too_large')
})

test('JWT-DUP a name that is repeated is refused, wherever it stands', () => {
  expect(outcomeOf(() => read('{"name":"a","name":"b"}'))).toBe('message_malformed')
  expect(outcomeOf(() => read('{"name":"a","x":{"y":1,"\\u0079":2}}'))).toBe('message_malformed')
})

test('the refusal says where and what, and repeats nothing of the sender', () => {
  expect(messageOf(() => read('{"name":"secret!"}'))).toBe('The sample\'s "name" must not be longer than 5')
  expect(messageOf(() => read('{"name":{"secret":1}}'))).toBe('The sample\'s "name" must be string')
  expect(messageOf(() => read('{"count":1}'))).toBe('The sample\'s "name" is missing')
  expect(messageOf(() => read('{"name":"n","count":"secret"}'))).toBe('The sample\'s "count" must be number')
  expect(messageOf(() => read('secret'))).toBe('The sample is not the JSON that can be read')
})

test('no refusal of any vector repeats a text that the vector brought', () => {
  const inputs = vectors(new URL('../vectors/openid4vci/credential-offer/', import.meta.url))
  const strict = members({ credential_issuer: v.literal('here'), x: v.number() })
  for (const { input } of inputs) {
    if (typeof input !== 'object') continue
    expect(messageOf(() => readMessage(strict, JSON.stringify(input), { name: 'sample' }))).not.toContain(
      'issuer.example',
    )
  }
})
