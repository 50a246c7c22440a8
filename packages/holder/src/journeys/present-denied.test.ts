import { readBase64urlText } from '@facet-id/credential/base64url'
import { readDisclosure, splitSdJwt } from '@facet-id/credential/sd-jwt'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { NOW, PERSON_VCT, testIssuer } from '../issuer.test-support.ts'
import {
  CLIENT_ID,
  judged,
  nationalityUto,
  overEighteen,
  personQuery,
  type RequestChanges,
  readAnswer,
  STATE,
  VERIFIER,
} from '../verifier.test-support.ts'
import { holding, type World, world } from '../wallet.test-support.ts'

const DENIED = `error=access_denied&state=${STATE}`

const unanswerable: readonly [what: string, code: string, changes: RequestChanges][] = [
  ['a value is another', 'nothing_matches', { claims: [{ path: ['nationalities', null], values: ['UTC'] }] }],
  ['a value is of another kind', 'nothing_matches', { claims: [{ ...overEighteen, values: ['true'] }] }],
  ['a claim is not there', 'nothing_matches', { claims: [{ path: ['tax_number'] }] }],
  ['a path does not fit', 'nothing_matches', { claims: [{ path: ['family_name', 0] }] }],
  [
    'the type is another',
    'nothing_matches',
    { query: { credentials: [personQuery([], { claims: undefined, meta: { vct_values: ['urn:other'] } })] } },
  ],
  [
    'one query of two has no answer',
    'nothing_matches',
    {
      query: {
        credentials: [personQuery([overEighteen]), personQuery([{ path: ['tax_number'] }], { id: 'tax' })],
      },
    },
  ],
]

for (const [what, code, changes] of unanswerable) {
  test(`VP-15.4.1-1, VP-6.4.2-3, VP-8.1-4 where ${what} the verifier hears what it hears from a person who declines`, async () => {
    const willing = await holding()
    expect(await outcomeOf(() => willing.holder.present(willing.verifier.request(changes)))).toBe(code)
    expect(willing.person.presentations).toMatchObject([{ sentBefore: 1, ask: { items: [] } }])
    const unwilling = await holding()
    unwilling.person.agrees = false
    const declined = () => unwilling.holder.present(unwilling.verifier.request())
    expect(await outcomeOf(declined)).toBe('declined_by_person')
    expect(willing.requests).toEqual(unwilling.requests)
    expect(willing.verifier.answers).toEqual([DENIED])
    expect(await willing.holder.credentials()).toMatchObject([{ copiesLeft: 4 }])
  })
}

test('VP-15.4.1-1 a person who holds nothing, or no copy any more, or declines is one and the same', async () => {
  const nothing = world()
  expect(await outcomeOf(() => nothing.holder.present(nothing.verifier.request()))).toBe('nothing_matches')
  const spent = await holding({ settings: { copies: 1 } })
  await spent.holder.present(spent.verifier.request())
  expect(await outcomeOf(() => spent.holder.present(spent.verifier.request()))).toBe('copies_spent')
  const declined = await holding()
  declined.person.agrees = false
  expect(await outcomeOf(() => declined.holder.present(declined.verifier.request()))).toBe(
    'declined_by_person',
  )
  const last = ({ verifier }: World) => verifier.answers.at(-1)
  expect([last(nothing), last(spent), last(declined)]).toEqual([DENIED, DENIED, DENIED])
  for (const { person } of [nothing, spent, declined])
    expect(person.presentations.at(-1)?.sentBefore).toBeDefined()
})

test('VP-15.4.1-1 a person who declines where nothing matches is told what was in the way', async () => {
  const { holder, verifier, person } = await holding()
  person.agrees = false
  const link = verifier.request({ claims: [{ path: ['tax_number'] }] })
  expect(await outcomeOf(() => holder.present(link))).toBe('nothing_matches')
  expect(verifier.answers).toEqual([DENIED])
})

test('the state is left out of a refusal where the request had none', async () => {
  const { holder, verifier, person } = await holding()
  person.agrees = false
  await outcomeOf(() => holder.present(verifier.request({ payload: { state: undefined } })))
  expect(verifier.answers).toEqual(['error=access_denied'])
})

