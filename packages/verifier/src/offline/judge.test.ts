/** Judged with nothing but what was given, and the report tells how old that was. */
import { createStatusBits, setStatus } from '@facet-id/credential/status-list'
import { checkSignatures, hash, keyPair, outcomeOf } from '@facet-id/testkit'
import { createAllowList } from '@facet-id/trust'
import { expect, test } from 'vitest'
import { defaultSettings } from '../settings.ts'
import { type Asked, ask, heldOn, personal, personQuery, type Stage, stage } from '../stage.test-support.ts'
import { forge, issue, PERSON, present } from '../wallet.test-support.ts'
import { beginAnswer, checksOfAnswer, judge, judgeAnswer, type Requested } from './judge.ts'
import type { Material } from './material.ts'

const LIST = 'https://issuer.example/status-lists/0'
const HOUR = 3600

/** Known for an hour, a day and two days. */
function materialOf({ issuer, time }: Stage): Material {
  return {
    checkSignatures,
    hash,
    keys: [],
    trust: {
      mayIssue: createAllowList({ issuers: [{ id: issuer.did, vcts: [PERSON] }], verifiers: [] }).mayIssue,
      asOf: time.now() - 24 * HOUR,
    },
    statusLists: [
      { uri: LIST, issuer: issuer.did, bits: 1, bytes: createStatusBits(16, 1), asOf: time.now() - HOUR },
    ],
  }
}

function requestedBy(on: Stage, { object }: Asked): Requested {
  return {
    dcql_query: personQuery,
    nonce: object.nonce,
    audience: on.clientId,
    now: on.time.now(),
    settings: defaultSettings,
  }
}

async function presentedOn(on: Stage, held = heldOn(on)) {
  const request = await ask(on)
  const presentation = present(held, request.object, { at: on.time.now() })
  return { token: { person: [presentation] }, requested: requestedBy(on, request) }
}

test('VRF-12 judges at once, by the same checks as online, and says what it went by and how old that was', async () => {
  const on = stage()
  const { token, requested } = await presentedOn(on)
  const report = judge(token, requested, materialOf(on))
  expect(report).toMatchObject({
    outcome: 'verified',
    reports: {
      person: {
        verified: true,
        verdicts: { proof: 'pass', trust: 'pass', policy: 'pass' },
        shown: { age_equal_or_over: { '18': true }, nationalities: ['UTO'] },
      },
    },
    staleness: 24 * HOUR,
  })
  expect(report.used).toEqual([
    { kind: 'trust', asOf: on.time.now() - 24 * HOUR, age: 24 * HOUR },
    { kind: 'status', of: LIST, asOf: on.time.now() - HOUR, age: HOUR },
  ])
})

const lacking: readonly [
  what: string,
  code: string,
  outcome: string,
  change: (whole: Material) => Partial<Material>,
][] = [
  ['no status list', 'status', 'undetermined', () => ({ statusLists: [] })],
  [
    'the status list of another issuer',
    'status',
    'undetermined',
    ({ statusLists }) => ({ statusLists: statusLists.map((list) => ({ ...list, issuer: 'did:jwk:e30' })) }),
  ],
  ['a status list that is too old', 'status', 'undetermined', () => ({ maxAge: { status: HOUR - 1 } })],
  [
    'a status list that has ended',
    'status',
    'undetermined',
    ({ statusLists }) => ({ statusLists: statusLists.map((list) => ({ ...list, expiresAt: list.asOf })) }),
  ],
  [
    'a status list that is too short',
    'status',
    'fail',
    ({ statusLists }) => ({
      statusLists: statusLists.map((list) => ({ ...list, bytes: new Uint8Array(0) })),
    }),
  ],
  [
    'a status list that says revoked',
    'status',
    'fail',
    ({ statusLists }) => {
      const bytes = createStatusBits(16, 1)
      setStatus(bytes, 1, 7, 1)
      return { statusLists: statusLists.map((list) => ({ ...list, bytes })) }
    },
  ],
  ['trust that is too old', 'trust', 'undetermined', () => ({ maxAge: { trust: HOUR } })],
  [
    'trust in nobody',
    'trust',
    'fail',
    ({ trust }) => ({
      trust: { ...trust, mayIssue: createAllowList({ issuers: [], verifiers: [] }).mayIssue },
    }),
  ],
  [
    'signatures that do not hold',
    'issuer_signature',
    'fail',
    () => ({ checkSignatures: (checks) => checks.map(() => 'invalid' as const) }),
  ],
]

