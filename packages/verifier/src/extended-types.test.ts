/** A credential of a type that extends the one that was asked for. OpenID4VP 1.0 §B.3.5, SD-JWT VC §7.7. */
import type { JsonObject } from '@facet-id/credential/json'
import { readDcqlQuery } from '@facet-id/protocol/openid4vp'
import { outcomeOf } from '@facet-id/testkit'
import { createAllowList } from '@facet-id/trust'
import { expect, test } from 'vitest'
import { presented, reportIn, type StageChanges, stage } from './stage.test-support.ts'
import { issue } from './wallet.test-support.ts'

const CARD = 'urn:uto:card'
const NATIONAL = 'urn:uto:card:national'
const LOCAL = 'urn:uto:card:local'

const types: Readonly<Record<string, JsonObject>> = {
  [CARD]: { vct: CARD },
  [NATIONAL]: { vct: NATIONAL, extends: CARD },
  [LOCAL]: { vct: LOCAL, extends: NATIONAL },
}

const query = readDcqlQuery({
  credentials: [
    {
      id: 'card',
      format: 'dc+sd-jwt',
      meta: { vct_values: [CARD] },
      claims: [{ path: ['age_equal_or_over', '18'] }],
    },
  ],
})

interface Case {
  readonly vct: string
  /** Types that the issuer is believed for. */
  readonly believed?: readonly string[]
  readonly settings?: StageChanges['settings']
  readonly documents?: Readonly<Record<string, JsonObject>>
}

async function resultOf({ vct, believed = [vct], settings, documents = types }: Case) {
  const asked: string[] = []
  const on = stage({
    settings: { typeMetadata: 'when_available', extendedTypes: 'accepted', ...settings },
    ports: () => ({
      trust: {
        mayIssue: (question) => trust.mayIssue(question),
        mayAsk: (question) => trust.mayAsk(question),
      },
      typeMetadataOf({ vct: wanted }) {
        asked.push(wanted)
        const document = documents[wanted]
        return document === undefined
          ? { undetermined: 'Nobody knows of it.' }
          : { document: JSON.stringify(document) }
      },
    }),
  })
  const trust = createAllowList({ issuers: [{ id: on.issuer.did, vcts: [...believed] }], verifiers: [] })
  const held = issue({ issuer: on.issuer, issuedAt: on.time.now() - 3600, claims: { vct } })
  const { result } = await presented(on, { held, query, paths: [['age_equal_or_over', '18']] })
  return { result, asked }
}

test.each([
  [CARD, [CARD]],
  [NATIONAL, [NATIONAL, CARD]],
  [LOCAL, [LOCAL, NATIONAL, CARD]],
])(
  'VP-B.3.5-2 %s answers for the type that it extends, and the report names its own',
  async (vct, documents) => {
    const { result, asked } = await resultOf({ vct })
    expect(result).toMatchObject({
      outcome: 'verified',
      reports: { card: { vct, shown: { age_equal_or_over: { '18': true } } } },
    })
    expect(asked).toEqual(documents)
  },
)

test.each<[what: string, of: Case, code: string]>([
  [
    'a type that extends no other',
    { vct: 'urn:uto:other', documents: { 'urn:uto:other': { vct: 'urn:uto:other' } } },
    'query',
  ],
  ['a type of which no document is there', { vct: NATIONAL, documents: {} }, 'query'],
  [
    'a type whose line of documents breaks off',
    { vct: LOCAL, documents: { [LOCAL]: { vct: LOCAL, extends: NATIONAL } } },
    'query',
  ],
  [
    'a type that extends it and is not taken here',
    { vct: NATIONAL, settings: { extendedTypes: 'refused' } },
    'type',
  ],
  ['a type whose issuer is believed for the other only', { vct: NATIONAL, believed: [CARD] }, 'trust'],
])('VP-B.3.5-2 %s does not answer', async (_, of, code) => {
  const { result } = await resultOf(of)
  expect(result.outcome).toBe('refused')
  const failed = reportIn(result).checks.filter(({ outcome }) => outcome === 'fail')
  expect(failed.map((check) => check.code)).toEqual([code])
})

test('VP-B.3.5-2 the DID of an issuer is looked up where it is believed for the type of the credential', async () => {
  const looked: string[] = []
  const did = 'did:web:issuer.example'
  for (const believed of [NATIONAL, CARD]) {
    const on = stage({
      settings: { typeMetadata: 'when_available', extendedTypes: 'accepted' },
      ports: () => ({
        trust: createAllowList({ issuers: [{ id: did, vcts: [believed] }], verifiers: [] }),
        resolveKey: (of) => {
          looked.push(`${believed} ${of.did}`)
          return { key: on.issuer.key.publicJwk }
        },
        typeMetadataOf: ({ vct }) => ({ document: JSON.stringify(types[vct]) }),
      }),
    })
    const issuer = { ...on.issuer, did, kid: `${did}#0` }
    const held = issue({ issuer, issuedAt: on.time.now() - 3600, claims: { vct: NATIONAL } })
    const { result } = await presented(on, { held, query, paths: [['age_equal_or_over', '18']] })
    expect(result.outcome).toBe(believed === NATIONAL ? 'verified' : 'refused')
  }
  expect(looked).toEqual([`${NATIONAL} ${did}`])
})

test('VP-B.3.5-2 it cannot be wished for without documents about types', () => {
  expect(outcomeOf(() => stage({ settings: { extendedTypes: 'accepted' } }))).toBe('settings_invalid')
})
