import { readBase64urlText } from '@facet-id/credential/base64url'
import { readDisclosure, splitSdJwt } from '@facet-id/credential/sd-jwt'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { json, NOW, PERSON_VCT, refusal, specimen, TX_CODE, testIssuer } from '../issuer.test-support.ts'
import type { LogEntry } from '../log-store.ts'
import {
  CLIENT_ID,
  judged,
  NONCE,
  nationalityUto,
  overEighteen,
  personQuery,
  type RequestChanges,
  readAnswer,
  STATE,
  testVerifier,
  VERIFIER,
} from '../verifier.test-support.ts'
import { type World, type WorldChanges, world } from '../wallet.test-support.ts'

const DENIED = `error=access_denied&state=${STATE}`

test('VP-8.1-1, VP-8.1-2, VP-8.2-3 answers with one presentation for each query, as a form, and sends nothing else', async () => {
  const { holder, verifier, sent, requests } = await holding()
  expect(await holder.present(verifier.request())).toEqual({ accepted: true })
  expect(sent).toEqual([`GET ${VERIFIER}/requests/0`, `POST ${VERIFIER}/responses/0`])
  expect(requests[1]?.headers).toEqual({
    accept: 'application/json',
    'content-type': 'application/x-www-form-urlencoded',
  })
  const { vpToken, state } = readAnswer(verifier.answers[0] ?? '')
  expect(state).toBe(STATE)
  expect(Object.keys(vpToken)).toEqual(['person'])
  expect(vpToken.person).toHaveLength(1)
})

test('VP-15.8-2 no header tells which wallet asks, and nothing of the person leaves before consent', async () => {
  const { holder, verifier, requests, person } = await holding()
  person.agrees = false
  await outcomeOf(() => holder.present(verifier.request()))
  await outcomeOf(() => holder.present(verifier.request({ method: 'post' })))
  for (const { headers } of requests)
    expect(Object.keys(headers).sort().join()).toMatch(/^accept(,content-type)?$/)
  const bodies = requests.flatMap(({ body }) => body ?? [])
  expect(bodies.filter((body) => !body.startsWith('wallet_nonce='))).toEqual([DENIED, DENIED])
})

test('VP-B.3-1, VP-B.3.6-1, VP-B.3.6-2 binds the presentation to the request: nonce, whole client id, time and contents', async () => {
  const presentation = await presented()
  const { keyBindingJwt = '' } = splitSdJwt(presentation)
  const [header, payload] = keyBindingJwt.split('.', 2).map((part) => JSON.parse(readBase64urlText(part)))
  expect(header).toEqual({ alg: 'ES256', typ: 'kb+jwt' })
  expect(payload).toEqual({ iat: NOW, aud: CLIENT_ID, nonce: NONCE, sd_hash: expect.any(String) })
  const { checks, verified } = await judged(presentation)
  expect(checks.filter(({ outcome }) => outcome !== 'pass')).toEqual([])
  expect(verified).toBe(true)
})

test('VP-6.4-1 only what was selected leaves: no withheld value, salt or disclosure of any copy', async () => {
  const { holder, verifier, store } = await holding()
  await holder.present(verifier.request())
  const presentation = readAnswer(verifier.answers[0] ?? '').vpToken.person?.[0] ?? ''
  const { disclosures } = splitSdJwt(presentation)
  expect(disclosures.map((encoded) => readDisclosure(encoded).name)).toEqual(
    expect.arrayContaining(['age_equal_or_over', '18', undefined]),
  )
  expect(disclosures).toHaveLength(3)
  const left = [verifier.answers[0], ...textsOf(presentation)].join('\n')
  for (const value of ['Anna Maria', 'Eriksson', '1974', 'ZZZ', '12 Specimen', 'Zenith', 'L898902C3'])
    expect(left).not.toContain(value)
  let withheld = 0
  for await (const { value } of store.range('holder/copy')) {
    const { compact } = JSON.parse(new TextDecoder().decode(value))
    for (const encoded of splitSdJwt(compact).disclosures) {
      if (disclosures.includes(encoded)) continue
      withheld++
      expect(left).not.toContain(encoded)
      expect(left).not.toContain(readDisclosure(encoded).salt)
    }
  }
  // All disclosures of four copies, but for the three that were shown.
  expect(withheld).toBe(4 * 12 - 3)
})

