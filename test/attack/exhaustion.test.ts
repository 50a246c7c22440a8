/** Texts that are made to cost more than they are worth. What is counted is work, not time. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { writeBase64urlText } from '@facet-id/credential/base64url'
import { type JsonObject, readJson } from '@facet-id/credential/json'
import { openSdJwt, sdJwtLimits, splitSdJwt } from '@facet-id/credential/sd-jwt'
import { hash } from '@facet-id/crypto/node'
import {
  createHeldIndex,
  DCQL_LIMITS,
  evaluateQuery,
  type HeldCredential,
  matchCredential,
  readDcqlQuery,
} from '@facet-id/protocol/openid4vp/dcql'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { PERSON_VCT } from '../flow/specimen.ts'
import { nodesOf } from '../house/syntax.ts'
import { sourcesOf } from '../house/tree.ts'
import {
  credentialDoor,
  type Door,
  keyBindingDoor,
  presentationDoor,
  proofDoor,
  receiving,
  requestDoor,
  showing,
} from './doors.ts'

test('ATK-9 a status list that would inflate to a GiB is refused early, and memory grows by less than 64 MB', async () => {
  const script = fileURLToPath(new URL('./list-bomb.ts', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, ['-C', '@facet-id/source', script])
  const { answer, grownBytes, tokenBytes } = JSON.parse(stdout)
  expect(answer).toEqual({ refused: 'The status list cannot be opened, or is larger than is read here.' })
  expect(tokenBytes).toBeGreaterThan(1_000_000)
  expect(grownBytes).toBeLessThan(64_000_000)
})

const deep = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`

/** A payload that is the same JSON but for one member, as text: no writer of ours would write it. */
function withMember(payload: object, member: string): string {
  return `${JSON.stringify(payload).slice(0, -1)},${member}}`
}

const doors: readonly (readonly [string, Door, string])[] = [
  ['the wallet, as a credential', credentialDoor, 'credential_refused'],
  ['the verifier, as a credential', presentationDoor, 'json_too_deep'],
  ['the verifier, as a key binding', keyBindingDoor, 'json_too_deep'],
  ['the issuer, as a key proof', proofDoor, 'invalid_proof'],
  ['the wallet, as a request', requestDoor, 'json_too_deep'],
]

test.each(doors)(
  'ATK-38 JSON nested too deep is refused by %s before a signature is looked at',
  async (_, door, code) => {
    for (const levels of [64, 500]) {
      const { outcome, signaturesChecked } = await door(({ text, payload }) => {
        const [header, , signature] = text.split('.')
        return [header, writeBase64urlText(withMember(payload, `"deep":${deep(levels)}`)), signature].join(
          '.',
        )
      })
      expect([outcome, signaturesChecked]).toEqual([code, 0])
    }
    expect(outcomeOf(() => readJson(deep(10_000)))).toBe('json_too_deep')
    expect(outcomeOf(() => readJson('['.repeat(500_000)))).toBe('json_too_deep')
  },
)

test('ATK-38 a text above the limit is refused whatever it holds, and one below is read in one pass', () => {
  expect(outcomeOf(() => readJson(' '.repeat(5_242_880)))).toBe('json_too_large')
  expect(outcomeOf(() => readJson(`"${'\\\\'.repeat(500_000)}"`))).toBe('accepted')
  expect(outcomeOf(() => readJson(`"${'\\"'.repeat(500_000)}`))).toBe('json_malformed')
  expect(outcomeOf(() => readJson(`[${'"",'.repeat(131_071)}""]`))).toBe('accepted')
  expect(outcomeOf(() => readJson(`[${'"",'.repeat(131_072)}""]`))).toBe('json_too_large')
  expect(outcomeOf(() => splitSdJwt('a'.repeat(5_242_880)))).toBe('sd_jwt_too_large')
})

/** Disclosures of a stranger: whole, and as many as asked for. */
const strangers = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) =>
    writeBase64urlText(JSON.stringify([`salt${at}`, `claim${at}`, at])),
  )

test('ATK-38 a hundred thousand disclosures are refused by their number, and none of them is hashed', () => {
  let hashed = 0
  const jwt = `${writeBase64urlText('{}')}.${writeBase64urlText('{}')}.AAAA`
  const text = `${jwt}~${'W10~'.repeat(100_000)}`
  const outcome = outcomeOf(() => {
    const { disclosures } = splitSdJwt(text)
    openSdJwt({}, disclosures, (...of) => {
      hashed++
      return hash(...of)
    })
  })
  expect([outcome, hashed]).toEqual(['disclosures_too_many', 0])
})

test('ATK-38 as many as are read cost a hash each, and no more', () => {
  let hashed = 0
  const disclosures = strangers(sdJwtLimits.disclosures)
  const counting: typeof hash = (...of) => {
    hashed++
    return hash(...of)
  }
  const payload = { _sd: disclosures.map((disclosure) => hash('sha-256', disclosure)) }
  expect(openSdJwt(payload, disclosures, counting).disclosed).toHaveLength(disclosures.length)
  expect(hashed).toBe(disclosures.length)
  hashed = 0
  expect(outcomeOf(() => openSdJwt({}, disclosures, counting))).toBe('disclosure_unreferenced')
  expect(hashed).toBe(disclosures.length)
})

