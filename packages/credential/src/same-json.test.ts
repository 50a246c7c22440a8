import { expect, test } from 'vitest'
import { type JsonValue, readJson, sameJson } from './json.ts'

test.each<[string, string]>([
  ['null', 'null'],
  ['0', '-0'],
  ['"é"', '"\\u00e9"'],
  ['[1,[2,{}]]', '[1,[2,{}]]'],
  ['{"a":1,"b":{"c":2,"d":3}}', '{"b":{"d":3,"c":2},"a":1}'],
  ['{"__proto__":1}', '{"__proto__":1}'],
])('%s says the same as %s', (a, b) => {
  expect(sameJson(readJson(a), readJson(b))).toBe(true)
  expect(sameJson(readJson(b), readJson(a))).toBe(true)
})

test.each<[string, string]>([
  ['null', '{}'],
  ['null', '0'],
  ['1', '"1"'],
  ['true', '1'],
  ['[]', '{}'],
  ['[1,2]', '[2,1]'],
  ['[1]', '[1,1]'],
  ['{"a":1}', '{}'],
  ['{"a":1}', '{"a":1,"b":1}'],
  ['{"a":1}', '{"b":1}'],
  ['{"a":null}', '{"b":null}'],
  ['{"__proto__":{}}', '{}'],
  ['{"toString":1}', '{"a":1}'],
  ['"é"', '"e\\u0301"'],
])('%s does not say the same as %s', (a, b) => {
  expect(sameJson(readJson(a), readJson(b))).toBe(false)
  expect(sameJson(readJson(b), readJson(a))).toBe(false)
})

test('what is no JSON is the same as nothing', () => {
  expect(sameJson(undefined, undefined)).toBe(false)
  expect(sameJson(Number.NaN, Number.NaN)).toBe(false)
  expect(sameJson(Number.NaN, null)).toBe(false)
  const holed: JsonValue = JSON.parse('{"a":1}')
  expect(sameJson({ ...JSON.parse('{"a":1}'), b: undefined }, holed)).toBe(false)
})
