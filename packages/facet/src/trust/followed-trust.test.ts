import { readFile, writeFile } from 'node:fs/promises'
import { utf8 } from '@facet-id/credential/base64url'
import { writeJws, writeSigningInput } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import { checkSignatures, generateKey, hash, signerOf } from '@facet-id/crypto/node'
import type { Transport } from '@facet-id/protocol/wire'
import { memoryStore, type Store } from '@facet-id/store'
import { clock, outcomeOf } from '@facet-id/testkit'
import { beginPath, checksOfPath, judgePath, readPem } from '@facet-id/trust/x509'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../clock.ts'
import { main } from '../command/main.ts'
import { temporaryDirectory } from '../config/temporary-directory.test-support.ts'
import { membersKeys } from '../service/federated-issuers.ts'
import { fakeTerminal } from '../terminal/terminal.test-support.ts'
import { type FollowedTrust, followTrust, trustFetching, trustTransports } from './followed-trust.ts'
import { publisher } from './publishing.test-support.ts'

const temporary = temporaryDirectory()
const vct = 'urn:facet:person:1'
const listType = 'application/facet-trust-list+jwt'

async function facet(...argv: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const terminal = fakeTerminal()
  const code = await main(['trust', ...argv], terminal)
  return { code, ...terminal.printed }
}

async function configure(configuration: object): Promise<string> {
  const file = temporary.in('trust.json')
  await writeFile(file, JSON.stringify({ environment: 'test', ...configuration }))
  return file
}

const emptyStore = () => memoryStore({ now: () => Date.now() })

async function follow(file: string, store: Store = emptyStore()): Promise<FollowedTrust> {
  const transports = trustTransports(true)
  const fetching = trustFetching(transports, store)
  const followed = await followTrust({ file, fetching, now: systemClock.now })
  onTestFinished(() => {
    followed.close()
    transports.close()
  })
  return followed
}

/** A list in the making, whose editions are published. */
async function ministry() {
  const dir = temporary.in('list')
  const site = await publisher()
  await facet('list', 'create', dir, '--name', 'urn:uto:trust', '--environment', 'test')
  return {
    site,
    entry: { list: 'urn:uto:trust', url: `${site.url}/list`, signers: ['list/signer.jwk'] },
    async edition(action: string, ...of: readonly string[]): Promise<string> {
      await facet('list', action, dir, ...of)
      await facet('list', 'sign', dir)
      return readFile(`${dir}/list.jwt`, 'utf8')
    },
    publish: (body: string) => site.pages.set('/list', { type: listType, body }),
  }
}

const decide = ({ trust }: FollowedTrust, issuer: string) => trust.mayIssue({ issuer, vct }).decision

test('TRU-26 a list at an address is followed, and an older one does not come back after a restart', async () => {
  const { site, entry, edition, publish } = await ministry()
  const first = await edition('add', '--issuer', 'did:jwk:a', '--vct', vct)
  const second = await edition('remove', '--issuer', 'did:jwk:a')
  publish(first)
  const file = await configure({ lists: [entry] })
  const store = emptyStore()
  const followed = await follow(file, store)
  expect(decide(followed, 'did:jwk:a')).toBe('undetermined')
  await followed.refresh()
  expect(decide(followed, 'did:jwk:a')).toBe('trusted')
  await followed.refresh()
  expect(site.asked).toEqual(['/list'])

  publish(second)
  await followed.configured().documents[0]?.refresh()
  expect(decide(followed, 'did:jwk:a')).toBe('not_trusted')
  publish(first)
  const restarted = await follow(file, store)
  expect(decide(restarted, 'did:jwk:a')).toBe('not_trusted')
  await restarted.configured().documents[0]?.refresh()
  expect(decide(restarted, 'did:jwk:a')).toBe('not_trusted')
  expect(restarted.configured().statesAt(systemClock.now())).toMatchObject([
    { state: 'believed', sequence: 2, why: 'The list is older than one that was here before.' },
  ])
})

test('TRU-26 attack 30: whoever publishes a list sees no more requests, however many are asked about', async () => {
  const { site, entry, edition, publish } = await ministry()
  publish(await edition('add', '--issuer', 'did:jwk:a', '--vct', vct))
  const followed = await follow(await configure({ lists: [entry] }))
  await followed.refresh()
  for (let at = 0; at < 100; at++) decide(followed, `did:jwk:${at}`)
  await followed.refresh()
  expect(site.asked).toEqual(['/list'])
})

