/** A node that is shown a credential of another, as its file says: two nodes, a wallet and a browser, over HTTP. */
import { readFile, writeFile } from 'node:fs/promises'
import type { JsonObject } from '@facet-id/credential/json'
import type { Consent } from '@facet-id/holder'
import { readForm } from '@facet-id/protocol/form'
import { outcomeOf } from '@facet-id/testkit'
import { readCertificate, readPem } from '@facet-id/trust/x509'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createAuthority, issueCertificate } from '../ca/authority.ts'
import { systemClock } from '../clock.ts'
import { main } from '../command/main.ts'
import { temporaryDirectory } from '../config/temporary-directory.test-support.ts'
import { specimen } from '../demo/specimen.ts'
import { readIssuingFile } from '../issuing/configuration-file.ts'
import { PERSON_VCT } from '../person-type.ts'
import { type IssuanceNode, type IssuanceNodeOptions, startIssuanceNode } from '../service/issuance-node.ts'
import { openWallet, type Wallet } from '../service/wallet.ts'
import { fakeTerminal } from '../terminal/terminal.test-support.ts'

const directory = temporaryDirectory()
const now = systemClock.now
const MEMBER_VCT = 'urn:uto:member'
const DOCUMENT = String(specimen.document_number)

const member = {
  vct: MEMBER_VCT,
  scope: 'member',
  display: [{ name: 'Member', locale: 'en' }],
  claims: [{ path: ['number'], mandatory: true }],
  lifetime: 86_400,
}

const ca = () => ({ directory: directory.in('ca'), environment: {}, now })
/** Seconds by which everybody's clock is ahead. */
let later: number
const clock = { now: () => now() + later }
let registry: IssuanceNode
let wallet: Wallet
let visited: string[]
let consents: Parameters<Consent['toPresent']>[0][]
const closing: (() => Promise<void>)[] = []

beforeEach(async () => {
  visited = []
  consents = []
  later = 0
  await createAuthority(ca(), { name: 'Utopia', days: 10 })
  const roots = readPem(await readFile(directory.in('ca/authority.pem'), 'utf8'), 'CERTIFICATE')
  const anchors = roots.map((der) => ({ id: 'utopia', certificate: readCertificate(der) }))
  registry = await startIssuanceNode({
    dataDirectory: directory.in('registry'),
    environment: {},
    development: true,
    clock,
  })
  wallet = await openWallet({
    dataDirectory: directory.in('wallet'),
    passphrase: 'of this test',
    development: true,
    clock,
    copies: 4,
    certificates: { anchorsAt: () => anchors, revocationLists: () => [] },
    clientId: 'facet-wallet',
    browser: {
      redirectUri: 'http://127.0.0.1:9/back',
      authorize({ url }) {
        visited.push(url)
        return undefined
      },
    },
    consent: {
      toFetch: () => ({ agreed: true }),
      toReceive: () => ({ agreed: true }),
      toPresent(ask) {
        consents.push(ask)
        return { agreed: true }
      },
    },
  })
  closing.push(
    () => registry.close(),
    () => wallet.close(),
  )
  const { link } = await registry.issuer.offer({
    configurationId: 'person',
    claims: specimen,
    txCodeLength: 0,
  })
  await wallet.holder.accept(link)
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const persons = (more: JsonObject = {}): JsonObject => ({
  by: 'presentation',
  vct: PERSON_VCT,
  issuer: registry.did,
  subject: ['document_number'],
  ...more,
})

/** The file of the club that has members, and of whom it knows. */
async function written(said: JsonObject, more: JsonObject = {}): Promise<string> {
  const people = { [DOCUMENT]: { member: { number: 'M-1' } } }
  await writeFile(directory.in('people.json'), JSON.stringify(people))
  const file = directory.in('club.json')
  const claims = { by: 'file', file: 'people.json' }
  await writeFile(file, JSON.stringify({ configurations: { member }, persons: said, claims, ...more }))
  return file
}

async function started(
  said: JsonObject = persons(),
  as: Partial<IssuanceNodeOptions> = {},
  more: JsonObject = {},
): Promise<IssuanceNode> {
  const file = await written(said, more)
  const { options, close } = await readIssuingFile(file, { environment: {}, development: true, now })
  const club = await startIssuanceNode({
    dataDirectory: directory.in('club'),
    environment: {},
    development: true,
    clock,
    ...options,
    ...as,
  })
  closing.push(
    async () => close(),
    () => club.close(),
  )
  return club
}

interface Browser {
  open(url: string): Promise<Response>
  press(page: string, decision: string): Promise<Response>
}

function browser(): Browser {
  let cookie = ''
  return {
    async open(url) {
      const response = await fetch(url, { redirect: 'manual', headers: { cookie } })
      const [set] = (response.headers.getSetCookie()[0] ?? '').split(';')
      if (set !== undefined && set !== '') cookie = set
      return response
    },
    press(page, decision) {
      const [, action = ''] = /action="([^"]+)"/.exec(page) ?? []
      const [, flow = ''] = /name="flow" value="([^"]+)"/.exec(page) ?? []
      const headers = { cookie, origin: new URL(action).origin }
      const body = new URLSearchParams({ flow, decision })
      return fetch(action, { method: 'POST', redirect: 'manual', headers, body })
    },
  }
}

