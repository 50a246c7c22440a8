import { expect, test } from 'vitest'
import { createTrust } from './create-trust.ts'
import { readPartyRules } from './party-rules.ts'
import { createRuleSource } from './rule-source.ts'
import { type SourceAnswer, type TrustSource, unheardSource } from './source.ts'

const question = { issuer: 'did:jwk:a', vct: 'urn:facet:person:1' }
const asking = { clientId: 'decentralized_identifier:did:jwk:a', claims: [] }

function saying(says: SourceAnswer['says'], mayBlock = false): TrustSource {
  const answer = (): SourceAnswer => ({ says, why: `It says ${says}${mayBlock ? ', and may block' : ''}.` })
  return { name: says, mayBlock, issue: answer, ask: answer }
}

const sources = {
  yes: saying('trusted'),
  nothing: saying('nothing'),
  blocks: saying('blocked', true),
  unheard: saying('undetermined'),
  unheardBlock: saying('undetermined', true),
  silentBlock: saying('nothing', true),
}

const table: readonly (readonly [readonly (keyof typeof sources)[], string])[] = [
  [[], 'not_trusted'],
  [['yes'], 'trusted'],
  [['nothing'], 'not_trusted'],
  [['unheard'], 'undetermined'],
  [['blocks'], 'not_trusted'],
  [['yes', 'nothing', 'unheard'], 'trusted'],
  [['unheard', 'yes'], 'trusted'],
  [['nothing', 'unheard'], 'undetermined'],
  [['yes', 'blocks'], 'not_trusted'],
  [['blocks', 'yes', 'unheardBlock'], 'not_trusted'],
  [['unheardBlock', 'yes'], 'undetermined'],
  [['yes', 'silentBlock'], 'trusted'],
  [['yes', 'unheardBlock', 'unheard', 'nothing'], 'undetermined'],
]

test.each(table)('TRU-8 sources that say %j make it %s', (names, decision) => {
  const trust = createTrust(
    names.map((name) => sources[name]),
    () => 0,
  )
  expect(trust.mayIssue(question).decision).toBe(decision)
  expect(trust.mayAsk(asking).decision).toBe(decision)
})

test('TRU-9 an explanation has every sentence, and the decision of the port', () => {
  const all = Object.values(sources)
  const trust = createTrust(all, () => 0)
  for (const [explained, decided] of [
    [trust.explainIssue(question), trust.mayIssue(question)],
    [trust.explainAsk(asking), trust.mayAsk(asking)],
  ] as const) {
    const { steps, ...decision } = explained
    expect(decision).toEqual(decided)
    expect(decision.why).toBe('It says blocked, and may block.')
    expect(steps).toEqual(
      all.map((source) => ({ source: source.name, says: source.name, why: source.issue(question, 0).why })),
    )
  }
})

test('TRU-9 without a source, with one, and with several that know nothing, the words say so', () => {
  const why = (...of: TrustSource[]): string => createTrust(of, () => 0).mayIssue(question).why
  expect(why()).toContain('no source of trust is configured')
  expect(why(saying('nothing'))).toBe('It says nothing.')
  expect(why(saying('nothing'), saying('nothing'))).toBe('No source of trust vouches for this.')
  expect(why(unheardSource('list', false, 'The list was never fetched.'))).toBe('The list was never fetched.')
})

test('TRU-16 an expired list vouches for nobody, denies nobody, and blocks whom it blocked', () => {
  const list = createRuleSource(
    'list',
    readPartyRules({
      issuers: [{ party: { id: 'did:jwk:a' }, vcts: 'any' }],
      blocked: [{ id: 'did:jwk:b' }],
    }),
    { expiresAt: 1000 },
  )
  let now = 999
  const trust = createTrust([list], () => now)
  const decide = (issuer: string): string => trust.mayIssue({ ...question, issuer }).decision
  expect(['did:jwk:a', 'did:jwk:b', 'did:jwk:c'].map(decide)).toEqual([
    'trusted',
    'not_trusted',
    'not_trusted',
  ])
  now = 1000
  expect(['did:jwk:a', 'did:jwk:b', 'did:jwk:c'].map(decide)).toEqual([
    'undetermined',
    'not_trusted',
    'undetermined',
  ])
  expect(trust.mayIssue(question).why).toContain('expired')
})
