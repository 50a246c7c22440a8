import { ProtocolError } from '@facet-id/protocol/error'
import type { WireResponse } from '@facet-id/protocol/wire'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import {
  ISSUER,
  type IssuerWays,
  json,
  personConfiguration,
  TX_CODE,
  testIssuer,
} from '../issuer.test-support.ts'
import { keysIn, namesIn, textIn, theOne, world } from '../wallet.test-support.ts'

const second = { ...personConfiguration, credential_metadata: { display: [{ name: 'Second' }] } }
const several = (more: IssuerWays = {}) =>
  testIssuer({
    offer: { credential_configuration_ids: ['person', 'second'] },
    configurations: { second },
    ...more,
  })

test('VCI-15.6-1, VCI-4.1.3-1 an offer by reference is fetched, by GET, once the person agreed to that address', async () => {
  const { holder, issuer, person, sent } = world()
  expect(theOne(await holder.accept(issuer.reference))).toMatchObject({ copies: 4 })
  expect(person.fetches).toEqual([{ what: 'offer', host: 'issuer.example', sentBefore: 0 }])
  expect(sent[0]).toBe(`GET ${ISSUER}/offers/1`)
})

test.each(['link', 'reference'] as const)(
  'VCI-15.6-1 attack 30: without agreement, or anybody to ask, nothing is fetched for a %s',
  async (way) => {
    const declining = world()
    declining.person.agrees = false
    expect(await outcomeOf(() => declining.holder.accept(declining.issuer[way]))).toBe('declined_by_person')
    const { toReceive, toPresent } = declining.ports.consent
    const nobody = world({ ports: { consent: { toReceive, toPresent } } })
    expect(await outcomeOf(() => nobody.holder.accept(nobody.issuer[way]))).toBe('offer_unsupported')
    for (const { sent, store } of [declining, nobody]) {
      expect(sent).toEqual([])
      expect(await textIn(store)).toBe('')
    }
  },
)

test('VCI-15.6-1 for an offer by value the person is asked first, about the host of its issuer', async () => {
  const { holder, issuer, person } = world()
  await holder.accept(issuer.link)
  expect(person.fetches).toEqual([{ what: 'issuer', host: 'issuer.example', sentBefore: 0 }])
})

test('VCI-15.6-1 an issuer of which something is held, or that is trusted, is called without asking', async () => {
  const { holder, issuer, ports, store, person } = world()
  await holder.accept(issuer.link)
  const { toReceive, toPresent } = ports.consent
  const consent = { toReceive, toPresent }
  const known = world({ store, ports: { consent } })
  await known.holder.accept(known.issuer.link)
  const trusted = { decision: 'trusted', why: 'It is on the list.' } as const
  const trust = { mayIssue: () => trusted, mayAsk: () => trusted }
  const listed = world({ ports: { consent, trust } })
  await listed.holder.accept(listed.issuer.link)
  expect(person.fetches).toHaveLength(1)
  for (const one of await holder.credentials()) await holder.forget(one.credentialId)
  const again = world({ store, ports: { consent } })
  expect(await outcomeOf(() => again.holder.accept(again.issuer.link))).toBe('offer_unsupported')
})

test('VCI-15.6-1 a host that may be asked for an offer is no leave to call another that is named in it', async () => {
  const issuer = testIssuer({ offer: { credential_issuer: 'https://other.example' } })
  const hosts: string[] = []
  const { ports } = world({ issuer })
  const consent = {
    ...ports.consent,
    toFetch({ host }: { readonly host: string }) {
      hosts.push(host)
      return { agreed: host === 'issuer.example' }
    },
  }
  const careful = world({ issuer, ports: { consent } })
  expect(await outcomeOf(() => careful.holder.accept(issuer.reference))).toBe('declined_by_person')
  expect(hosts).toEqual(['issuer.example', 'other.example'])
  expect(careful.sent).toEqual([`GET ${ISSUER}/offers/1`])
})

