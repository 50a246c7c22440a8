import { hash, outcomeOf, random, seededRandom } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { findMember, type JsonObject, type JsonValue, readJsonObject } from '../json.ts'
import { sdJwtLimits } from './compact.ts'
import { conceal } from './conceal.ts'
import { selectDisclosures } from './disclose.ts'
import { readDisclosure } from './disclosure.ts'
import type { DisclosureFrame } from './disclosure-frame.ts'
import { openSdJwt } from './open.ts'

const claims = {
  iss: 'did:example:issuer',
  given_name: 'Specimen',
  address: { country: 'UTO', locality: 'Utopolis' },
  nationalities: ['UTO', 'XXA'],
  age_equal_or_over: { '18': true, '21': true },
  evidence: [{ type: 'document', number: '1' }],
}
const frame: DisclosureFrame = {
  _sd: ['given_name', 'address'],
  address: { _sd: ['locality'], _sd_decoy: 2 },
  nationalities: { _sd: [0, '1'], _sd_decoy: 1 },
  age_equal_or_over: { _sd: ['18', '21'] },
  evidence: { _sd: [0], 0: { _sd: ['number'] } },
}
const tools = { hash, random }

test('SDJ-4.2.4.1-1, SDJ-4.2.4.2-1, SDJ-4.2.2-1 puts digests where the frame says', () => {
  const { payload, disclosures } = conceal(claims, frame, tools)
  const digests = new Set(disclosures.map((encoded) => hash('sha-256', encoded)))
  expect(Object.keys(payload).sort()).toEqual(
    ['_sd', '_sd_alg', 'age_equal_or_over', 'evidence', 'iss', 'nationalities'].sort(),
  )
  expect(payload._sd).toHaveLength(2)
  expect(payload._sd).toSatisfy((list: string[]) => list.every((digest) => digests.has(digest)))
  expect(payload._sd_alg).toBe('sha-256')
  expect(payload.age_equal_or_over).toEqual({ _sd: [expect.any(String), expect.any(String)] })
  expect([3, 4]).toContain((payload.nationalities as JsonValue[]).length)
  expect(payload.nationalities).toSatisfy((list: object[]) => list.every((element) => '...' in element))
  expect(payload.evidence).toEqual([{ '...': expect.any(String) }])
  expect(disclosures).toHaveLength(9)
  expect(openSdJwt(payload, disclosures, hash).claims).toEqual(claims)
})

test('SDJ-4.2.1-3 salts each disclosure with 128 bits of its own', () => {
  const { disclosures } = conceal(claims, frame, tools)
  const salts = disclosures.map((encoded) => readDisclosure(encoded).salt)
  expect(new Set(salts).size).toBe(disclosures.length)
  for (const salt of salts) expect(Buffer.from(salt, 'base64url')).toHaveLength(16)
  expect(conceal(claims, frame, tools).disclosures.some((encoded) => disclosures.includes(encoded))).toBe(
    false,
  )
})

test('SDJ-4.2.4.1-2 hides the order of the claims', () => {
  const wide = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`claim_${i}`, i]))
  const { payload } = conceal(wide, { _sd: Object.keys(wide), _sd_decoy: 10 }, tools)
  const digests = payload._sd as string[]
  expect(digests.length).toBeGreaterThanOrEqual(50)
  expect(digests).toEqual([...digests].sort())
})

test('SDJ-4.2.5-1 mixes decoys in that nobody can tell from digests, and they change nothing', () => {
  const { payload, disclosures } = conceal(
    { a: 1, list: ['b'] },
    { _sd: ['a'], _sd_decoy: 3, list: { _sd_decoy: 4 } },
    tools,
  )
  expect([4, 5, 6, 7]).toContain((payload._sd as string[]).length)
  expect([5, 6, 7, 8, 9]).toContain((payload.list as JsonValue[]).length)
  expect(new Set([...(payload._sd as string[])].map((digest) => digest.length))).toEqual(new Set([43]))
  expect(openSdJwt(payload, disclosures, hash).claims).toEqual({ a: 1, list: ['b'] })
})

test('SDJ-4.2.5-1 puts decoys of an array in any place', () => {
  const places = new Set<string>()
  for (let i = 0; i < 200; i++) {
    const { payload } = conceal(
      { list: ['a', 'b'] },
      { list: { _sd_decoy: 1 } },
      { hash, random: seededRandom(`${i}`) },
    )
    places.add(
      (payload.list as JsonValue[])
        .map((element) => (element === 'a' || element === 'b' ? 'c' : 'd'))
        .join(''),
    )
  }
  expect([...places].sort()).toEqual(['ccd', 'ccdd', 'cdc', 'cdcd', 'cddc', 'dcc', 'dccd', 'dcdc', 'ddcc'])
})