interface Begun {
  readonly browser: Browser
  readonly page: string
  /** What opens the wallet. */
  readonly link: string
}

/** The wallet asks the club for its credential, and the person's browser is at the club's page. */
async function begun(club: IssuanceNode): Promise<Begun> {
  expect(await outcomeOf(() => wallet.holder.request(club.credentialIssuer))).toBe('authorization_pending')
  const own = browser()
  const page = await (await own.open(visited.at(-1) ?? '')).text()
  const [, opens = ''] = /<a href="([^"]+)"/.exec(page) ?? []
  return { browser: own, page, link: opens.replaceAll('&amp;', '&') }
}

const errorIn = (response: Response): string | undefined =>
  readForm((response.headers.get('location') ?? '').split('?')[1] ?? '').error

/** The wallet shows what the page asks for, and the browser goes where it is led. */
async function shown({ browser: own, link }: Begun): Promise<Response> {
  const { redirectUri = '' } = await wallet.holder.present(link)
  return own.open(redirectUri)
}

/** The wallet goes on with where the browser was sent at last. */
async function resumed(last: Response): Promise<string> {
  const [pending] = await wallet.holder.pending()
  return outcomeOf(() => wallet.holder.resume(pending?.id ?? '', last.headers.get('location') ?? ''))
}

/** What the wallet is asked. */
async function requestIn({ link }: Begun): Promise<unknown> {
  const fetched = await fetch(new URL(link).searchParams.get('request_uri') ?? '')
  return JSON.parse(Buffer.from((await fetched.text()).split('.')[1] ?? '', 'base64url').toString())
}

async function vctsHeld(): Promise<readonly string[]> {
  return (await wallet.holder.credentials()).map(({ vct }) => vct).sort()
}

async function certificateFor(purpose: 'verifier' | 'issuer'): Promise<JsonObject> {
  const wishes = { purpose, name: 'Club', dns: [], days: 5 }
  const { serialNumber } = await issueCertificate(ca(), wishes)
  return { chain: `ca/${serialNumber}.pem`, key: `ca/${serialNumber}.key` }
}

async function checked(
  file: string,
  ...more: readonly string[]
): Promise<{ code: number; out: string; err: string }> {
  const terminal = fakeTerminal({})
  const code = await main(['issuer', 'check', '--config', file, ...more], terminal)
  return { code, ...terminal.printed }
}

async function revokedAtRegistry(): Promise<void> {
  for await (const { issuanceId } of registry.issuer.issuances()) await registry.issuer.revoke(issuanceId)
}

