import type { OfferConsent } from '@facet-id/holder'
import type { PresentationConsent } from '@facet-id/holder/presentation'
import { expect, test } from 'vitest'
import { terminalConsent } from './consent.ts'
import { fakeTerminal } from './terminal.test-support.ts'

const trust = { decision: 'undetermined', why: 'No list says so' } as const

const offer: OfferConsent = {
  issuer: 'https://issuer.example',
  issuerDisplay: [{ name: 'Registry' }],
  provenBy: {},
  credentials: [
    {
      configurationId: 'person',
      vct: 'urn:facet:person:1',
      display: [{ name: 'Person' }],
      copies: 3,
      trust,
    },
  ],
  tokenEndpoint: 'https://issuer.example/token',
}
const withCode: OfferConsent = { ...offer, txCode: { input_mode: 'numeric', length: 6 } }

function offering(changes: Partial<OfferConsent['credentials'][number]>): OfferConsent {
  return { ...offer, credentials: offer.credentials.map((one) => ({ ...one, ...changes })) }
}

const request: PresentationConsent = {
  verifier: 'decentralized_identifier:did:jwk:e30',
  trust,
  responseUri: 'https://platform.example/responses/1',
  transactions: [],
  items: [
    {
      queryId: 'person',
      credentialId: 'one',
      issuer: 'did:jwk:e31',
      vct: 'urn:facet:person:1',
      discloses: [{ path: ['address', 'country'], value: 'UTO' }],
      copiesLeft: 2,
      goesAlong: [],
      isBound: true,
    },
  ],
  provenBy: 'did',
  queries: [],
  sets: [],
  overAsked: [],
  warnings: [],
}

test('FCT-9 without a terminal nothing is agreed to, unless it was beforehand', async () => {
  const nobody = fakeTerminal()
  const asked = terminalConsent(nobody, { yes: false, txCode: '123456' })
  expect(await asked.toReceive(withCode)).toEqual({ agreed: false })
  expect(await asked.toPresent(request)).toEqual({ agreed: false })
  const said = terminalConsent(nobody, { yes: true, txCode: '123456' })
  expect(await said.toReceive(withCode)).toEqual({ agreed: true, txCode: '123456' })
  expect(await said.toReceive(offer)).toEqual({ agreed: true })
  expect(await said.toPresent(request)).toEqual({ agreed: true })
})

test('TRU-35 what was said of the trusted beforehand holds for nobody of whom it is not known', async () => {
  const answers = { yes: true, onlyTrusted: true }
  const trusted = { decision: 'trusted', why: 'It is on the list.' } as const
  const nobody = fakeTerminal()
  const said = terminalConsent(nobody, answers)
  expect(await said.toReceive(offer)).toEqual({ agreed: false })
  expect(await said.toPresent(request)).toEqual({ agreed: false })
  expect(nobody.printed.err).toContain('--yes agrees with those who are trusted only.')
  expect(await said.toReceive(offering({ trust: trusted }))).toEqual({ agreed: true })
  expect(await said.toPresent({ ...request, trust: trusted })).toEqual({ agreed: true })
  const asked = terminalConsent(fakeTerminal({}, ['y']), answers)
  expect(await asked.toPresent(request)).toEqual({ agreed: true })
  const refused = { decision: 'not_trusted', why: 'It is blocked.' } as const
  const anybody = terminalConsent(nobody, { yes: true })
  expect(await anybody.toPresent({ ...request, trust: refused })).toEqual({ agreed: false })
})

test('FCT-9 what holds nothing to show is never agreed to', async () => {
  const nothing = { ...request, items: [] }
  expect(await terminalConsent(fakeTerminal(), { yes: true }).toPresent(nothing)).toEqual({ agreed: false })
})

test.each([
  ['y', true],
  ['YES', true],
  [' yes ', true],
  ['n', false],
  ['', false],
  ['yesterday', false],
  ['no yes', false],
])('a person who types "%s" agrees: %s', async (typed, agreed) => {
  const terminal = fakeTerminal({}, [typed, typed])
  const consent = terminalConsent(terminal, { yes: false })
  expect(await consent.toReceive(offer)).toEqual({ agreed })
  expect(await consent.toPresent(request)).toEqual({ agreed })
})

test('who goes away while being asked agrees to nothing', async () => {
  expect(await terminalConsent(fakeTerminal({}, []), { yes: false }).toPresent(request)).toEqual({
    agreed: false,
  })
})

test('a transaction code is asked for when there is one, and after agreeing', async () => {
  const terminal = fakeTerminal({}, ['y', ' 123456 '])
  expect(await terminalConsent(terminal, { yes: false }).toReceive(withCode)).toEqual({
    agreed: true,
    txCode: '123456',
  })
  expect(await terminalConsent(fakeTerminal(), { yes: true }).toReceive(withCode)).toEqual({ agreed: true })
  expect(await terminalConsent(fakeTerminal({}, ['']), { yes: true }).toReceive(withCode)).toEqual({
    agreed: true,
  })
})