test('SDJ-4.2.5-1 20,000 decoys among 19,000 elements stand between them, and leave them in their order', () => {
  const list = Array.from({ length: 19_000 }, (_, at) => at)
  const { payload } = conceal({ list }, { list: { _sd_decoy: 20_000 } }, tools)
  const mixed = payload.list as JsonValue[]
  expect(mixed.filter((element) => typeof element === 'number')).toEqual(list)
  expect(mixed.length).toBeGreaterThanOrEqual(39_000)
  // As many in front of the middle as behind it, within ten times what chance makes of it.
  const [decoys, before] = [mixed.length - 19_000, mixed.indexOf(9500) - 9500]
  expect(Math.abs(before / decoys - 0.5)).toBeLessThan(0.05)
})

test('SDJ-4.2.5-2 draws as many decoys as asked for, or up to twice as many, by chance', () => {
  const counts = new Set<number>()
  for (let i = 0; i < 200; i++) {
    const { payload } = conceal({ a: 1 }, { _sd_decoy: 3 }, { hash, random: seededRandom(`count ${i}`) })
    counts.add((payload._sd as string[]).length)
  }
  expect([...counts].sort()).toEqual([3, 4, 5, 6])
})

test('SDJ-4.1.1-1 hashes with the algorithm asked for and names it at the top', () => {
  const { payload, disclosures } = conceal(claims, frame, { ...tools, alg: 'sha-512' })
  expect(payload._sd_alg).toBe('sha-512')
  expect(JSON.stringify(payload).match(/_sd_alg/g)).toHaveLength(1)
  expect(openSdJwt(payload, disclosures, hash)).toMatchObject({ claims, sdAlg: 'sha-512' })
})

test('SDJ-4.2.4.1-1 leaves claims alone that the frame does not name', () => {
  expect(conceal(claims, {}, tools)).toEqual({ payload: claims, disclosures: [] })
  expect(conceal({ a: { b: [] } }, { a: { b: {} } }, tools)).toEqual({
    payload: { a: { b: [] } },
    disclosures: [],
  })
})

test('SDJ-4.1-3 never makes the same digest twice', () => {
  const twins = { a: { x: 1 }, b: { x: 1 }, c: [1, 1, 1] }
  const { payload, disclosures } = conceal(
    twins,
    {
      _sd: ['a', 'a', 'b'],
      a: { _sd: ['x'] },
      b: { _sd: ['x'], _sd_decoy: 5 },
      c: { _sd: [0, 1, 2], _sd_decoy: 5 },
    },
    tools,
  )
  expect(openSdJwt(payload, disclosures, hash).claims).toEqual(twins)
})

test.each<[string, DisclosureFrame, string]>([
  ['a misspelt name', { _sd: ['given_nmae'] }, 'frame_names_nothing'],
  ['a misspelt object', { adress: { _sd: ['locality'] } }, 'frame_names_nothing'],
  ['a name inside the wrong object', { address: { _sd: ['given_name'] } }, 'frame_names_nothing'],
  ['an index beyond the array', { nationalities: { _sd: [2] } }, 'frame_names_nothing'],
  ['a negative index', { nationalities: { _sd: [-1] } }, 'frame_names_nothing'],
  ['an index with a zero in front', { nationalities: { _sd: ['00'] } }, 'frame_names_nothing'],
  ['the length of an array', { nationalities: { _sd: ['length'] } }, 'frame_names_nothing'],
  ['a name of the prototype', { _sd: ['constructor'] }, 'frame_names_nothing'],
  ['an empty part for what is not there', { nothing: {} }, 'frame_names_nothing'],
  ['a number for a claim of an object', { age_equal_or_over: { _sd: [18] } }, 'frame_malformed'],
  ['a part for a text', { given_name: { _sd: ['0'] } }, 'frame_malformed'],
  ['a list in the place of a part', { address: ['locality'] }, 'frame_malformed'],
  ['a number in the place of a part', { address: 1 }, 'frame_malformed'],
  ['a negative number of decoys', { _sd_decoy: -1 }, 'frame_malformed'],
  ['half a decoy', { _sd_decoy: 0.5 }, 'frame_malformed'],
  ['more decoys than anybody reads', { _sd_decoy: 20_001 }, 'frame_malformed'],
  ['a text for _sd', JSON.parse('{"_sd":"given_name"}'), 'frame_malformed'],
])('a frame with %s conceals nothing: it is refused', (_, wrong, expected) => {
  expect(outcomeOf(() => conceal(claims, wrong, tools))).toBe(expected)
})

test.each(['_sd', '...', '_sd_alg'])(
  'SDJ-4.1-2, SDJ-4.2.1-2 refuses claims named %s, at any depth',
  (name) => {
    for (const wrong of [{ [name]: 'x' }, { a: { [name]: [] } }, { a: [[{ [name]: 1 }]] }]) {
      expect(outcomeOf(() => conceal(wrong, {}, tools))).toBe('claim_name_forbidden')
    }
    expect(outcomeOf(() => conceal({ a: { [name]: 1 } }, { _sd: ['a'] }, tools))).toBe('claim_name_forbidden')
    expect(outcomeOf(() => conceal({ [name]: 1 }, { _sd: [name] }, tools))).toBe('claim_name_forbidden')
  },
)