test('ATK-38 of what a stranger appended nothing is hashed before the signature of the issuer held', async () => {
  const appended = strangers(1000)
  const forged = { forged: 'payload' }
  const work: number[] = []
  for (const extra of [[], appended]) {
    const { outcome, stage } = await showing(async ({ text, payload, disclosures }) => {
      const [header, , signature] = text.split('.')
      const jwt = [header, writeBase64urlText(JSON.stringify({ ...payload, ...forged })), signature].join('.')
      return { jwt, disclosures: [...disclosures, ...extra] }
    })
    expect(outcome).toBe('signature_invalid')
    work.push(stage.work.digests)
  }
  expect(work[1]).toBe(work[0])
  const { outcome } = await receiving(async ({ text, disclosures }) => ({
    jwt: text,
    disclosures: [...disclosures, ...appended],
  }))
  expect(outcome).toBe('credential_refused')
})

test('ATK-38 a hundred sets of a hundred claims are refused, as is every query above its bounds, and the widest within them is answered', () => {
  const claims = Array.from({ length: 100 }, (_, at) => ({ id: `c${at}`, path: [`claim${at}`] }))
  const claim_sets = Array.from({ length: 100 }, () => claims.map(({ id }) => id))
  const credential = { id: 'person', format: 'dc+sd-jwt', meta: { vct_values: [PERSON_VCT] }, claims }
  const hostile = { credentials: [{ ...credential, claim_sets }] }
  expect(outcomeOf(() => readDcqlQuery(hostile))).toBe('message_too_large')
  const many = { credentials: Array.from({ length: 100 }, (_, at) => ({ ...credential, id: `q${at}` })) }
  expect(outcomeOf(() => readDcqlQuery(many))).toBe('message_too_large')

  const widest = Array.from({ length: 128 }, () => ({ path: Array.from({ length: 17 }, () => null) }))
  expect(outcomeOf(() => readDcqlQuery({ credentials: [{ ...credential, claims: widest }] }))).toBe(
    'message_too_large',
  )
  // Every step selects everything there is, of a hundred thousand elements.
  const fanning = Array.from({ length: 16 }, (_, depth) => ({
    path: Array.from({ length: depth + 1 }, () => null),
  }))
  const { credentials } = readDcqlQuery({
    credentials: [
      { ...credential, claims: fanning.map(({ path }) => ({ path: ['list', ...path.slice(1)] })) },
    ],
  })
  const [query] = credentials
  if (query === undefined) throw new Error('the query has a credential')
  const list = Array.from({ length: 1000 }, () => Array.from({ length: 100 }, (_, at) => at))
  const answer = matchCredential(query, { vct: PERSON_VCT, claims: { list }, hasHolderKey: true })
  expect(answer).toMatchObject({ matches: false, code: 'claim_absent' })
})

test('ATK-38 a claim that stands in many claim sets is looked for once in each credential, and one that nobody has in none', () => {
  const claims = Array.from({ length: 128 }, (_, at) => ({ id: `c${at}`, path: ['list', at], values: [at] }))
  // Each set is met up to its last claim, and the first of them already.
  const absent = { id: 'last', path: ['given_name'], values: ['nobody is called so'] }
  const searching = (sets: number, last: object): number => {
    const counted: Counted = { reads: 0 }
    const ids = [...claims.slice(1).map(({ id }) => id), 'last']
    const credential = {
      id: 'q',
      format: 'dc+sd-jwt',
      meta: { vct_values: [PERSON_VCT] },
      claims: [...claims.slice(1), last],
      claim_sets: Array.from({ length: sets }, () => ids),
    }
    const query = readDcqlQuery(JSON.parse(JSON.stringify({ credentials: [credential] })))
    const index = createHeldIndex(Array.from({ length: 50 }, (_, at) => counting(`c${at}`, counted)))
    counted.reads = 0
    expect(evaluateQuery(query, index).isAnswerable).toBe(false)
    return counted.reads
  }
  expect(searching(1, absent)).toBe(50 * 128)
  expect(searching(32, absent)).toBe(50 * 128)
  expect(searching(32, { id: 'last', path: ['nobody', 'has', 'this'] })).toBe(0)
})