test('PRS-10, PRS-6, PRS-5 a wallet gets a credential of one node by showing that of another, as a file says', async () => {
  const club = await started()
  const here = await begun(club)
  expect(here.page).toContain('Member')
  expect(new URL(here.link).searchParams.get('client_id')).toBe(`decentralized_identifier:${club.did}`)
  expect(await requestIn(here)).toMatchObject({
    response_mode: 'direct_post.jwt',
    dcql_query: {
      credentials: [{ meta: { vct_values: [PERSON_VCT] }, claims: [{ path: ['document_number'] }] }],
    },
  })
  const page = await (await shown(here)).text()
  expect(page).toContain(`You are logged in as <strong>${DOCUMENT}</strong>`)
  expect(consents).toMatchObject([
    {
      responseUri: expect.stringContaining(`${club.credentialIssuer}/presentation/responses/`),
      queries: [{ queryId: 'shown', vcts: [PERSON_VCT] }],
    },
  ])
  expect(await vctsHeld()).toEqual([PERSON_VCT])
  expect(await resumed(await here.browser.press(page, 'agree'))).toBe('accepted')
  expect(await vctsHeld()).toEqual([PERSON_VCT, MEMBER_VCT])
  // What was shown is told to the login, and to nobody who asks from outside.
  expect((await fetch(`${club.credentialIssuer}/presentation/results`)).status).toBe(404)
})

test('PRS-10, PRS-12 a node asks by a certificate where it has one', async () => {
  const club = await started(persons({ certificate: await certificateFor('verifier') }))
  const here = await begun(club)
  expect(new URL(here.link).searchParams.get('client_id')).toMatch(/^x509_hash:/)
  const page = await (await shown(here)).text()
  expect(await resumed(await here.browser.press(page, 'agree'))).toBe('accepted')
  expect(await vctsHeld()).toEqual([PERSON_VCT, MEMBER_VCT])
})

test('PRS-10 a node whose DID has a key for each role asks with the one that is for it', async () => {
  const club = await started(persons(), { did: 'web' })
  const here = await begun(club)
  expect(new URL(here.link).searchParams.get('client_id')).toMatch(/^decentralized_identifier:did:web:/)
  expect(await (await shown(here)).text()).toContain('You are logged in as')
})

test('PRS-8, PRS-10 who declines, before it or after it, gets nothing', async () => {
  const club = await started()
  const first = await begun(club)
  const declined = await first.browser.press(first.page, 'decline')
  expect(errorIn(declined)).toBe('access_denied')
  expect(await resumed(declined)).toBe('authorization_denied')
  const second = await begun(club)
  const page = await (await shown(second)).text()
  const late = await second.browser.press(page, 'decline')
  expect([errorIn(late), await resumed(late)]).toEqual(['access_denied', 'authorization_denied'])
  expect(await vctsHeld()).toEqual([PERSON_VCT])
})

test.each([
  ['that is revoked', () => revokedAtRegistry(), {}],
  ['of another issuer', () => {}, { issuer: 'https://registry.example' }],
] as const)('PRS-8, PRS-10 a credential %s logs nobody in', async (_, beforehand, more) => {
  const club = await started(persons(more))
  const here = await begun(club)
  await beforehand()
  // Nobody is led back with what was refused, and its page waits on until somebody declines.
  expect(await wallet.holder.present(here.link)).not.toHaveProperty('redirectUri')
  expect(consents).toHaveLength(1)
  const waits = await here.browser.press(here.page, 'shown')
  expect(await waits.text()).toContain('Nothing was shown yet')
  expect(await resumed(await here.browser.press(here.page, 'decline'))).toBe('authorization_denied')
})