test('VP-6.4.1-4 shows one nationality of two, and no other', async () => {
  const { credential } = await judged(await presented({ claims: [nationalityUto] }))
  expect(credential?.claims.nationalities).toEqual(['UTO'])
  const other = { path: ['nationalities', null], values: ['ZZZ'] }
  const second = await judged(await presented({ claims: [other] }))
  expect(second.credential?.claims.nationalities).toEqual(['ZZZ'])
})

test('VP-7-3 a path that ends in null shows every element', async () => {
  const { credential } = await judged(await presented({ claims: [{ path: ['nationalities', null] }] }))
  expect(credential?.claims.nationalities).toEqual(['UTO', 'ZZZ'])
})

test('VP-6.4.1-1 without claims nothing is disclosed that can be withheld', async () => {
  const presentation = await presented({ query: { credentials: [personQuery(undefined)] } })
  expect(splitSdJwt(presentation).disclosures).toEqual([])
  const { credential } = await judged(presentation)
  for (const name of Object.keys(specimen)) expect(credential?.claims[name] ?? []).toEqual([])
})

test('VP-7-2 shows a claim with what it stands inside of, and the person sees all of it before', async () => {
  const { holder, verifier, person } = await holding()
  await holder.present(verifier.request({ claims: [{ path: ['address', 'locality'] }] }))
  const { credential } = await judged(presentationIn(verifier.answers[0]))
  expect(credential?.claims.address).toEqual({ country: 'UTO', locality: 'Zenith' })
  expect(person.presentations[0]?.ask.items[0]?.discloses).toEqual([
    { path: ['address', 'country'], value: 'UTO' },
    { path: ['address', 'locality'], value: 'Zenith' },
  ])
})

test('VP-15.1-1 the person sees who asks, where the answer goes, and every value that would leave', async () => {
  const { holder, verifier, person } = await holding()
  await holder.present(verifier.request())
  const [credential] = await holder.credentials()
  expect(person.presentations).toEqual([
    {
      sentBefore: 1,
      ask: {
        verifier: CLIENT_ID,
        trust: { decision: 'undetermined', why: 'The person decides.' },
        responseUri: `${VERIFIER}/responses/0`,
        items: [
          {
            queryId: 'person',
            credentialId: credential?.credentialId,
            issuer: credential?.issuer,
            vct: PERSON_VCT,
            discloses: [
              { path: ['age_equal_or_over', '18'], value: true },
              { path: ['nationalities', 0], value: 'UTO' },
            ],
            copiesLeft: 3,
          },
        ],
      },
    },
  ])
})

test('VP-15.1-1 the person sees what the credential shows in any case, and not what says what it is', async () => {
  const issuer = testIssuer({
    credentials: (keys, issue) => keys.map((key) => issue(key, { frame: { _sd: ['birthdate'] } })),
  })
  const { holder, verifier, person } = await holding({ issuer })
  await holder.present(verifier.request({ claims: [{ path: ['family_name'] }] }))
  const names = person.presentations[0]?.ask.items[0]?.discloses.map(({ path }) => path[0])
  expect([...new Set(names)]).toEqual([
    'family_name',
    'address',
    'age_equal_or_over',
    'document_number',
    'given_name',
    'nationalities',
  ])
})

test('VP-15.5-1 shows another copy each time', async () => {
  const { holder, verifier } = await holding()
  for (let shown = 0; shown < 4; shown++) await holder.present(verifier.request())
  const copies = verifier.answers.map((body) => splitSdJwt(presentationIn(body)).jwt)
  expect(new Set(copies).size).toBe(4)
})

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
    const vp_formats_supported = { 'dc+sd-jwt': { 'kb-jwt_alg_values': ['ES384'] } }
    const link = verifier.request({ payload: { client_metadata: { vp_formats_supported } } })
    expect(await outcomeOf(() => holder.present(link))).toBe('nothing_matches')
    expect(person.presentations).toMatchObject([{ sentBefore: 1, ask: { items: [] } }])
    expect(verifier.answers).toEqual([`error=vp_formats_not_supported&state=${STATE}`])
  }
})

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
  expect(asked).toEqual([{ clientId: CLIENT_ID, claims: [{ vcts: [PERSON_VCT], paths }] }])
  expect(await outcomeOf(() => holder.present(verifier.request({ payload: { scope: 'person' } })))).not.toBe(
    'accepted',
  )
  expect(verifier.answers).toEqual([])
})

