import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { writeCanonicalJson } from './canonical-json.ts'
import { type JsonValue, readJson } from './json.ts'

const canonical = (text: string) => writeCanonicalJson(readJson(text))

test('JCS-1 the example of RFC 8785 §3.2', () => {
  const text = String.raw`{
    "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
    "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
    "literals": [null, true, false]
  }`
  expect(canonical(text)).toBe(
    String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
  )
})

test('JCS-2 members stand in the order of the UTF-16 units of their names: the example of §3.2.3', () => {
  const text = String.raw`{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}`
  expect(Object.values(JSON.parse(canonical(text)))).toEqual([
    'One',
    'Carriage Return',
    'Control',
    'Latin Small Letter O With Diaeresis',
    'Euro Sign',
    'Emoji: Grinning Face',
    'Hebrew Letter Dalet With Dagesh',
  ])
})

test.each([
  ['0', '0'],
  ['-0', '0'],
  ['5e-324', '5e-324'],
  ['1.7976931348623157e308', '1.7976931348623157e+308'],
  ['9007199254740992', '9007199254740992'],
  ['295147905179352830000', '295147905179352830000'],
  ['1e21', '1e+21'],
  ['1e20', '100000000000000000000'],
  ['333333333.33333325', '333333333.33333325'],
  ['0.000001', '0.000001'],
  ['0.0000001', '1e-7'],
])('JCS-3 the number %s is written as %s', (text, written) => {
  expect(canonical(text)).toBe(written)
})

test('JCS-2 names are sorted at every depth, those of arrays in their order', () => {
  expect(canonical('{"b":[{"d":1,"c":2}],"a":{"z":{},"y":[]}}')).toBe(
    '{"a":{"y":[],"z":{}},"b":[{"c":2,"d":1}]}',
  )
  expect(canonical('{"__proto__":1,"constructor":2}')).toBe('{"__proto__":1,"constructor":2}')
})

test('JCS-4 what JSON cannot hold is refused', () => {
  const values: unknown[] = [
    Number.NaN,
    Number.POSITIVE_INFINITY,
    undefined,
    '\ud800',
    { a: ['\udc00'] },
    { '\ud800': 1 },
  ]
  for (const value of values) {
    expect(outcomeOf(() => writeCanonicalJson(value as JsonValue))).toBe('json_malformed')
  }
})
