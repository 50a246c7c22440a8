import { writeBase64url } from '@facet-id/credential/base64url'
import { openStoredSdJwt, splitSdJwt } from '@facet-id/credential/sd-jwt'
import { hash, outcomeOf, random } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { issueCopy, issuerIdentity, NOW, PERSON_VCT } from '../issuer.test-support.ts'
import type { LogEntry } from '../presentation/log-store.ts'
import { keepCredential } from '../shelf/shelf-store.ts'
import {
  judged,
  nationalityUto,
  overEighteen,
  personQuery,
  readAnswer,
  STATE,
} from '../verifier.test-support.ts'
import { holding, type World } from '../wallet.test-support.ts'

const DENIED = `error=access_denied&state=${STATE}`
const CARD_VCT = 'urn:facet:test:card'

/** Puts a credential on the shelf as an issuance would, through the store that the holder has. */
async function shelved(
  { ports, store }: World,
  { claims = {}, copies = 2, bound = true }: { claims?: object; copies?: number; bound?: boolean } = {},
): Promise<string> {
  const credentialId = writeBase64url(random(8))
  const keys = await ports.keys.create(Array.from({ length: copies }, (_, at) => `${credentialId}.${at}`))
  const records = keys.map(({ keyId, publicJwk }) => ({
    credentialId,
    keyId,
    compact: issueCopy(publicJwk, {
      claims: { vct: CARD_VCT, ...claims, ...(bound ? {} : { cnf: undefined }) },
    }),
  }))
  const record = {
    credentialId,
    credentialIssuer: 'https://issuer.example',
    issuer: issuerIdentity.did,
    vct: CARD_VCT,
    configurationId: 'card',
    receivedAt: NOW,
  }
  await store.commit(keepCredential(record, records))
  return credentialId
}

const cardQuery = (more: object = {}): object =>
  personQuery([{ path: ['family_name'] }], { id: 'card', meta: { vct_values: [CARD_VCT] }, ...more })

async function entriesOf({ holder }: World): Promise<readonly LogEntry[]> {
  const entries: LogEntry[] = []
  for await (const entry of holder.log()) entries.push(entry)
  return entries
}

const answeredBy = ({ verifier }: World) => readAnswer(verifier.answers.at(-1) ?? '').vpToken

const sets = (...credential_sets: object[]) => ({
  query: { credentials: [personQuery([overEighteen]), cardQuery()], credential_sets },
})

test('VP-6.4.2-2, CON-3 answers one option of a set, and leaves out what is optional', async () => {
  const world = await holding()
  await shelved(world)
  const { holder, verifier } = world
  await holder.present(verifier.request(sets({ options: [['card'], ['person']] })))
  expect(Object.keys(answeredBy(world))).toEqual(['card'])
  await holder.present(
    verifier.request(sets({ options: [['person']] }, { options: [['card']], required: false })),
  )
  expect(Object.keys(answeredBy(world))).toEqual(['person'])
})

test('CON-4, VP-8.1-3 the person shows another option, or what is optional as well', async () => {
  const world = await holding()
  await shelved(world)
  const { holder, verifier, person } = world
  person.choice = () => ({ sets: { 0: 1 } })
  await holder.present(verifier.request(sets({ options: [['card'], ['person']] })))
  expect(Object.keys(answeredBy(world))).toEqual(['person'])
  person.choice = () => ({ sets: { 1: 0 } })
  await holder.present(
    verifier.request(sets({ options: [['person']] }, { options: [['card']], required: false })),
  )
  expect(Object.keys(answeredBy(world))).toEqual(['person', 'card'])
  for (const [presentation = ''] of Object.values(answeredBy(world)))
    expect((await judged(presentation, 1)).verified).toBe(true)
})

test('CON-4 of what is optional altogether nothing leaves where nothing was chosen', async () => {
  const world = await holding()
  const { holder, verifier } = world
  const link = verifier.request(sets({ options: [['person']], required: false }))
  expect(await outcomeOf(() => holder.present(link))).toBe('declined_by_person')
  expect(verifier.answers).toEqual([DENIED])
})

