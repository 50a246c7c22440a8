import { outcomeOf, seededRandom, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { findMember, isJsonArray, isJsonObject, readJson, readJsonObject } from './json.ts'

for (const { requirement, comment, input, expect: expected } of vectors(
  new URL('../vectors/json/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, () => {
    expect(outcomeOf(() => readJson(String(input)))).toBe(expected)
  })
}

/** Numbers below `limit`, the same in every run. */
function dice(seed: string): (limit: number) => number {
  const random = seededRandom(seed)
  return (limit) => (random(1)[0] ?? 0) % limit
}

const LEAVES = [
  '0',
  '-1.5e3',
  'true',
  'null',
  '""',
  '"\\\\"',
  '"\\"{"',
  '"a:b,[c]"',
  '"\\u00e9"',
  '"\\ud83d\\ude00"',
  '[]',
  '{}',
]

/** JSON with blanks and without repeated names, and how it would be with one name repeated. */
function grow(roll: (limit: number) => number, depth: number): string {
  const blank = ['', ' ', '\n\t'][roll(3)] ?? ''
  const kind = depth === 0 ? 2 : roll(3)
  if (kind === 2) return blank + (LEAVES[roll(LEAVES.length)] ?? '0')
  const parts = Array.from({ length: roll(4) }, (_, at) => {
    const value = grow(roll, depth - 1)
    return kind === 0 ? value : `"${at % 2 === 0 ? '' : '\\u005f'}n${at}"${blank}:${value}`
  })
  return kind === 0 ? `[${parts.join(',')}${blank}]` : `{${parts.join(`${blank},`)}${blank}}`
}

test('JWT-DUP what repeats no name is read as the platform reads it, and refused once a name is repeated', () => {
  const roll = dice('json')
  let repeated = 0
  for (let round = 0; round < 500; round++) {
    const text = grow(roll, 5)
    expect(readJson(text)).toEqual(JSON.parse(text))
    const twice = text.replace(/"n0"(\s*:)/, '"n0":"\\\\\\"","\\u006e0"$1')
    if (twice === text) continue
    repeated++
    expect(outcomeOf(() => readJson(twice))).toBe('json_name_repeated')
  }
  expect(repeated).toBeGreaterThan(50)
})

test('JWT-DUP a name that is written with escapes is read as itself, whatever was read before', () => {
  const texts = [
    '{"\\"":0,"a":1}',
    '{"\\\\":1}',
    '{"a":1,"\\"":2}',
    '{"a":{},"\\\\":0}',
    '{"a":{},"\\"":0,"\\\\":null}',
    '{"a":"","\\u0000":false}',
    '{"a":[{"\\n":1},{"\\t":2}],"\\b":{"\\f":"\\r"}}',
    '{"\\u0001\\u0001":1}',
    '{"a\\\\":[],"a\\"":[{}]}',
  ]
  const roll = dice('escaped names')
  for (let round = 0; round < 5000; round++) {
    const text = texts[roll(texts.length)] ?? ''
    expect(JSON.stringify(readJson(text))).toBe(text)
  }
})

test('JWT-DUP a text with escaped names is read like any other', () => {
  const text =
    ' { "\\u0061" : [ 1 , -2.5e+3 , true , null , "x\\"y" , { } , [ ] ] , "__proto__" : { "\\u005f" : "," } } '
  const value = readJson(text)
  expect(JSON.stringify(value)).toBe('{"a":[1,-2500,true,null,"x\\"y",{},[]],"__proto__":{"_":","}}')
  expect(outcomeOf(() => readJson('{"a":1,"\\u0061":2}'))).toBe('json_name_repeated')
  expect(outcomeOf(() => readJson('{"\\u0061":1,}'))).toBe('json_malformed')
  expect(readJson(`{"\\n":${'['.repeat(63)}${']'.repeat(63)}}`)).toBeDefined()
})

test('JWT-DUP colons that follow an escaped text are refused at once, however many', () => {
  expect(outcomeOf(() => readJson(`"\\n${'x'.repeat(500_000)}"${':'.repeat(500_000)}`))).toBe(
    'json_malformed',
  )
})

test('ATK-38 values are counted before any is made: 131,072 unless told, and none beyond', () => {
  const list = (values: number): string => `[${'0,'.repeat(values)}0]`
  expect(readJson(list(131_071))).toHaveLength(131_072)
  expect(outcomeOf(() => readJson(list(131_072)))).toBe('json_too_large')
  for (const text of ['[[{}]]', '{"a":[{}]}', '[1,2,3]', '{"a":1,"\\u0061b":2,"c":3}']) {
    expect(outcomeOf(() => readJson(text, { values: 3 }))).toBe('accepted')
    expect(outcomeOf(() => readJson(text, { values: 2 }))).toBe('json_too_large')
  }
  // Commas and brackets inside of texts are no values.
  expect(readJson(`"${'[{,'.repeat(200_000)}"`)).toHaveLength(600_000)
})

test('a text cut short anywhere is refused', () => {
  const text = '{"a":[1,"\\u00e9\\\\",{"b":null}],"c":{"d":"\\""}}'
  for (let end = 0; end < text.length; end++) {
    expect(outcomeOf(() => readJson(text.slice(0, end)))).toBe('json_malformed')
  }
})

test.each([
  '',
  ' ',
  '{',
  '"',
  '"\\"',
  '{"a"}',
  '[1,]',
  "{'a':1}",
  '{}{}',
  '01',
  '+1',
  'NaN',
  '1e999',
  '[-1e999]',
  '"\n"',
  '/**/1',
  '{"a":1:2}',
  ':',
  '}',
  ']]',
])('refuses %j', (text) => {
  expect(outcomeOf(() => readJson(text))).toBe('json_malformed')
})

test('the refusal of a text does not quote it', () => {
  try {
    readJson('{"family_name": Muster}')
    expect.unreachable()
  } catch (error) {
    expect(error).not.toHaveProperty('cause')
    expect(String(error)).not.toContain('Muster')
  }
})

test.each([
  ['arrays', '[', ']'],
  ['objects', '{"a":', '}'],
  ['both', '[{"a":', '}]'],
])('10,000 %s inside one another are refused, or read where that is allowed', (_, open, close) => {
  const text = `${open.repeat(10_000)}1${close.repeat(10_000)}`
  expect(outcomeOf(() => readJson(text))).toBe('json_too_deep')
  expect(outcomeOf(() => readJson(open.repeat(10_000)))).toBe('json_too_deep')
  expect(outcomeOf(() => readJson(text, { depth: 20_000 }))).toBe('accepted')
})

test('the depth that is allowed is read, and one more is not', () => {
  expect(outcomeOf(() => readJson(`${'['.repeat(64)}${']'.repeat(64)}`))).toBe('accepted')
  expect(outcomeOf(() => readJson(`${'['.repeat(65)}${']'.repeat(65)}`))).toBe('json_too_deep')
  expect(outcomeOf(() => readJson('[[]]', { depth: 1 }))).toBe('json_too_deep')
  expect(outcomeOf(() => readJson(JSON.stringify('['.repeat(100))))).toBe('accepted')
  expect(outcomeOf(() => readJson(`[${'[],{},'.repeat(100)}0]`))).toBe('accepted')
})

test('the length that is allowed is read, and one more is not', () => {
  expect(outcomeOf(() => readJson(`"${'a'.repeat(1_048_574)}"`))).toBe('accepted')
  expect(outcomeOf(() => readJson(`"${'a'.repeat(1_048_575)}"`))).toBe('json_too_large')
  expect(outcomeOf(() => readJson('[1]', { length: 2 }))).toBe('json_too_large')
})

test.each([
  ['backslashes', `"${'\\\\'.repeat(500_000)}"`, 'accepted'],
  ['escaped quotes', `"${'\\"'.repeat(500_000)}"`, 'accepted'],
  ['backslashes without an end', `"${'\\'.repeat(1_000_000)}`, 'json_malformed'],
  ['quotes', `[${'"",'.repeat(300_000)}""]`, 'json_too_large'],
  ['elements', `[${'0,'.repeat(500_000)}0]`, 'json_too_large'],
  ['names', `{${Array.from({ length: 50_000 }, (_, at) => `"${at}":0`).join(',')}}`, 'accepted'],
  ['names, all the same', `{${'"a":0,'.repeat(100_000)}"b":0}`, 'json_name_repeated'],
  ['colons', ':'.repeat(1_000_000), 'json_malformed'],
  ['closing brackets', ']'.repeat(1_000_000), 'json_malformed'],
])('a million characters of %s', (_, text, expected) => {
  expect(outcomeOf(() => readJson(text))).toBe(expected)
})

test('names of prototypes stay plain data', () => {
  const object = readJsonObject('{"__proto__":{"admin":true},"constructor":1,"a":{"__proto__":[]}}')
  expect(Object.getPrototypeOf(object)).toBe(Object.prototype)
  expect(Object.keys(object)).toEqual(['__proto__', 'constructor', 'a'])
  expect(findMember(object, 'admin')).toBeUndefined()
  expect(findMember(object, '__proto__')).toEqual({ admin: true })
  expect(findMember(object, 'constructor')).toBe(1)
  expect(findMember({}, 'constructor')).toBeUndefined()
  expect(findMember({}, '__proto__')).toBeUndefined()
})

test.each(['[]', 'null', '1', '"{}"', 'true'])('%s is no object', (text) => {
  expect(outcomeOf(() => readJsonObject(text))).toBe('json_not_object')
  expect(isJsonObject(readJson(text))).toBe(false)
})

test('objects and arrays are told apart', () => {
  expect([isJsonObject({}), isJsonObject([]), isJsonObject(null), isJsonObject(undefined)]).toEqual([
    true,
    false,
    false,
    false,
  ])
  expect([isJsonArray([]), isJsonArray({}), isJsonArray('[]'), isJsonArray(undefined)]).toEqual([
    true,
    false,
    false,
    false,
  ])
})