test.each(lacking)(
  'VRF-12 with %s it is not verified, and nothing is told',
  async (_, code, outcome, change) => {
    const on = stage()
    const { token, requested } = await presentedOn(on)
    const whole = materialOf(on)
    const report = judge(token, requested, { ...whole, ...change(whole) })
    expect(report.outcome).toBe('refused')
    expect(report.reports.person?.checks.find((check) => check.code === code)?.outcome).toBe(outcome)
    const text = JSON.stringify(report)
    expect(personal.filter((value) => text.includes(value))).toEqual([])
  },
)

test('VRF-12 the key of an issuer that does not say it itself is one that was given, and not too old', async () => {
  const on = stage()
  const did = 'did:web:issuer.example'
  const issuer = { ...on.issuer, did, kid: `${did}#0` }
  const { token, requested } = await presentedOn(on, issue({ issuer, issuedAt: on.time.now() - HOUR }))
  const whole = materialOf(on)
  const key = {
    issuer: did,
    key: on.issuer.key.publicJwk,
    reference: { by: 'did', issuer: did, kid: `${did}#0` } as const,
    asOf: on.time.now() - 48 * HOUR,
  }
  const material: Material = {
    ...whole,
    keys: [key],
    trust: { ...whole.trust, mayIssue: () => ({ decision: 'trusted', why: 'Known.' }) },
    statusLists: whole.statusLists.map((list) => ({ ...list, issuer: did })),
  }
  expect(judge(token, requested, material)).toMatchObject({ outcome: 'verified', staleness: 48 * HOUR })
  for (const keys of [[], [{ ...key, reference: { ...key.reference, kid: `${did}#1` } }]]) {
    expect(judge(token, requested, { ...material, keys }).reports.person?.checks[1]).toMatchObject({
      code: 'issuer_key',
      outcome: 'undetermined',
    })
  }
  expect(judge(token, requested, { ...material, maxAge: { issuer_key: HOUR } }).outcome).toBe('refused')
})

test('VRF-12 what a federation said of an issuer has an age of its own, which counts and is told', async () => {
  const on = stage()
  const address = 'https://issuer.example'
  const held = forge(
    { issuer: on.issuer, issuedAt: on.time.now() - HOUR, claims: { iss: address } },
    { kid: 'k' },
  )
  const { token, requested } = await presentedOn(on, held)
  const whole = materialOf(on)
  const asOf = on.time.now() - 30 * HOUR
  const federation = { entityId: address, anchor: 'https://anchor.example', trustMarks: [], asOf }
  const material: Material = {
    ...whole,
    keys: [
      {
        issuer: address,
        key: on.issuer.key.publicJwk,
        reference: { by: 'jwt_vc_issuer', issuer: address, kid: 'k', alg: 'ES256' },
        asOf: on.time.now(),
      },
    ],
    trust: {
      ...whole.trust,
      mayIssue: ({ federation: by }) =>
        by === undefined
          ? { decision: 'not_trusted', why: 'No.' }
          : { decision: 'trusted', why: 'A member.' },
      federations: [federation],
    },
    statusLists: whole.statusLists.map((list) => ({ ...list, issuer: address })),
  }
  const settings = { ...requested.settings, issuerKeys: { taken: ['jwt_vc_issuer'] } } as const
  const report = judge(token, { ...requested, settings }, material)
  expect(report).toMatchObject({ outcome: 'verified', staleness: 30 * HOUR })
  expect(report.used).toContainEqual({ kind: 'trust', of: address, asOf, age: 30 * HOUR })
  const old = judge(token, { ...requested, settings }, { ...material, maxAge: { trust: 29 * HOUR } })
  expect(old.reports.person?.checks.find(({ code }) => code === 'trust')?.outcome).toBe('undetermined')
})

test('VRF-12 of many answers the signatures are checked at once, and each is judged as it is alone', async () => {
  const on = stage()
  const answers = await Promise.all(
    Array.from({ length: 50 }, async (_, at) => {
      const { token, requested } = await presentedOn(on)
      // Some are for another request, some are no presentations, and some are signed by nobody.
      if (at % 10 === 3) return { token, requested: { ...requested, nonce: 'another' } }
      if (at % 10 === 5) return { token: { person: ['Anna Maria Eriksson'] }, requested }
      if (at % 10 === 7) return { token: { person: [unsigned(token.person[0])] }, requested }
      return { token, requested }
    }),
  )
  const material = materialOf(on)
  const { checkSignatures: _, ...atHand } = material
  const judgements = answers.map(({ token, requested }) => beginAnswer(token, requested, atHand))
  const checks = judgements.map(checksOfAnswer)
  const verdicts = [...(await checkSignatures(checks.flat()))]
  expect(verdicts).toHaveLength(90)
  const reports = judgements.map((judgement, at) =>
    judgeAnswer(judgement, verdicts.splice(0, checks[at]?.length)),
  )
  expect(reports).toEqual(answers.map(({ token, requested }) => judge(token, requested, material)))
  expect(reports.filter(({ outcome }) => outcome === 'verified')).toHaveLength(35)
})