test('VP-6.1-6, VP-6.4.2-1 one credential answers two queries with two copies, or neither', async () => {
  const query = {
    credentials: [personQuery([overEighteen]), personQuery([nationalityUto], { id: 'origin' })],
  }
  const { holder, verifier, person } = await holding({ settings: { copies: 3 } })
  await holder.present(verifier.request({ query }))
  const { vpToken } = readAnswer(verifier.answers[0] ?? '')
  const [one, other] = [vpToken.person?.[0] ?? '', vpToken.origin?.[0] ?? '']
  expect(splitSdJwt(one).jwt).not.toBe(splitSdJwt(other).jwt)
  expect((await judged(one)).credential?.claims).toMatchObject({ age_equal_or_over: { '18': true } })
  expect((await judged(other)).credential?.claims).toMatchObject({ nationalities: ['UTO'] })
  expect(person.presentations[0]?.ask.items.map(({ copiesLeft }) => copiesLeft)).toEqual([2, 1])
  expect(await outcomeOf(() => holder.present(verifier.request({ query })))).toBe('copies_spent')
  expect(verifier.answers[1]).toBe(DENIED)
  expect(await holder.credentials()).toMatchObject([{ copiesLeft: 1 }])
})

test('shows the newest credential that has a copy, and an older one when its copies are spent', async () => {
  const old = await holding({ settings: { copies: 1 } })
  old.time.advance(60)
  const issuer = testIssuer()
  const wallet = world({ ...old, issuer, settings: { copies: 1 }, ports: {} })
  await wallet.holder.accept(issuer.link)
  const shown = [wallet.verifier.request(), wallet.verifier.request(), wallet.verifier.request()]
  const outcomes = []
  for (const link of shown) outcomes.push(await outcomeOf(() => wallet.holder.present(link)))
  expect(outcomes).toEqual(['accepted', 'accepted', 'copies_spent'])
  const [newer, older] = wallet.person.presentations.map(({ ask }) => ask.items[0]?.credentialId)
  const received = new Map(
    (await wallet.holder.credentials()).map(({ credentialId, receivedAt }) => [credentialId, receivedAt]),
  )
  expect([received.get(newer ?? ''), received.get(older ?? '')]).toEqual([NOW + 60, NOW])
})

test('a credential that has expired is as good as not held', async () => {
  const { holder, verifier, time, person } = await holding()
  time.advance(86_400)
  const link = verifier.request({ payload: { iat: undefined, exp: undefined } })
  expect(await outcomeOf(() => holder.present(link))).toBe('nothing_matches')
  expect(person.presentations).toHaveLength(1)
})

test('VP-B.3.4-1 a verifier that takes no format of ours hears so, after the person was asked', async () => {
  for (const agrees of [true, false]) {
    const { holder, verifier, person } = await holding()
    person.agrees = agrees
    const vp_formats_supported = { 'dc+sd-jwt': { 'kb-jwt_alg_values': ['RS256'] } }
    const link = verifier.request({ payload: { client_metadata: { vp_formats_supported } } })
    expect(await outcomeOf(() => holder.present(link))).toBe('nothing_matches')
    expect(person.presentations).toMatchObject([{ sentBefore: 1, ask: { items: [] } }])
    expect(verifier.answers).toEqual([`error=vp_formats_not_supported&state=${STATE}`])
  }
})

test.each(['sd-jwt_alg_values', 'kb-jwt_alg_values'])(
  'JWT-3.1-4 a verifier that takes other algorithms than those held, by %s, hears what it hears of a wallet with nothing',
  async (member) => {
    const { holder, verifier, person } = await holding()
    const vp_formats_supported = { 'dc+sd-jwt': { [member]: ['ES384'] } }
    const link = verifier.request({ payload: { client_metadata: { vp_formats_supported } } })
    expect(await outcomeOf(() => holder.present(link))).toBe('nothing_matches')
    expect(person.presentations).toMatchObject([{ ask: { items: [] } }])
    expect(verifier.answers).toEqual([`error=access_denied&state=${STATE}`])
    expect((await holder.credentials())[0]?.copiesLeft).toBe(4)
  },
)