test.each([
  [
    'a redirect',
    () => ({ status: 302, headers: { location: 'https://other.example' }, body: '' }),
    'refused_by_peer',
  ],
  [
    'a signed token',
    () => json({}, { headers: { 'content-type': 'application/jwt' } }),
    'content_type_unexpected',
  ],
  ['a page', () => json({}, { headers: { 'content-type': 'text/html' } }), 'content_type_unexpected'],
  ['what is too large', () => json({ credential_issuer: 'a'.repeat(70_000) }), 'message_too_large'],
  ['no offer', () => json({}), 'message_malformed'],
])('VCI-4.1.3-2 an offer by reference that is %s is refused, and leaves nothing', async (_, answer, code) => {
  const { holder, issuer, sent, store } = world({ issuer: testIssuer({ around: { offer: answer } }) })
  expect(await outcomeOf(() => holder.accept(issuer.reference))).toBe(code)
  expect(sent).toEqual([`GET ${ISSUER}/offers/1`])
  expect(await textIn(store)).toBe('')
})

test('VCI-3.3.2-1 each credential of an offer is asked for by itself, with one token and keys of its own', async () => {
  const { holder, issuer, store, sent } = world({ issuer: several() })
  const { credentials, waiting, failed } = await holder.accept(issuer.link)
  expect(credentials.map(({ configurationId, copies }) => [configurationId, copies])).toEqual([
    ['person', 4],
    ['second', 4],
  ])
  expect([waiting, failed]).toEqual([[], []])
  expect(sent.filter((line) => line.endsWith('/token'))).toHaveLength(1)
  expect(await keysIn(store)).toHaveLength(8)
  expect(await namesIn(store, 'grant')).toEqual([])
})

test('VCI-3.3.2-1 of an offer of several, the person takes one', async () => {
  const { holder, issuer, person } = world({ issuer: several() })
  person.configurationIds = ['second']
  expect(theOne(await holder.accept(issuer.link))).toMatchObject({
    configurationId: 'second',
    name: 'Second',
  })
  expect(person.offers[0]?.credentials.map(({ configurationId }) => configurationId)).toEqual([
    'person',
    'second',
  ])
})

test('one credential of an offer that fails takes none of the others with it, and says so', async () => {
  const issuer = several()
  let asked = 0
  issuer.ways.credentials = (keys, issue) =>
    keys.map((key) => issue(key, asked++ < 4 ? { claims: { vct: 'urn:facet:test:other' } } : {}))
  const { holder, store } = world({ issuer })
  const { credentials, failed } = await holder.accept(issuer.link)
  expect(credentials.map(({ configurationId }) => configurationId)).toEqual(['second'])
  expect(failed).toMatchObject([{ error: { code: 'credential_substituted' } }])
  expect(await keysIn(store)).toHaveLength(4)
  expect(await holder.pending()).toEqual([])
})

test('VCI-13.5-1 attack 30: of an offer of several, what a list forbids is neither shown nor asked for', async () => {
  const other = { ...second, vct: 'urn:facet:test:other' }
  const issuer = several({ configurations: { second: other } })
  const undecided = { decision: 'undetermined', why: 'The person decides.' } as const
  const forbidden = { decision: 'not_trusted', why: 'It is on the list of those who must not.' } as const
  const mayIssue = ({ vct }: { readonly vct: string }) => (vct === other.vct ? forbidden : undecided)
  const { holder, person } = world({ issuer, ports: { trust: { mayIssue, mayAsk: () => undecided } } })
  person.configurationIds = ['person', 'second']
  expect(theOne(await holder.accept(issuer.link))).toMatchObject({ configurationId: 'person' })
  expect(person.offers[0]?.credentials.map(({ configurationId }) => configurationId)).toEqual(['person'])
})