test('VRF-12 an answer takes a verdict for each of its signatures', async () => {
  const on = stage()
  const { token, requested } = await presentedOn(on)
  const judgement = beginAnswer(token, requested, materialOf(on))
  expect(outcomeOf(() => judgeAnswer(judgement, ['valid']))).toBe('not_ready')
  expect(outcomeOf(() => judgeAnswer(judgement, ['valid', 'valid', 'valid']))).toBe('not_ready')
  // And it can be judged more than once.
  expect(judgeAnswer(judgement, ['valid', 'valid'])).toEqual(judgeAnswer(judgement, ['valid', 'valid']))
})

/** With another signature of the holder. */
function unsigned(presentation = ''): string {
  return presentation.replace(/.{8}$/, 'AAAAAAAA')
}

test('VRF-12 what was made for another request, or answers another query, is refused as it is online', async () => {
  const on = stage()
  const { token, requested } = await presentedOn(on)
  const material = materialOf(on)
  for (const change of [
    { nonce: 'another' },
    { audience: 'x509_hash:another' },
    { now: requested.now + HOUR },
  ]) {
    expect(judge(token, { ...requested, ...change }, material).outcome).toBe('refused')
  }
  expect(outcomeOf(() => judge({}, requested, material))).toBe('vp_token_unfit')
  expect(outcomeOf(() => judge({ other: token.person }, requested, material))).toBe('vp_token_unfit')
})

test('VRF-14 of several status lists the freshest that has not ended decides, in any order, and its age is told', async () => {
  const on = stage()
  const { token, requested } = await presentedOn(on)
  const whole = materialOf(on)
  const now = on.time.now()
  const list = (age: number, entry: 0 | 1, expiresAt?: number) => {
    const bytes = createStatusBits(16, 1)
    setStatus(bytes, 1, 7, entry)
    const end = expiresAt === undefined ? {} : { expiresAt }
    return { uri: LIST, issuer: on.issuer.did, bits: 1 as const, bytes, asOf: now - age, ...end }
  }
  const judged = (...statusLists: Material['statusLists']) =>
    [statusLists, [...statusLists].reverse()].map((lists) => {
      const report = judge(token, requested, { ...whole, statusLists: lists })
      const check = report.reports.person?.checks.find(({ code }) => code === 'status')
      const age = report.used.find(({ kind }) => kind === 'status')?.age
      return [check?.reason ?? check?.outcome, age]
    })
  const both = (reason: string, age: number) => [
    [reason, age],
    [reason, age],
  ]
  expect(judged(list(3 * HOUR, 0), list(HOUR, 1))).toEqual(both('revoked', HOUR))
  expect(judged(list(3 * HOUR, 1), list(HOUR, 0))).toEqual(both('pass', HOUR))
  // One that is fresher and has ended says nothing any more; where all have, the report tells.
  expect(judged(list(3 * HOUR, 1), list(HOUR, 0, now))).toEqual(both('revoked', 3 * HOUR))
  expect(judged(list(3 * HOUR, 0, now - HOUR), list(HOUR, 0, now - HOUR))).toEqual(
    both('status_list_expired', HOUR),
  )
  // But what it said of a revocation is not unsaid by an older one.
  expect(judged(list(3 * HOUR, 0), list(HOUR, 1, now))).toEqual(
    both('status_undetermined', 0).map(([why]) => [why, undefined]),
  )
  // The issuer's clock may be a little ahead.
  expect(judged(list(3 * HOUR, 0), list(-30, 1))).toEqual(both('revoked', 0))
  // Nor does one that was made later than what is judged.
  expect(judged(list(-HOUR, 0), list(HOUR, 1))).toEqual(both('revoked', HOUR))
  // Made in the same second: nobody knows which came later.
  expect(judged(list(HOUR, 0), list(HOUR, 1))).toEqual(both('revoked', HOUR))
  // A fresher list of somebody else is none of its.
  expect(judged(list(2 * HOUR, 1), { ...list(HOUR, 0), issuer: 'did:jwk:e30' })).toEqual(
    both('revoked', 2 * HOUR),
  )
})