test('a verifier that a trust list forbids hears nothing, and the person is not asked', async () => {
  const asked: unknown[] = []
  const trust = {
    mayIssue: () => ({ decision: 'undetermined', why: 'The person decides.' }) as const,
    mayAsk(question: unknown) {
      asked.push(question)
      return { decision: 'not_trusted', why: 'It is not on the list.' } as const
    },
  }
  const { holder, verifier, sent, person } = await holding({ ports: { trust } })
  expect(await outcomeOf(() => holder.present(verifier.request()))).toBe('verifier_not_trusted')
  expect(sent).toEqual([`GET ${VERIFIER}/requests/0`])
  expect(person.presentations).toEqual([])
  const paths = [
    ['age_equal_or_over', '18'],
    ['nationalities', null],
  ]
  // And whether it is known at all, for otherwise nobody can say what is too much.
  expect(asked).toEqual([
    { clientId: CLIENT_ID, claims: [{ vcts: [PERSON_VCT], paths }] },
    { clientId: CLIENT_ID, claims: [] },
  ])
  expect(await outcomeOf(() => holder.present(verifier.request({ payload: { scope: 'person' } })))).not.toBe(
    'accepted',
  )
  expect(verifier.answers).toEqual([])
})

test('what the person decided stands, also when the verifier cannot be told', async () => {
  const { holder, verifier, person } = await holding()
  person.agrees = false
  const link = verifier.request({ payload: { response_uri: 'https://nowhere.example/responses' } })
  expect(await outcomeOf(() => holder.present(link))).toBe('declined_by_person')
})

test('ATK-43 whatever stands in the way, the verifier hears the same, and nothing before the person was asked', async () => {
  const optional = {
    query: {
      credentials: [personQuery([overEighteen])],
      credential_sets: [{ options: [['person']], required: false }],
    },
  }
  const absent = { claims: [{ path: ['tax_number'] }] }
  const ways: readonly [code: string, settle: (of: World) => unknown, changes?: RequestChanges][] = [
    ['declined_by_person', ({ person }) => (person.agrees = false)],
    ['declined_by_person', () => undefined, optional],
    ['nothing_matches', () => undefined, absent],
    ['nothing_matches', ({ person }) => (person.agrees = false), absent],
    ['copies_spent', async ({ holder, verifier }) => holder.present(verifier.request())],
  ]
  const heard: unknown[] = []
  for (const [code, settle, changes] of ways) {
    const one = await holding({ settings: { copies: 1 } })
    await settle(one)
    one.requests.length = 0
    const [before, asked] = [one.sent.length, one.person.presentations.length]
    const request = one.verifier.request(changes)
    expect(await outcomeOf(() => one.holder.present(request))).toBe(code)
    // The request was fetched, then the person was asked, then the answer left.
    expect(one.person.presentations.slice(asked)).toMatchObject([{ sentBefore: before + 1 }])
    heard.push(one.requests.map(({ url, ...rest }) => ({ ...rest, url: url.replace(/\d+$/, 'N') })))
  }
  for (const requests of heard) expect(requests).toEqual(heard[0])
  expect(heard[0]).toMatchObject([{}, { body: DENIED }])
})

test('ATK-42 no two presentations of a wallet have a key, a salt, a digest or a status entry in common', async () => {
  const { holder, verifier } = await holding({
    settings: { copies: 40 },
    issuer: testIssuer({ metadata: { batch_credential_issuance: { batch_size: 40 } } }),
  })
  for (let shown = 0; shown < 40; shown++) await holder.present(verifier.request())
  const parts = verifier.answers.flatMap((body) => {
    const { jwt, disclosures, keyBindingJwt = '' } = splitSdJwt(readAnswer(body).vpToken.person?.[0] ?? '')
    const { _sd, cnf, status } = JSON.parse(readBase64urlText(jwt.split('.')[1] ?? ''))
    return [
      ..._sd,
      JSON.stringify(cnf),
      JSON.stringify(status),
      ...disclosures.map((encoded) => readDisclosure(encoded).salt),
      jwt.split('.')[2],
      keyBindingJwt.split('.')[2],
    ]
  })
  expect(parts.length).toBeGreaterThan(40 * 9)
  expect(new Set(parts).size).toBe(parts.length)
})