test('CON-4 a choice that was not on offer sends nothing and spends nothing', async () => {
  const world = await holding()
  world.person.choice = () => ({ credentials: { person: ['nobody'] } })
  expect(await outcomeOf(() => world.holder.present(world.verifier.request()))).toBe('choice_invalid')
  expect(world.verifier.answers).toEqual([])
  expect(await world.holder.credentials()).toMatchObject([{ copiesLeft: 4 }])
})

test('VP-8.1-2, CON-4 several credentials answer one query where the person likes', async () => {
  const world = await holding()
  const { holder, verifier, person } = world
  const [one, other] = [await shelved(world), await shelved(world, { claims: { family_name: 'Other' } })]
  const query = { credentials: [cardQuery({ multiple: true })] }
  await holder.present(verifier.request({ query }))
  expect(answeredBy(world).card).toHaveLength(1)
  person.choice = () => ({ credentials: { card: [other, one] } })
  await holder.present(verifier.request({ query }))
  const names = await Promise.all(
    (answeredBy(world).card ?? []).map(
      async (text) => (await judged(text, 1)).credential?.claims.family_name,
    ),
  )
  expect(names).toEqual(['Other', 'Eriksson'])
})

test('CON-7 copies of several credentials are spent with the log entry, in one commit', async () => {
  const world = await holding()
  await shelved(world)
  const { holder, verifier } = world
  await holder.present(
    verifier.request({ query: { credentials: [personQuery([overEighteen]), cardQuery()] } }),
  )
  expect((await entriesOf(world)).find(({ event }) => event === 'presenting')).toMatchObject({
    shown: [{ vct: PERSON_VCT }, { vct: CARD_VCT }],
  })
  expect((await holder.credentials()).map(({ copiesLeft }) => copiesLeft).sort()).toEqual([1, 3])
})

test('CON-6 no copy is shown again unless the person says so, and then the log says so', async () => {
  const world = await holding({ settings: { copies: 1 } })
  const { holder, verifier, person } = world
  await holder.present(verifier.request())
  const first = answeredBy(world).person?.[0] ?? ''
  expect(await outcomeOf(() => holder.present(verifier.request()))).toBe('copies_spent')
  person.agrees = false
  expect(await outcomeOf(() => holder.present(verifier.request()))).toBe('copies_spent')
  expect(verifier.answers.slice(1)).toEqual([DENIED, DENIED])
  expect(person.presentations.at(-1)?.ask).toMatchObject({
    items: [],
    warnings: [{}, { code: 'no_copy_left' }],
  })
  person.agrees = true
  person.choice = () => ({ reuse: true })
  expect(await holder.present(verifier.request())).toEqual({ accepted: true })
  const again = answeredBy(world).person?.[0] ?? ''
  expect(splitSdJwt(again).jwt).toBe(splitSdJwt(first).jwt)
  expect((await judged(again, 3)).verified).toBe(true)
  expect((await entriesOf(world)).at(-1)).toMatchObject({ event: 'accepted', shown: [{ again: true }] })
})

test('CON-6 who may show a copy again takes an unused one while there is one', async () => {
  const world = await holding({ settings: { copies: 2 } })
  const { holder, verifier, person } = world
  person.choice = () => ({ reuse: true })
  await holder.present(verifier.request())
  await holder.present(verifier.request())
  const shown = verifier.answers.map((body) => splitSdJwt(readAnswer(body).vpToken.person?.[0] ?? '').jwt)
  expect(new Set(shown).size).toBe(2)
  expect(
    (await entriesOf(world)).flatMap((entry) => ('shown' in entry ? entry.shown : [])),
  ).not.toContainEqual(expect.objectContaining({ again: true }))
})

test('VP-B.3-2 a credential without a key answers where nobody need prove to hold it, without key binding', async () => {
  const world = await holding()
  await shelved(world, { bound: false })
  const { holder, verifier, person } = world
  expect(
    await outcomeOf(() => holder.present(verifier.request({ query: { credentials: [cardQuery()] } }))),
  ).toBe('nothing_matches')
  const credentials = [cardQuery({ require_cryptographic_holder_binding: false })]
  expect(await holder.present(verifier.request({ query: { credentials } }))).toEqual({ accepted: true })
  const [presentation = ''] = answeredBy(world).card ?? []
  expect(presentation.endsWith('~')).toBe(true)
  expect(openStoredSdJwt(presentation, hash).opened.claims).toMatchObject({ family_name: 'Eriksson' })
  expect(person.presentations.at(-1)?.ask.warnings).toContainEqual(
    expect.objectContaining({ code: 'not_bound' }),
  )
})