test('VP-8.2-5 hands on where the person goes on', async () => {
  const redirect_uri = `${VERIFIER}/done#response_code=091535f699ea575c7937fa5f0f454aee`
  const { holder, verifier } = await holding()
  const link = verifier.request({ answer: json({ redirect_uri, more: 1 }) })
  expect(await holder.present(link)).toEqual({ accepted: true, redirectUri: redirect_uri })
})

const html = { 'content-type': 'text/html' }

test.each([
  [
    'refuses in words',
    refusal('invalid_request', 'The credential was revoked'),
    'The credential was revoked',
  ],
  ['refuses without words', refusal('invalid_request'), undefined],
  ['fails', { status: 500, headers: html, body: '<p>Oops</p>' }, undefined],
  ['is away', { status: 503, headers: {}, body: '' }, undefined],
  ['redirects', { status: 302, headers: { location: 'https://other.example' }, body: '' }, undefined],
  ['answers with a page', { status: 200, headers: html, body: '<p>Thanks</p>' }, undefined],
  ['answers with no JSON', { ...json({}), body: '{"redirect_uri":' }, undefined],
  ['answers with a list', json([]), undefined],
  ['sends the browser to a script', json({ redirect_uri: 'javascript:alert(1)' }), undefined],
  ['refuses in odd characters', { ...json({ error: 'bad\u202e"\n' }), status: 400 }, undefined],
  [
    'refuses in words of odd characters',
    { ...json({ error: 'invalid_request', error_description: '\u001b[31mpwned' }), status: 400 },
    undefined,
  ],
])('VP-8.2-4 a verifier that %s did not accept', async (_, answer, reason) => {
  const wallet = await holding()
  const { holder, verifier } = wallet
  const presented = await holder.present(verifier.request({ answer }))
  expect(presented).toEqual({ accepted: false, ...(reason === undefined ? {} : { reason }) })
  expect(await holder.credentials()).toMatchObject([{ copiesLeft: 3 }])
  expect((await entriesOf(wallet)).at(-1)).toMatchObject({ event: 'refused', verifier: CLIENT_ID })
})

test('what the person decided stands, also when the verifier cannot be told', async () => {
  const { holder, verifier, person } = await holding()
  person.agrees = false
  const link = verifier.request({ payload: { response_uri: 'https://nowhere.example/responses' } })
  expect(await outcomeOf(() => holder.present(link))).toBe('declined_by_person')
})

test('a request that ended while the person was thinking costs no copy', async () => {
  const { holder, verifier, time, person } = await holding({
    ports: {
      consent: {
        toReceive: () => ({ agreed: true, txCode: TX_CODE }),
        toPresent() {
          time.advance(400)
          return { agreed: true }
        },
      },
    },
  })
  expect(await outcomeOf(() => holder.present(verifier.request()))).toBe('request_expired')
  expect(person.presentations).toEqual([])
  expect(verifier.answers).toEqual([])
  expect(await holder.credentials()).toMatchObject([{ copiesLeft: 4 }])
})

test('a credential whose key is gone shows nothing', async () => {
  const { holder, verifier, store } = await holding()
  for await (const { key } of store.range('holder/key'))
    await store.commit([{ op: 'del', ns: 'holder/key', key }])
  expect(await outcomeOf(() => holder.present(verifier.request()))).toBe('credential_unknown')
  expect(verifier.answers).toEqual([])
})

/** A wallet that holds the specimen; what it sent for that is forgotten. */
async function holding(changes: WorldChanges = {}): Promise<World> {
  const own = world(changes)
  await own.holder.accept(own.issuer.link)
  own.sent.length = 0
  own.requests.length = 0
  return own
}

async function presented(changes: RequestChanges = {}): Promise<string> {
  const { holder, verifier } = await holding({ verifier: testVerifier() })
  await holder.present(verifier.request(changes))
  return presentationIn(verifier.answers[0])
}

function presentationIn(body: string | undefined): string {
  return readAnswer(body ?? '').vpToken.person?.[0] ?? ''
}

/** Everything in a presentation that is encoded, decoded. */
function textsOf(presentation: string): readonly string[] {
  return presentation
    .split('~')
    .flatMap((part) => part.split('.').slice(0, 2))
    .filter((part) => part !== '')
    .map(readBase64urlText)
}

async function entriesOf({ holder }: World): Promise<readonly LogEntry[]> {
  const entries: LogEntry[] = []
  for await (const entry of holder.log()) entries.push(entry)
  return entries
}