test('SDJ-7.1-16 conceals claims named __proto__ and constructor', () => {
  const odd: JsonObject = JSON.parse('{"__proto__":{"__proto__":1,"a":2},"constructor":3}')
  const oddFrame: DisclosureFrame = JSON.parse(
    '{"_sd":["__proto__","constructor"],"__proto__":{"_sd":["__proto__"]}}',
  )
  const { payload, disclosures } = conceal(odd, oddFrame, tools)
  expect(Object.keys(payload)).toEqual(['_sd', '_sd_alg'])
  expect(disclosures).toHaveLength(3)
  const { claims: opened } = openSdJwt(payload, disclosures, hash)
  expect(JSON.stringify(findMember(opened, '__proto__'))).toBe('{"a":2,"__proto__":1}')
  expect(findMember(opened, 'constructor')).toBe(3)
  expect(JSON.stringify(conceal(odd, {}, tools).payload)).toBe(JSON.stringify(odd))
})

test('SDJ-7.1-16 refuses to make what no reader would take', () => {
  const wide = Object.fromEntries(
    Array.from({ length: sdJwtLimits.disclosures + 1 }, (_, i) => [`claim_${i}`, i]),
  )
  expect(outcomeOf(() => conceal(wide, { _sd: Object.keys(wide) }, tools))).toBe('disclosures_too_many')
  const nested = (depth: number): JsonObject => JSON.parse(`{"a":${'['.repeat(depth)}1${']'.repeat(depth)}}`)
  expect(outcomeOf(() => conceal(nested(62), {}, tools))).toBe('accepted')
  expect(outcomeOf(() => conceal(nested(63), {}, tools))).toBe('json_too_deep')
  const deep = nested(10_000)
  expect(outcomeOf(() => conceal(deep, {}, tools))).toBe('json_too_deep')
})

test('SDJ-7.1-16 makes nothing, however deep, that the strict reader would not read', () => {
  const innermost: DisclosureFrame = { _sd: [0], _sd_decoy: 1 }
  let deepest: JsonValue = ['innermost']
  let around: DisclosureFrame = innermost
  for (let depth = 2; depth < 63; depth++) {
    deepest = [deepest]
    around = { 0: around }
  }
  const { payload, disclosures } = conceal({ deepest }, { deepest: around }, tools)
  expect(openSdJwt(readJsonObject(JSON.stringify(payload)), disclosures, hash).claims).toEqual({ deepest })
})

test('SDJ-7.1-11 opens whatever was concealed, in whole and in part', () => {
  for (let seed = 0; seed < 200; seed++) {
    const draw = drawFrom(seededRandom(`round ${seed}`))
    const { value, frame: part } = drawObject(draw, 4)
    const { payload, disclosures } = conceal(value, part, tools)
    const opened = openSdJwt(JSON.parse(JSON.stringify(payload)), disclosures, hash)
    expect(opened.claims).toEqual(value)
    expect(opened.disclosed.map(({ encoded }) => encoded)).toEqual(disclosures)
    const wanted = opened.disclosed.filter(() => draw(2) === 0)
    const chosen = selectDisclosures(
      opened,
      wanted.map(({ at }) => at),
    )
    const needed = new Set(wanted.flatMap(({ encoded, ancestors }) => [encoded, ...ancestors]))
    expect(chosen).toEqual(disclosures.filter((encoded) => needed.has(encoded)))
    expect(openSdJwt(payload, chosen, hash).disclosed).toHaveLength(needed.size)
  }
})

type Draw = (choices: number) => number

function drawFrom(bytes: (count: number) => Uint8Array): Draw {
  return (choices) => (bytes(1)[0] ?? 0) % choices
}

function drawValue(draw: Draw, depth: number): { value: JsonValue; frame?: DisclosureFrame } {
  const kind = draw(depth > 0 ? 5 : 3)
  if (kind === 3) return drawObject(draw, depth - 1)
  if (kind === 4) {
    const parts = Array.from({ length: draw(4) }, () => drawValue(draw, depth - 1))
    return {
      value: parts.map(({ value }) => value),
      frame: drawFrame(
        draw,
        parts.map((part, i) => [`${i}`, part]),
      ),
    }
  }
  return { value: [draw(9), `text ${draw(9)}`, null][kind] ?? null }
}

function drawObject(draw: Draw, depth: number): { value: JsonObject; frame: DisclosureFrame } {
  const names = ['a', 'b', '__proto__', 'constructor', 'a.b', '0'].filter(() => draw(2) === 0)
  const parts = names.map((name) => [name, drawValue(draw, depth)] as const)
  return {
    value: Object.fromEntries(parts.map(([name, { value }]) => [name, value])),
    frame: drawFrame(draw, parts),
  }
}

function drawFrame(
  draw: Draw,
  parts: readonly (readonly [string, { frame?: DisclosureFrame }])[],
): DisclosureFrame {
  const inner = parts.flatMap(([name, { frame: part }]) => (part === undefined ? [] : [[name, part]]))
  return {
    _sd: parts.map(([name]) => name).filter(() => draw(2) === 0),
    _sd_decoy: draw(3),
    ...Object.fromEntries(inner),
  }
}