test('VP-6.1.1-7 answers a query for the DID of its issuer, and none for another', async () => {
  const world = await holding()
  const { holder, verifier, person } = world
  const asking = (...values: string[]) => ({
    query: {
      credentials: [
        personQuery([overEighteen], {
          trusted_authorities: [{ type: 'urn:facet:trusted-authority:did', values }],
        }),
      ],
    },
  })
  expect(await outcomeOf(() => holder.present(verifier.request(asking('did:example:other'))))).toBe(
    'nothing_matches',
  )
  const lacks = () => person.presentations.at(-1)?.ask.queries[0]?.lacksAuthority
  expect(lacks()).toBe(true)
  expect(await holder.present(verifier.request(asking('did:example:other', issuerIdentity.did)))).toEqual({
    accepted: true,
  })
  expect(lacks()).toBeUndefined()
})

test('VP-6.1.1-4, CON-15 asks for the lists of an issuer when a credential comes, and never when a verifier asks', async () => {
  const asked: unknown[] = []
  const trustedListsOf = (of: unknown) => {
    asked.push(of)
    return ['https://lists.example/uto']
  }
  const { holder, verifier } = await holding({ ports: { trustedListsOf } })
  expect(asked).toEqual([{ issuer: issuerIdentity.did, vct: PERSON_VCT }])
  asked.length = 0
  const asking = (list: string) => ({
    query: {
      credentials: [
        personQuery([overEighteen], { trusted_authorities: [{ type: 'etsi_tl', values: [list] }] }),
      ],
    },
  })
  expect(await outcomeOf(() => holder.present(verifier.request(asking('https://lists.example/other'))))).toBe(
    'nothing_matches',
  )
  expect(await holder.present(verifier.request(asking('https://lists.example/uto')))).toEqual({
    accepted: true,
  })
  expect(asked).toEqual([])
})

test('VP-6.4.1-3 shows the claims of the first claim set that the credential can answer', async () => {
  const { holder, verifier } = await holding()
  const claims = [
    { id: 'tax', path: ['tax_number'] },
    { id: 'age', ...overEighteen },
    { id: 'from', ...nationalityUto },
  ]
  const claim_sets = [['tax'], ['age'], ['from']]
  await holder.present(verifier.request({ query: { credentials: [personQuery(claims, { claim_sets })] } }))
  const { credential } = await judged(readAnswer(verifier.answers[0] ?? '').vpToken.person?.[0] ?? '')
  expect(credential?.claims).toMatchObject({ age_equal_or_over: { '18': true }, nationalities: [] })
})

test('CON-9 what is received, shown and forgotten is found as it is at once', async () => {
  const world = await holding()
  const { holder, verifier, person } = world
  const candidates = async () => {
    person.agrees = false
    await outcomeOf(() => holder.present(verifier.request()))
    person.agrees = true
    return person.presentations.at(-1)?.ask.queries[0]?.candidates.map(({ copiesLeft }) => copiesLeft)
  }
  expect(await candidates()).toEqual([3])
  await holder.present(verifier.request())
  expect(await candidates()).toEqual([2])
  const [held] = await holder.credentials()
  await holder.forget(held?.credentialId ?? '')
  expect(await candidates()).toEqual([])
})

test('CON-9 the shelf is opened once, and of it again only what was written', async () => {
  let hashed = 0
  const counting: typeof hash = (alg, text) => {
    hashed++
    return hash(alg, text)
  }
  const world = await holding({ ports: { hash: counting } })
  for (let more = 0; more < 30; more++) await shelved(world, { copies: 1 })
  const { holder, verifier, person } = world
  person.agrees = false
  const cost = async () => {
    const before = hashed
    await outcomeOf(() => holder.present(verifier.request()))
    return hashed - before
  }
  const first = await cost()
  expect(first).toBeGreaterThan(31 * 10)
  // The request is named, to look for it and to take it; an entry of the log is linked; and nothing is opened.
  expect(await cost()).toBe(3)
  person.agrees = true
  await holder.present(verifier.request())
  person.agrees = false
  expect(await cost()).toBeLessThan(first / 10)
})