test('VCI-6.2-3, VCI-8.2-2 credentials are asked for by the identifiers of the grant, each data set by itself', async () => {
  const issuer = testIssuer({
    around: {
      token: (usual) => {
        const type = 'openid_credential'
        const credential_configuration_id = 'person'
        const authorization_details = [
          { type, credential_configuration_id, credential_identifiers: ['set-1', 'set-2'] },
        ]
        return json({ ...JSON.parse(usual().body), authorization_details })
      },
      credential: (_, { body }) => {
        asked.push(JSON.parse(body ?? ''))
        return json({ error: 'invalid_credential_request' }, { status: 400 })
      },
    },
  })
  const asked: object[] = []
  const { holder, store } = world({ issuer })
  expect(await outcomeOf(() => holder.accept(issuer.link))).toBe('refused_by_peer')
  expect(asked).toMatchObject([{ credential_identifier: 'set-1' }, { credential_identifier: 'set-2' }])
  for (const one of asked) expect(one).not.toHaveProperty('credential_configuration_id')
  expect(await textIn(store)).toBe('')
})

test('VCI-4.1.1-3 an offer without grants needs the person’s browser; a wallet that opens none refuses it at once', async () => {
  const { holder, sent, issuer } = world({ issuer: testIssuer({ offer: { grants: {} } }) })
  expect(await outcomeOf(() => holder.accept(issuer.link))).toBe('offer_unsupported')
  expect(sent).toEqual([])
})

test.each([
  [{ input_mode: 'numeric', length: 6, description: 'By letter' }, TX_CODE],
  [{ input_mode: 'text' }, TX_CODE],
  [{}, TX_CODE],
])(
  'VCI-4.1.1-8, VCI-4.1.1-9 the person is asked for a transaction code as %j says',
  async (tx_code, typed) => {
    const { holder, issuer, person } = world({ issuer: testIssuer({ grant: { tx_code } }) })
    person.txCode = typed
    expect(theOne(await holder.accept(issuer.link))).toMatchObject({ copies: 4 })
    expect(person.offers[0]?.txCode).toEqual(tx_code)
  },
)

test('VCI-12.2.4-7 an authorization server that takes the grant is found among several', async () => {
  const other = 'https://login.example'
  const issuer = testIssuer({ metadata: { authorization_servers: [other, ISSUER] } })
  const { holder, sent } = world({
    issuer,
    around: (wire) => ({
      async send(request) {
        if (!request.url.startsWith(other)) return wire.send(request)
        return json({
          issuer: other,
          token_endpoint: `${other}/token`,
          grant_types_supported: ['authorization_code'],
        })
      },
    }),
  })
  expect(theOne(await holder.accept(issuer.link))).toMatchObject({ copies: 4 })
  expect(sent).toContain(`POST ${ISSUER}/token`)
})

/** An issuer with another authorization server, which answers so, before itself. */
function besides(first: () => WireResponse, grant: object = {}) {
  const other = 'https://login.example'
  const issuer = testIssuer({ metadata: { authorization_servers: [other, ISSUER] }, grant })
  let isDown = false
  const made = world({
    issuer,
    around: (wire) => ({
      async send(request) {
        if (request.url.startsWith(other)) return first()
        const asksOwn = request.url.includes('oauth-authorization-server')
        return asksOwn && isDown ? json({}, { status: 503 }) : wire.send(request)
      },
    }),
  })
  return {
    ...made,
    issuer,
    down(down: boolean) {
      isDown = down
    },
  }
}

const unreachable = (): never => {
  throw new ProtocolError('peer_unreachable', 'Nobody is there')
}

test.each([
  ['cannot be reached', unreachable],
  ['is broken', () => json({}, { status: 503 })],
  ['has no metadata', () => json({}, { status: 404 })],
  ['says nothing that can be read', () => json([])],
  [
    'says that it is another',
    () => json({ issuer: 'https://x.example', token_endpoint: 'https://x.example/t' }),
  ],
])('VCI-12.2.4-23 where the first authorization server %s, the next is asked', async (_, first) => {
  const { holder, issuer, sent } = besides(first)
  expect(theOne(await holder.accept(issuer.link))).toMatchObject({ copies: 4 })
  expect(sent).toContain(`POST ${ISSUER}/token`)
})

