import { readBase64urlText } from '@facet-id/credential/base64url'
import { readDisclosure, splitSdJwt } from '@facet-id/credential/sd-jwt'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { json, NOW, PERSON_VCT, refusal, specimen, TX_CODE, testIssuer } from '../issuer.test-support.ts'
import type { LogEntry } from '../presentation/log-store.ts'
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
import { holding, type World } from '../wallet.test-support.ts'

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

test('VP-B.3-1, VP-B.3.6-1, VP-B.3.6-2, HAIP-6.1.1.1-1 binds the presentation to the request: nonce, whole client id, time and contents', async () => {
  const presentation = await presented()
  const { keyBindingJwt = '' } = splitSdJwt(presentation)
  const [header, payload] = keyBindingJwt.split('.', 2).map((part) => JSON.parse(readBase64urlText(part)))
  expect(header).toEqual({ alg: 'ES256', typ: 'kb+jwt' })
  expect(payload).toEqual({ iat: NOW, aud: CLIENT_ID, nonce: NONCE, sd_hash: expect.any(String) })
  const { checks, verified } = await judged(presentation)
  expect(checks.flatMap(({ reason }) => reason ?? [])).toEqual([])
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
  // Short ones with their quotes: without, a random text could hold them.
  for (const value of ['Anna Maria', 'Eriksson', '"1974', '"ZZZ"', '12 Specimen', 'Zenith', 'L898902C3'])
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
  const item = {
    queryId: 'person',
    credentialId: credential?.credentialId,
    issuer: credential?.issuer,
    vct: PERSON_VCT,
    names: [{ name: 'Person', locale: 'en' }],
    discloses: [
      { path: ['age_equal_or_over', '18'], value: true },
      { path: ['nationalities', 0], value: 'UTO' },
    ],
    goesAlong: [],
    isBound: true,
    copiesLeft: 3,
  }
  expect(person.presentations).toEqual([
    {
      sentBefore: 1,
      ask: {
        verifier: CLIENT_ID,
        provenBy: 'did',
        trust: { decision: 'undetermined', why: 'The person decides.' },
        responseUri: `${VERIFIER}/responses/0`,
        transactions: [],
        items: [item],
        queries: [
          {
            queryId: 'person',
            vcts: [PERSON_VCT],
            claims: [overEighteen, nationalityUto],
            multiple: false,
            isLeftOut: false,
            candidates: [item],
          },
        ],
        sets: [{ required: true, options: [{ ids: ['person'], isAnswerable: true }], chosen: 0 }],
        overAsked: [],
        warnings: [{ code: 'verifier_unknown', text: expect.any(String) }],
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

test('VP-8.2-5, HAIP-5.1-6 hands on where the person goes on', async () => {
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

test('a request that ended while the person was thinking costs no copy', async () => {
  const { holder, verifier, time, person } = await holding({
    ports: {
      consent: {
        toFetch: () => ({ agreed: true }),
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