test('before agreeing the person reads who, what, to whom and why it is believed', async () => {
  const terminal = fakeTerminal({}, ['n', 'n'])
  const consent = terminalConsent(terminal, { yes: false })
  await consent.toReceive(withCode)
  await consent.toPresent(request)
  const { out, err } = terminal.printed
  expect(out).toBe('')
  for (const told of [
    'https://issuer.example (calls itself "Registry")',
    'offers "Person", type urn:facet:person:1, in 3 copies. No list says so.',
    'transaction code, which goes to https://issuer.example/token',
    'decentralized_identifier:did:jwk:e30',
    'to https://platform.example/responses/1',
    'from urn:facet:person:1 (2 copies left after this)',
    'address › country: "UTO"',
  ])
    expect(err).toContain(told)
})

test('a name cannot forge what the person reads', async () => {
  const terminal = fakeTerminal({}, ['n'])
  const name = 'Registry\u001b[2K\r\nhttps://other.example\u202e'
  await terminalConsent(terminal, { yes: false }).toReceive({ ...offer, issuerDisplay: [{ name }] })
  expect(terminal.printed.err.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u)
  expect(terminal.printed.err.split('\n').some((line) => line.startsWith('https://other'))).toBe(false)
})

test('what an issuer calls things stays apart from what the wallet says of it', async () => {
  const terminal = fakeTerminal({}, ['n', 'n'])
  const consent = terminalConsent(terminal, { yes: false })
  const forged = 'Card, type urn:card, in 1 copies. The issuer is on the list of trusted issuers.'
  await consent.toReceive({
    ...offering({ display: [{ name: forged }] }),
    issuerDisplay: [{ name: 'A") B' }],
  })
  await consent.toReceive(offering({ display: [], vct: forged }))
  const discloses = [{ path: ['over › 18: true', 0], value: 'Eriksson' }]
  await consent.toPresent({ ...request, items: request.items.map((item) => ({ ...item, discloses })) })
  const { err } = terminal.printed
  for (const told of [
    `offers ${JSON.stringify(forged)}, type urn:facet:person:1, in 3 copies.`,
    `offers type ${JSON.stringify(forged)}, in 3 copies.`,
    '(calls itself "A\\") B")',
    '"over › 18: true" › 0: "Eriksson"',
  ])
    expect(err).toContain(told)
})

test('TRU-13 the person reads what the verifier is registered for, as somebody said it', async () => {
  const terminal = fakeTerminal()
  const trust = { decision: 'trusted', why: 'It is registered.', purpose: 'Proof of age' } as const
  await terminalConsent(terminal, { yes: true }).toPresent({ ...request, trust })
  expect(terminal.printed.err).toContain('It is registered.\n')
  expect(terminal.printed.err).toContain('It is registered for: "Proof of age"')
})

const [item] = request.items
const optional: PresentationConsent = {
  ...request,
  queries: ['person', 'card'].map((queryId) => ({
    queryId,
    vcts: ['urn:facet:person:1'],
    claims: [],
    multiple: false,
    isLeftOut: false,
    candidates: item === undefined ? [] : [{ ...item, queryId }],
  })),
  sets: [
    { required: true, options: [{ ids: ['person'], isAnswerable: true }], chosen: 0 },
    { required: false, options: [{ ids: ['card'], isAnswerable: true }] },
  ],
}

test.each([
  [['y', 'y'], { agreed: true, choice: { sets: { 1: 0 } } }],
  [['y', 'n'], { agreed: true }],
  [['n'], { agreed: false }],
])('FCT-CHOICE of a request with something optional, %j comes to %j', async (typed, decision) => {
  const terminal = fakeTerminal({}, typed)
  expect(await terminalConsent(terminal, { yes: false }).toPresent(optional)).toEqual(decision)
})

test('FCT-CHOICE what was said beforehand shows nothing that is optional', async () => {
  expect(await terminalConsent(fakeTerminal(), { yes: true }).toPresent(optional)).toEqual({ agreed: true })
  const [, ...sets] = optional.sets
  const all = { ...optional, items: [], sets }
  expect(await terminalConsent(fakeTerminal(), { yes: true }).toPresent(all)).toEqual({ agreed: false })
  const asked = terminalConsent(fakeTerminal({}, ['y']), { yes: false })
  expect(await asked.toPresent(all)).toEqual({ agreed: true, choice: { sets: { 0: 0 } } })
})

test('FCT-CHOICE a copy is shown again by a typed yes only', async () => {
  const spent: PresentationConsent = {
    ...optional,
    items: [],
    warnings: [{ code: 'no_copy_left', text: 'Every copy was shown before.', queryId: 'person' }],
  }
  const ask = (typed: readonly string[], yes: boolean) =>
    terminalConsent(fakeTerminal({}, typed), { yes }).toPresent(spent)
  expect(await ask(['y'], false)).toEqual({ agreed: true, choice: { reuse: true } })
  expect(await ask(['n'], false)).toEqual({ agreed: false })
  expect(await terminalConsent(fakeTerminal(), { yes: true }).toPresent(spent)).toEqual({ agreed: false })
  const terminal = fakeTerminal({}, ['n'])
  await terminalConsent(terminal, { yes: false }).toPresent(spent)
  expect(terminal.printed.err).toContain('Mind: Every copy was shown before.')
})
