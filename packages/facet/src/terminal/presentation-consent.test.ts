import type { PresentationConsent, PresentationItem } from '@facet-id/holder/presentation'
import { expect, test } from 'vitest'
import { terminalConsent } from './consent.ts'
import { fakeTerminal } from './terminal.test-support.ts'

function item(queryId: string, credentialId: string, more: Partial<PresentationItem> = {}): PresentationItem {
  return {
    queryId,
    credentialId,
    issuer: `did:example:${credentialId}`,
    vct: 'urn:facet:person:1',
    discloses: [{ path: ['nationalities', 0], value: 'UTO' }],
    copiesLeft: 2,
    goesAlong: [],
    isBound: true,
    ...more,
  }
}

function query(queryId: string, candidates: readonly PresentationItem[], multiple = false) {
  const claims = [{ path: ['nationalities', null], values: ['UTO', 'ZZZ'] }]
  return { queryId, vcts: ['urn:facet:person:1'], claims, multiple, isLeftOut: false, candidates }
}

const passport = item('passport', 'p')
const cards = [item('card', 'new'), item('card', 'old')]

/** A passport, or a card of which there are two. */
const request: PresentationConsent = {
  verifier: 'x509_hash:abc',
  provenBy: 'certificate',
  trust: { decision: 'undetermined', why: 'No list says so' },
  responseUri: 'https://platform.example/responses/1',
  transactions: [],
  items: [passport],
  queries: [query('passport', [passport]), query('card', cards)],
  sets: [
    {
      required: true,
      options: [
        { ids: ['passport'], isAnswerable: true },
        { ids: ['card'], isAnswerable: true },
        { ids: ['licence'], isAnswerable: false },
      ],
      chosen: 0,
    },
  ],
  overAsked: [],
  warnings: [],
}

async function answered(typed: readonly string[], asked: PresentationConsent = request, yes = false) {
  const terminal = fakeTerminal({}, typed)
  const decision = await terminalConsent(terminal, { yes }).toPresent(asked)
  return { decision, read: terminal.printed.err }
}

test.each([
  ['what stands', ['', 'y'], undefined],
  ['the other option', ['2', '', 'y'], { sets: { 0: 1 } }],
  ['another credential of it', ['2', '2', 'y'], { sets: { 0: 1 }, credentials: { card: ['old'] } }],
  ['what is not on offer', ['3', 'y'], undefined],
  ['two of what is one', ['2', '1,2', 'y'], { sets: { 0: 1 } }],
  ['something else', ['the second', 'y'], undefined],
])('FCT-CONSENT who types %s shows that', async (_, typed, choice) => {
  const { decision } = await answered(typed)
  expect(decision).toEqual({ agreed: true, ...(choice === undefined ? {} : { choice }) })
})

test('FCT-CONSENT what was chosen is read again before it is agreed to', async () => {
  const { decision, read } = await answered(['2', '2', 'n'])
  expect(decision).toEqual({ agreed: false })
  expect(read).toContain('1. nationalities › any = "UTO" or "ZZZ" of urn:facet:person:1')
  expect(read).toContain('2. urn:facet:person:1, of did:example:old, 2 copies left after this')
  expect(read.split('from urn:facet:person:1').length - 1).toBe(2)
})

test('FCT-CONSENT several are shown where several may be', async () => {
  const several = {
    ...request,
    items: cards.slice(0, 1),
    queries: [query('card', cards, true)],
    sets: [{ required: true, options: [{ ids: ['card'], isAnswerable: true }], chosen: 0 }],
  }
  const { decision } = await answered(['1,2', 'y'], several)
  expect(decision).toEqual({ agreed: true, choice: { credentials: { card: ['new', 'old'] } } })
})

test('FCT-CONSENT, FCT-CHOICE a chosen credential whose copies were all shown takes a yes of its own', async () => {
  const spent = [item('card', 'new'), item('card', 'old', { copiesLeft: 0, again: true })]
  const asked = { ...request, queries: [query('passport', [passport]), query('card', spent)] }
  const { decision, read } = await answered(['2', '2', 'y'], asked)
  expect(decision).toEqual({
    agreed: true,
    choice: { sets: { 0: 1 }, credentials: { card: ['old'] }, reuse: true },
  })
  expect(read).toContain('every copy was shown before')
  expect((await answered(['2', '2', 'n'], asked)).decision).toEqual({ agreed: false })
})

test('FCT-CONSENT what was said beforehand chooses nothing', async () => {
  const { decision, read } = await answered([], request, true)
  expect(decision).toEqual({ agreed: true })
  expect(read).not.toContain('Which')
})

test('FCT-CONSENT the person reads how it is proven, what is not held, what goes along and what is authorized', async () => {
  const along = item('passport', 'p', {
    discloses: [
      { path: ['nationalities', 0], value: 'UTO' },
      { path: ['given_name'], value: 'Anna Maria' },
    ],
    goesAlong: [['given_name']],
  })
  const { read } = await answered(['n'], {
    ...request,
    provenBy: 'nothing',
    items: [along],
    queries: [
      query('passport', [along]),
      query('licence', []),
      { ...query('diploma', []), lacksAuthority: true },
      { ...query('card', cards), isLeftOut: true },
    ],
    sets: [{ required: true, options: [{ ids: ['passport'], isAnswerable: true }], chosen: 0 }],
    overAsked: [{ queryId: 'passport', vct: 'urn:facet:person:1', path: ['given_name'] }],
    warnings: [{ code: 'over_asking', text: 'The verifier asks for more than it is registered for.' }],
    transactions: [
      {
        type: 'payment',
        credential_ids: ['passport'],
        text: 'e30',
        whole: {},
        lines: [{ path: ['amount'], label: 'Amount: 1', value: '12.50 UTD' }],
      },
    ],
  })
  for (const told of [
    'NOTHING PROVES who asks.',
    'Mind: The verifier asks for more than it is registered for.',
    'it is not registered for urn:facet:person:1, given_name',
    'of urn:facet:person:1: you hold none.',
    'of urn:facet:person:1: what you hold of that is not of an issuer under an authority that it asks for.',
    'it is not registered for that, and it is left out.',
    'given_name: "Anna Maria" (not asked for, and cannot be withheld)',
    'By showing it you authorize (payment):',
    '"Amount: 1": "12.50 UTD"',
  ])
    expect(read).toContain(told)
  expect(read).not.toMatch(/nationalities › 0: "UTO" \(not asked/)
})