test('TRU-27 a configuration is reloaded whole, or everything stays as it was', async () => {
  const file = await configure({ rules: { issuers: [{ party: { id: 'did:jwk:a' }, vcts: [vct] }] } })
  const followed = await follow(file)
  const { trust } = followed
  await configure({ rules: { issuers: [{ party: { id: 'did:jwk:b' }, vcts: [vct] }] } })
  expect(decide({ ...followed, trust }, 'did:jwk:b')).toBe('not_trusted')
  await followed.reload()
  expect([decide(followed, 'did:jwk:a'), decide(followed, 'did:jwk:b')]).toEqual(['not_trusted', 'trusted'])
  for (const broken of [
    { rules: { issuers: [{ party: { id: '*' }, vcts: [vct] }] } },
    { unknown: [] },
    { lists: [{ list: 'a', signers: [] }] },
    { lists: [{ list: 'a', file: 'a', url: 'https://a.example', signers: [] }] },
    { anchors: [{ id: 'a', file: 'missing.pem' }] },
    { federation: [{ anchor: 'https://a.example', keys: 'trust.json' }] },
  ]) {
    await configure(broken)
    expect(await outcomeOf(() => followed.reload())).not.toBe('accepted')
    expect(decide(followed, 'did:jwk:b')).toBe('trusted')
  }
})

test('TRU-28 an anchor whose revocation list is fetched vouches for nobody before it came, and for nobody it revoked', async () => {
  const ca = temporary.in('ca')
  const site = await publisher()
  const made = async (...argv: readonly string[]) => JSON.parse((await facet(...argv, '--json')).out)
  await made('ca', 'create', ca, '--name', 'Utopia')
  const { certificate, serialNumber } = await made('ca', 'issue', ca, '--purpose', 'issuer', '--name', 'A')
  const file = await configure({
    anchors: [{ id: 'uto', file: 'ca/authority.pem', revokedUrl: `${site.url}/crl` }],
    rules: { issuers: [{ party: { anchor: 'uto' }, vcts: [vct] }] },
  })
  const followed = await follow(file)
  const outcome = async (): Promise<string> => {
    const { anchorsAt } = followed
    const revocationLists = await followed.revocationLists()
    const now = systemClock.now()
    const chain = readPem(await readFile(certificate, 'utf8'), 'CERTIFICATE')
    const path = beginPath(chain, { anchors: anchorsAt(now), revocationLists, now })
    const judged = judgePath(path, checkSignatures(checksOfPath(path)), hash)
    return judged.outcome === 'proven' ? 'proven' : judged.code
  }
  await followed.refresh()
  expect(await outcome()).toBe('anchor_unknown')
  expect(decide(followed, 'did:jwk:a')).toBe('undetermined')

  const pem = await readFile(`${ca}/revoked.pem`, 'utf8')
  const [der = new Uint8Array()] = readPem(pem, 'X509 CRL')
  site.pages.set('/crl', { type: 'application/pkix-crl', body: der })
  await followed.configured().documents[0]?.refresh()
  expect(await outcome()).toBe('proven')
  expect(decide(followed, 'did:jwk:a')).toBe('not_trusted')

  await made('ca', 'revoke', ca, '--serial', serialNumber)
  const body = await readFile(`${ca}/revoked.pem`, 'utf8')
  site.pages.set('/crl', { type: 'application/x-pem-file', body })
  await followed.configured().documents[0]?.refresh()
  expect(await outcome()).toBe('revoked')
  // The list without it does not come back.
  site.pages.set('/crl', { type: 'application/pkix-crl', body: der })
  await followed.configured().documents[0]?.refresh()
  expect(await outcome()).toBe('revoked')
})