test('ATK-38 what is held is looked at for a bounded number of steps, however many credentials, claims, branches and depths there are', () => {
  // Each step of each path is there, in each of the credentials; of a claim in the last branch the value is another.
  const deepest = (leaf: number): JsonObject =>
    Array.from({ length: 14 }).reduce<JsonObject>((inside) => ({ a: inside }), { a: leaf })
  const large = Object.fromEntries(Array.from({ length: 128 }, (_, at) => [`b${at}`, deepest(at)]))
  const list = Array.from({ length: 1000 }, () => Array.from({ length: 20 }, (_, at) => at))
  const branches = Array.from({ length: 128 }, (_, at) => ({
    path: [`b${at}`, ...Array.from({ length: 15 }, () => 'a')],
    ...(at === 127 ? { values: [-1] } : {}),
  }))
  const fanning = [{ path: ['list', null, null], values: [-1] }]
  for (const claims of [branches, fanning]) {
    const credentials = Array.from({ length: 8 }, (_, at) => ({
      id: `q${at}`,
      format: 'dc+sd-jwt',
      meta: { vct_values: [PERSON_VCT] },
      claims,
    }))
    const query = readDcqlQuery(JSON.parse(JSON.stringify({ credentials })))
    const counted: Counted = { reads: 0 }
    const one = counting('one', counted, { ...large, list })
    const held = Array.from({ length: 2_000 }, (_, at) => ({ ...one, id: `c${at}` }))
    const { queries, isAnswerable } = evaluateQuery(query, { candidatesFor: () => held })
    expect([isAnswerable, queries.length]).toEqual([false, 8])
    expect(counted.reads).toBeGreaterThan(0)
    expect(counted.reads).toBeLessThanOrEqual(DCQL_LIMITS.steps)
  }
})

test('ATK-38 a search that was broken off shows nothing that it did not look at to the end', () => {
  const list = Array.from({ length: 100_000 }, (_, at) => at)
  const claims = [
    { id: 'a', path: ['list', null], values: [-1] },
    { id: 'b', path: ['given_name'] },
  ]
  const credential = { id: 'q', format: 'dc+sd-jwt', meta: { vct_values: [PERSON_VCT] }, claims }
  const query = readDcqlQuery(
    JSON.parse(JSON.stringify({ credentials: [{ ...credential, claim_sets: [['a'], ['b']] }] })),
  )
  const one = counting('one', { reads: 0 }, { list })
  const held = Array.from({ length: 30 }, (_, at) => ({ ...one, id: `c${at}` }))
  const [answer] = evaluateQuery(query, { candidatesFor: () => held }).queries
  // There and back it is some three steps an element: enough for three of them, and the others are as good as not held.
  expect(answer?.matches.map(({ held: { id }, claimSet }) => [id, claimSet])).toEqual(
    ['c0', 'c1', 'c2'].map((id) => [id, 1]),
  )
})

interface Counted {
  reads: number
}

/** A credential that counts how often a path begins in it. */
function counting(id: string, counted: Counted, more: JsonObject = {}): HeldCredential {
  const claims = { given_name: 'Erika', list: Array.from({ length: 128 }, (_, at) => at), ...more }
  const watched = new Proxy(claims, {
    getOwnPropertyDescriptor(target, name) {
      counted.reads++
      return Reflect.getOwnPropertyDescriptor(target, name)
    },
  })
  return { id, vct: PERSON_VCT, claims: watched, hasHolderKey: true }
}

/** Every expression of the packages that read what strangers send. */
const expressions = ['credential', 'protocol'].flatMap((name) =>
  sourcesOf(name).flatMap(({ path, syntax }) =>
    nodesOf(syntax.root).flatMap((node) =>
      'regex' in node
        ? [{ path, ...(node.regex as { readonly pattern: string; readonly flags: string }) }]
        : [],
    ),
  ),
)

test('ATK-38 no expression repeats what can repeat by itself: that is what tires them', () => {
  expect(expressions.length).toBeGreaterThan(20)
  const repeating = /[*+]|\{\d+,\}/
  // A group without groups in it that repeats, and inside of which something repeats without an end.
  const tiring = expressions.filter(({ pattern }) =>
    [...bare(pattern).matchAll(/\(([^()]*)\)(?:[*+]|\{\d*,\d*\})/g)].some(([, inside = '']) =>
      repeating.test(inside),
    ),
  )
  expect(tiring).toEqual([])
})

test('ATK-38 every expression comes to an end on texts that are made to tire it', () => {
  const pieces = [
    'a',
    ' ',
    '=',
    '%',
    '\\',
    '.',
    '-',
    '_',
    '~',
    '/',
    '"',
    '0',
    'https://',
    'did:',
    '127.',
    '%2e',
    'rgb(',
    'error="',
  ]
  let tried = 0
  for (const { pattern, flags } of expressions) {
    for (const piece of pieces) {
      const bait = piece.repeat(20_000 / piece.length)
      for (const text of [bait, `${bait}\u0000`, `did:x:${bait}\n`, `openid4vp://?${bait}#`]) {
        new RegExp(pattern, flags).test(text)
        tried++
      }
    }
  }
  expect(tried).toBe(expressions.length * pieces.length * 4)
})

/** Without classes and escapes, in which signs of repetition mean themselves. */
function bare(pattern: string): string {
  return pattern.replace(/\\./g, 'x').replace(/\[(?:[^\]\\]|\\.)*\]/g, 'x')
}
