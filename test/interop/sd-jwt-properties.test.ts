/** What holds of every SD-JWT, on cases at random from one seed (fast-check). */
import { readBase64urlText } from '@facet-id/credential/base64url'
import type { JsonValue } from '@facet-id/credential/json'
import {
  compactOf,
  conceal,
  openStoredSdJwt,
  readDisclosure,
  readSdJwtJson,
  type SdJwtJson,
  splitSdJwt,
  writeSdJwt,
  writeSdJwtJson,
} from '@facet-id/credential/sd-jwt'
import { hash, random } from '@facet-id/crypto/node'
import { outcomeOf, seededRandom } from '@facet-id/testkit'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { markedClaims } from './generated-claims.ts'
import { judged } from './judged.ts'
import { claimsOf, type Marked, shownOf } from './marked-claims.ts'
import { issueOurs, presentOurs } from './our-engine.ts'
import { issuerKeys } from './second-engine.ts'

/** Seconds where the machine is idle; a busy one may take its time. */
const patient = { timeout: 300_000 }
const runs = { seed: 20_261_127, numRuns: 500 }
const claims = markedClaims({ odd: true })
const compact = claims.map((marked) => issueOurs(marked))

test(
  'SDJ-7.1-16 what ours issues ours opens, whole and in part, whatever the names: 500 trees',
  patient,
  () => {
    fc.assert(
      fc.property(claims, (marked) => {
        const issued = issueOurs(marked)
        expect(json(openStoredSdJwt(issued, hash).opened.claims)).toEqual(json(claimsOf(marked)))
        const shown = openStoredSdJwt(presentOurs(issued, marked), hash).opened.claims
        expect(json(shown)).toEqual(json(shownOf(marked)))
      }),
      runs,
    )
  },
)