/** A federation of an anchor and one member, in a transport. */
async function federation() {
  const time = clock(1_800_000_000)
  const entityOf = (id: string) => {
    const { publicJwk, privateJwk } = generateKey()
    const jwks = { keys: [{ ...publicJwk, kid: 'k' }] }
    const state = (sub: string, claims: JsonObject): string => {
      const times = { iat: time.now() - 1, exp: time.now() + 1000 }
      const header = { alg: 'ES256', typ: 'entity-statement+jwt', kid: 'k' } as const
      const input = writeSigningInput(header, { iss: id, sub, ...times, ...claims })
      return writeJws(input, signerOf(privateJwk).sign(utf8(input)))
    }
    return { id, jwks, state }
  }
  const [anchor, member] = [entityOf('https://anchor.example'), entityOf('https://member.example')]
  await writeFile(temporary.in('anchor.jwks'), JSON.stringify(anchor.jwks))
  const metadata = { federation_entity: { federation_fetch_endpoint: 'https://anchor.example/fetch' } }
  const hints = { jwks: member.jwks, authority_hints: [anchor.id] }
  const pages = new Map([
    [
      'https://anchor.example/.well-known/openid-federation',
      anchor.state(anchor.id, { jwks: anchor.jwks, metadata }),
    ],
    ['https://member.example/.well-known/openid-federation', member.state(member.id, hints)],
    [
      'https://anchor.example/fetch?sub=https%3A%2F%2Fmember.example',
      anchor.state(member.id, { jwks: member.jwks }),
    ],
  ])
  const asked: string[] = []
  let isUp = true
  const messages: Transport = {
    async send({ url }) {
      asked.push(url)
      if (!isUp) throw Object.assign(new Error('down'), { code: 'peer_unreachable' })
      const body = pages.get(url)
      const headers = { 'content-type': 'application/entity-statement+jwt' }
      return { status: body === undefined ? 404 : 200, headers, body: body ?? '' }
    },
  }
  const file = await configure({
    federation: [{ anchor: anchor.id, keys: 'anchor.jwks' }],
    rules: { issuers: [{ party: { federation: anchor.id }, vcts: [vct] }] },
  })
  const transport = { fetchBytes: () => Promise.reject(new Error('nothing is fetched')) }
  const fetching = { transport, messages, store: emptyStore(), checkSignatures, hash }
  const followed = await followTrust({ file, fetching, now: time.now })
  onTestFinished(() => followed.close())
  const decideOn = async (issuer: string) => {
    const member = await followed.federationOf({ entityId: issuer })
    return followed.trust.explainIssue({
      issuer,
      vct,
      ...(member === undefined ? {} : { federation: member }),
    })
  }
  return { followed, asked, decideOn, clock: time, down: () => (isUp = false) }
}

test('TRU-29 a member of a federation is trusted for what rules give its members, and nobody else is', async () => {
  const { decideOn, asked } = await federation()
  expect(await decideOn('https://member.example')).toMatchObject({ decision: 'trusted' })
  const known = asked.length
  expect(await decideOn('https://member.example')).toMatchObject({ decision: 'trusted' })
  expect(asked.length).toBe(known)
  expect(await decideOn('https://other.example')).toMatchObject({ decision: 'not_trusted' })
  expect(await decideOn('did:jwk:a')).toMatchObject({ decision: 'not_trusted' })
})

test('TRU-29 a federation that is not reached leaves it undetermined', async () => {
  const { decideOn, down } = await federation()
  down()
  expect(await decideOn('https://member.example')).toMatchObject({
    decision: 'undetermined',
    why: 'The federation could not be asked: a server of it is not reached.',
  })
})

test('TRU-29 an issuer by its address is asked for its keys only if it is named, or a member', async () => {
  const { followed } = await federation()
  const called: string[] = []
  const keyOf = membersKeys(
    (reference) => {
      called.push(reference.by)
      if (reference.by === 'jwt_vc_issuer') called.push(reference.issuer)
      return { undetermined: 'asked' }
    },
    (issuer) => issuer === 'https://named.example',
    followed,
  )
  const of = (issuer: string) => keyOf({ by: 'jwt_vc_issuer', issuer, kid: 'k' } as never)
  for (const issuer of ['https://member.example', 'https://named.example', 'https://stranger.example'])
    await of(issuer)
  expect(called).toEqual([
    ...['jwt_vc_issuer', 'https://member.example'],
    ...['jwt_vc_issuer', 'https://named.example'],
  ])
  expect(Object.keys(await of('https://stranger.example'))).toEqual(['refused'])
})

test('TRU-30 show and explain fetch what is at addresses, and say how it stands and how old it is', async () => {
  const { site, entry, edition, publish } = await ministry()
  const body = await edition('add', '--issuer', 'did:jwk:a', '--vct', vct)
  const file = await configure({ lists: [entry] })
  const missing = await facet('show', file, '--development')
  expect(missing.code).toBe(1)
  expect(missing.out).toContain('urn:uto:trust: unheard. Its server answered with another status than 200.')
  publish(body)
  const shown = await facet('show', file, '--development')
  expect(shown.code).toBe(0)
  expect(shown.out).toMatch(/urn:uto:trust: believed, edition 1, until \S+Z, seen \d+ s ago/)
  const explained = await facet('explain', file, '--development', '--issuer', 'did:jwk:a', '--vct', vct)
  expect(explained.code).toBe(0)
  expect(explained.out).toMatch(/urn:uto:trust: believed, edition 1, until \S+Z, seen \d+ s ago/)
  // Without development mode no plain http, also for an operator.
  const before = site.asked.length
  expect((await facet('show', file)).out).toContain('It is at an address that is not called from here.')
  expect(site.asked.length).toBe(before)
})