test('VCI-12.2.4-23 where the offer chose the server, no other is asked', async () => {
  const { holder, issuer, sent } = besides(unreachable, { authorization_server: 'https://login.example' })
  expect(await outcomeOf(() => holder.accept(issuer.link))).toBe('peer_unreachable')
  expect(sent.some((line) => line.includes(`${ISSUER}/.well-known/oauth`))).toBe(false)
})

test('VCI-12.2.4-23 where none can be asked, the issuance waits, and all are asked again', async () => {
  let answer: () => WireResponse = unreachable
  const { holder, issuer, down } = besides(() => answer())
  down(true)
  expect(await outcomeOf(() => holder.accept(issuer.link))).toBe('refused_by_peer')
  const [waiting] = await holder.pending()
  down(false)
  answer = () => json([])
  expect(theOne(await holder.resume(waiting?.id ?? ''))).toMatchObject({ copies: 4 })
})

test('VCI-12.2.2-7 the issuer is told the languages of the person, and no more of them', async () => {
  const { holder, issuer, requests } = world({ settings: { languages: ['de-AT', 'en'] } })
  await holder.accept(issuer.link)
  expect(requests[0]?.headers).toMatchObject({ 'accept-language': 'de-AT, en' })
  expect(requests.slice(1).some(({ headers }) => 'accept-language' in headers)).toBe(false)
})

test('a key of another kind than the issuer takes proves nothing to it', async () => {
  const { holder, issuer, store } = world({
    issuer: testIssuer({
      configuration: { proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES384'] } } },
    }),
  })
  expect(await outcomeOf(() => holder.accept(issuer.link))).toBe('offer_unsupported')
  expect(await textIn(store)).toBe('')
})

test('VCI-6.2-5 no data set of a grant is asked for twice, and more than ten of one credential are refused', async () => {
  const type = 'openid_credential'
  const named = (ids: readonly string[]) => ({
    type,
    credential_configuration_id: 'person',
    credential_identifiers: ids,
  })
  const granting = (...details: readonly object[]) =>
    testIssuer({
      around: {
        token: (usual) => json({ ...JSON.parse(usual().body), authorization_details: details }),
        credential: () => ({ status: 503, headers: {}, body: '' }),
      },
    })
  const twice = world({ issuer: granting(named(['a', 'a', 'b']), named(['b', 'a'])) })
  expect(await outcomeOf(() => twice.holder.accept(twice.issuer.link))).toBe('refused_by_peer')
  expect(await twice.holder.pending()).toHaveLength(2)
  const many = world({ issuer: granting(named(Array.from({ length: 11 }, (_, at) => `n${at}`))) })
  expect(await outcomeOf(() => many.holder.accept(many.issuer.link))).toBe('offer_unsupported')
  expect(await many.holder.pending()).toEqual([])
  expect(await keysIn(many.store)).toEqual([])
})

test('VCI-4.1.1-13 of many acceptances of one offer at once one gets access, and none of the others waits on', async () => {
  const { holder, issuer, store } = world()
  const all = await Promise.allSettled(Array.from({ length: 20 }, () => holder.accept(issuer.link)))
  expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(await holder.pending()).toEqual([])
  expect(await keysIn(store)).toHaveLength(4)
})

test('VCI-4.1.1-13 one that waits for its transaction code ends when another got access with the same offer', async () => {
  const { holder, issuer, person } = world()
  person.txCode = '000000'
  expect(await outcomeOf(() => holder.accept(issuer.link))).toBe('refused_by_peer')
  expect(await holder.pending()).toHaveLength(1)
  person.txCode = TX_CODE
  await holder.accept(issuer.link)
  expect(await holder.pending()).toEqual([])
})

test('VCI-4.1.1-13 after five transaction codes that were refused the person is asked for no other', async () => {
  const { holder, issuer, person } = world()
  person.txCode = '000000'
  expect(await outcomeOf(() => holder.accept(issuer.link))).toBe('refused_by_peer')
  for (const tries of [2, 3, 4, 5]) {
    const [pending] = await holder.pending()
    expect(await outcomeOf(() => holder.resume(pending?.id ?? '')), String(tries)).toBe('refused_by_peer')
  }
  expect(await holder.pending()).toEqual([])
})