/** Names of the prototype too: as a text, members sorted. */
function json(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(json)}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}:${json(member)}`)
  return `{${members.toSorted()}}`
}

/** A text with one place changed: a character put in, taken out or replaced, or a part said twice. */
const damaged = fc
  .tuple(
    compact,
    fc.nat(),
    fc.constantFrom('', '~', '.', 'A', '=', '\u0000', 'é', '~~'),
    fc.nat(40),
    fc.boolean(),
  )
  .map(([text, at, put, length, twice]) => {
    const start = at % (text.length + 1)
    const part = text.slice(start, start + length)
    return text.slice(0, start) + put + (twice ? part + part : '') + text.slice(start + (twice ? length : 1))
  })
const anyText = fc.oneof(
  damaged,
  compact,
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.json(),
  fc
    .array(fc.constantFrom('~', '.', 'e30', 'W10', 'eyJhIjoxfQ', 'A', '{', '"'))
    .map((parts) => parts.join('')),
)

test('SDJ-7.1-16 any text is read or refused with a code: 500 texts, by every reader', patient, () => {
  const expected = { now: 1_800_000_000, keyBinding: { binding: 'forbidden' } } as const
  const bound = { binding: 'required', nonce: 'n', audience: 'a', maxAgeSeconds: 60 } as const
  fc.assert(
    fc.property(anyText, (text) => {
      // Whatever has no code is thrown on, and fails the test.
      outcomeOf(() => splitSdJwt(text))
      outcomeOf(() => readSdJwtJson(text))
      outcomeOf(() => readDisclosure(text))
      outcomeOf(() => openStoredSdJwt(text, hash))
      expect(judged(text, issuerKeys.publicJwk, expected).verified).toBe(false)
      expect(judged(text, issuerKeys.publicJwk, { ...expected, keyBinding: bound }).verified).toBe(false)
    }),
    runs,
  )
})

test(
  'SDJ-4-1, SDJ-8.1-2 what is written of what was read is the same, and reads the same: 500 texts',
  patient,
  () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom('flattened', 'general'), (text, form) => {
        if (outcomeOf(() => splitSdJwt(text)) !== 'accepted') return
        const { jwt, disclosures, keyBindingJwt } = splitSdJwt(text)
        expect(writeSdJwt(jwt, disclosures, keyBindingJwt)).toBe(text)
        const inJson = writeSdJwtJson(inForm(form, text))
        if (outcomeOf(() => readSdJwtJson(inJson)) !== 'accepted') return
        const read = readSdJwtJson(inJson)
        expect(writeSdJwtJson(read)).toBe(inJson)
        expect(readSdJwtJson(writeSdJwtJson(read))).toEqual(read)
        expect(compactOf(read)).toBe(text)
      }),
      runs,
    )
    const [sample = ''] = fc.sample(compact, { seed: 1, numRuns: 1 })
    expect(compactOf(readSdJwtJson(writeSdJwtJson(inForm('general', sample))))).toBe(sample)
  },
)

function inForm(form: SdJwtJson['form'], text: string): SdJwtJson {
  const { jwt, ...rest } = splitSdJwt(text)
  const [header = '', payload = '', signature = ''] = jwt.split('.')
  return { form, payload, signatures: [{ protected: header, signature }], ...rest }
}

/** The same tree, its names and texts of one kind that occurs nowhere by chance. */
function withTokens(marked: Marked, next: () => string): Marked {
  const { holds } = marked
  if ('scalar' in holds) return { ...marked, holds: { scalar: next() } }
  if ('elements' in holds) {
    return { ...marked, holds: { elements: holds.elements.map((element) => withTokens(element, next)) } }
  }
  const members = holds.members.map(([, member]) => [next(), withTokens(member, next)] as const)
  return { ...marked, holds: { members } }
}

/** All tokens in the tree, and those of them that stand in the clear. */
function tokensOf({ holds }: Marked, clear = true): readonly (readonly [string, boolean])[] {
  if ('scalar' in holds) return [[String(holds.scalar), clear]]
  if ('elements' in holds) return holds.elements.flatMap((child) => tokensOf(child, clear && !child.conceal))
  return holds.members.flatMap(([name, child]) => {
    const isClear = clear && !child.conceal
    return [[name, isClear] as const, ...tokensOf(child, isClear)]
  })
}

test(
  'SDJ-4-4 disclosing nothing reveals nothing: no name, value or salt of what is concealed: 500 trees',
  patient,
  () => {
    fc.assert(
      fc.property(claims, (shape) => {
        let made = 0
        const marked = withTokens(shape, () => `token-${made++}-end`)
        const { jwt, disclosures } = splitSdJwt(issueOurs(marked))
        const text = writeSdJwt(jwt, [])
        const told = [text, ...jwt.split('.').slice(0, 2).map(readBase64urlText)].join('\n')
        for (const [token, clear] of tokensOf(marked)) expect(told.includes(token)).toBe(clear)
        for (const disclosure of disclosures) expect(told).not.toContain(readDisclosure(disclosure).salt)
      }),
      runs,
    )
  },
)

test(
  'SDJ-4.2.1-3, SDJ-4.2.5-2 no two of 500 copies share a salt or a digest, of claims or decoys',
  patient,
  () => {
    const digests = new Set<string>()
    const salts = new Set<string>()
    let counted = { digests: 0, salts: 0 }
    const frame = { _sd: ['a'], _sd_decoy: 2, list: { _sd: [0], _sd_decoy: 2 } }
    for (let copy = 0; copy < 500; copy++) {
      const { payload, disclosures } = conceal({ a: 1, list: ['b', 'c'] }, frame, { hash, random })
      const found = JSON.stringify(payload).match(/[\w-]{43}/g) ?? []
      counted = { digests: counted.digests + found.length, salts: counted.salts + disclosures.length }
      for (const digest of found) digests.add(digest)
      for (const disclosure of disclosures) salts.add(readDisclosure(disclosure).salt)
    }
    expect(salts.size).toBe(counted.salts)
    expect(digests.size).toBe(counted.digests)
    expect(counted.digests).toBeGreaterThan(500 * 6)
  },
)

test(
  'SDJ-4.2.5-2 neither number nor places of decoys tell copies apart: each pattern is as frequent as chance has it',
  patient,
  () => {
    const copies = 6_000
    const patterns = new Map<string, number>()
    const draw = seededRandom('decoys')
    for (let copy = 0; copy < copies; copy++) {
      const { payload } = conceal({ list: ['x', 'y'] }, { list: { _sd_decoy: 1 } }, { hash, random: draw })
      const list = payload.list as readonly JsonValue[]
      const pattern = list.map((element) => (typeof element === 'string' ? 'c' : 'd')).join('')
      patterns.set(pattern, (patterns.get(pattern) ?? 0) + 1)
    }
    // One decoy or two, each as often; one has three places, two have six.
    const share = (pattern: string): number => (patterns.get(pattern) ?? 0) / copies
    for (const pattern of ['dcc', 'cdc', 'ccd']) expect(Math.abs(share(pattern) - 1 / 6)).toBeLessThan(0.02)
    for (const pattern of ['ddcc', 'dcdc', 'dccd', 'cddc', 'cdcd', 'ccdd']) {
      expect(Math.abs(share(pattern) - 1 / 12)).toBeLessThan(0.02)
    }
    expect(patterns.size).toBe(9)
  },
)