test('PRS-11, PRS-8 a claim that is no text says of nobody who they are, and of whom nothing is known nothing is said', async () => {
  const ages = await started(persons({ subject: ['age_equal_or_over', '18'] }))
  const refused = await shown(await begun(ages))
  expect([errorIn(refused), await resumed(refused)]).toEqual(['access_denied', 'authorization_denied'])
  await ages.close()
  const towns = await started(persons({ subject: ['address', 'locality'] }))
  const here = await begun(towns)
  const page = await (await shown(here)).text()
  expect(page).toContain('You are logged in as <strong>Zenith</strong>')
  expect(await resumed(await here.browser.press(page, 'agree'))).toBe('issuance_denied')
  expect(await vctsHeld()).toEqual([PERSON_VCT])
})

test('PRS-8, PRS-10 page and request are good for as long as the operator says, and no longer', async () => {
  const club = await started(persons(), {}, { authorization: { flowLifetime: 600 } })
  const first = await begun(club)
  later = 590
  const page = await (await shown(first)).text()
  expect(page).toContain('You are logged in as')
  const second = await begun(club)
  later += 601
  expect(await outcomeOf(() => wallet.holder.present(second.link))).toBe('refused_by_peer')
  expect((await first.browser.press(page, 'agree')).status).toBe(400)
  expect((await second.browser.press(second.page, 'shown')).status).toBe(400)
})

test('PRS-10 the check tells what persons would show', async () => {
  const file = await written(persons())
  expect(await checked(file, '--development')).toMatchObject({
    code: 0,
    out: `It would issue: member\nPersons would show ${PERSON_VCT} of ${registry.did}; its document_number says who they are.\n`,
  })
  expect(JSON.parse((await checked(file, '--development', '--json')).out)).toMatchObject({
    persons: { by: 'presentation', vct: PERSON_VCT, issuer: registry.did, subject: ['document_number'] },
  })
})

test('PRS-11 what could not tell persons apart, or lacks something, is refused by its place', async () => {
  const wrong: readonly (readonly [more: JsonObject, place: string])[] = [
    [{ vct: '' }, 'persons.vct must be a text'],
    [{ issuer: 'somebody' }, 'persons.issuer must be an https URL'],
    [{ issuer: 'did:nonsense' }, 'persons.issuer must be a DID'],
    [{ issuer: `${registry.did}#0` }, 'persons.issuer must be a DID'],
    [{ issuer: [registry.did] }, 'persons.issuer must be a text'],
    [{ subject: 'document_number' }, 'persons.subject must be a list of texts'],
    [{ subject: [] }, 'persons.subject must be the path of a claim'],
    [{ subject: ['iss'] }, 'persons.subject must be a claim about the person'],
    [{ subject: ['cnf', 'jwk', 'x'] }, 'persons.subject must be a claim about the person'],
    [{ clientId: 'facet' }, 'persons.clientId is nothing that is known here'],
    [{ certificate: { chain: 'no.pem' } }, 'persons.certificate.key is missing'],
  ]
  for (const [more, place] of wrong) {
    const { code, err } = await checked(await written(persons(more)), '--development')
    expect([code, err]).toEqual([1, expect.stringContaining(`: ${place}`)])
    expect(err).toContain('[file_unusable]')
  }
  const { by } = persons()
  const lacking = await checked(await written({ by: String(by), vct: PERSON_VCT, issuer: registry.did }))
  expect(lacking.err).toContain(': persons.subject is missing')
  const issuing = await written(persons({ certificate: await certificateFor('issuer') }))
  expect((await checked(issuing, '--development')).err).toContain('[certificate_unusable]')
})

test('PRS-12 under HAIP the check lists that there is no certificate to ask with, and a node does not start', async () => {
  const site = ['--public-url', 'https://club.example', '--profile', 'haip'] as const
  const without = await checked(await written(persons()), ...site)
  expect(without).toMatchObject({ code: 1, out: expect.stringContaining('persons: HAIP 5: client_id has') })
  const certificate = await certificateFor('verifier')
  expect((await checked(await written(persons({ certificate })), ...site)).out).not.toContain('persons: HAIP')
  const haip = { development: false, publicUrl: 'https://club.example', profile: 'haip' } as const
  expect(await outcomeOf(() => started(persons(), haip))).toBe('settings_invalid')
})