test('VRF-14 of several keys of one name, and of several words of a federation, the freshest that has not ended counts', async () => {
  const on = stage()
  const address = 'https://issuer.example'
  const now = on.time.now()
  const held = forge({ issuer: on.issuer, issuedAt: now - HOUR, claims: { iss: address } }, { kid: 'k' })
  const { token, requested } = await presentedOn(on, held)
  const whole = materialOf(on)
  const settings = { ...requested.settings, issuerKeys: { taken: ['jwt_vc_issuer'] } } as const
  const key = (age: number, publicJwk = on.issuer.key.publicJwk) => ({
    issuer: address,
    key: publicJwk,
    reference: { by: 'jwt_vc_issuer', issuer: address, kid: 'k', alg: 'ES256' } as const,
    asOf: now - age,
  })
  const member = (age: number, anchor: string) => ({
    entityId: address,
    anchor,
    trustMarks: [],
    asOf: now - age,
  })
  const good = 'https://anchor.example'
  const judged = (
    keys: Material['keys'],
    federations: NonNullable<Material['trust']['federations']>,
    ends: Partial<Material['trust']> = {},
  ) => {
    const reports = [false, true].map((isReversed) => {
      const order = <Piece>(some: readonly Piece[]) => (isReversed ? [...some].reverse() : some)
      const { reports, used } = judge(
        token,
        { ...requested, settings },
        {
          ...whole,
          keys: order(keys),
          trust: {
            asOf: now,
            mayIssue: ({ federation }) =>
              federation?.anchor === good
                ? { decision: 'trusted', why: 'A member.' }
                : { decision: 'not_trusted', why: 'No.' },
            federations: order(federations),
            ...ends,
          },
          statusLists: whole.statusLists.map((list) => ({ ...list, issuer: address })),
        },
      )
      const wrong = reports.person?.checks.find(({ outcome }) => outcome !== 'pass' && outcome !== 'skipped')
      return [wrong?.reason, used.filter(({ kind }) => kind !== 'status').map(({ age }) => age)]
    })
    expect(reports[1]).toEqual(reports[0])
    return reports[0]
  }
  const other = keyPair().publicJwk
  const members = [member(5 * HOUR, good)]
  expect(judged([key(3 * HOUR, other), key(2 * HOUR)], members)).toEqual([undefined, [2 * HOUR, 0, 5 * HOUR]])
  expect(judged([key(3 * HOUR), key(2 * HOUR, other)], members)?.[0]).toBe('signature_invalid')
  expect(judged([key(3 * HOUR), { ...key(2 * HOUR, other), expiresAt: now }], members)).toEqual([
    undefined,
    [3 * HOUR, 0, 5 * HOUR],
  ])
  expect(judged([{ ...key(3 * HOUR), expiresAt: now }], members)?.[0]).toBe('issuer_key_undetermined')
  expect(judged([key(HOUR)], [member(9 * HOUR, 'https://elsewhere.example'), ...members])).toEqual([
    undefined,
    [HOUR, 0, 5 * HOUR],
  ])
  expect(judged([key(HOUR)], [member(HOUR, 'https://elsewhere.example'), ...members])?.[0]).toBe(
    'not_trusted',
  )
  expect(judged([key(HOUR)], members, { expiresAt: now })?.[0]).toBe('trust_undetermined')
})

test('VRF-14 of several documents about a type the freshest that has not ended counts', async () => {
  const on = stage()
  const { token, requested } = await presentedOn(on)
  const settings = { ...requested.settings, typeMetadata: 'required' } as const
  const asOf = on.time.now()
  const plain = { vct: PERSON, document: JSON.stringify({ vct: PERSON }), asOf: asOf - 2 * HOUR }
  // A document about another type is no document about this one.
  const wrong = { vct: PERSON, document: JSON.stringify({ vct: 'urn:uto:other' }), asOf: asOf - 3 * HOUR }
  const judged = (...types: NonNullable<Material['types']>) =>
    judge(token, { ...requested, settings }, { ...materialOf(on), types })
  for (const types of [
    [plain, wrong],
    [wrong, plain],
    [{ ...wrong, asOf, expiresAt: asOf }, plain],
  ]) {
    const { outcome, used } = judged(...types)
    expect([outcome, used.find(({ kind }) => kind === 'type')?.age]).toEqual(['verified', 2 * HOUR])
  }
  expect(judged(plain, { ...wrong, asOf }).outcome).toBe('refused')
  expect(judged({ ...plain, expiresAt: asOf }).outcome).toBe('refused')
})
