import { ProtocolError } from '@facet-id/protocol/error'
import { findDpopProof, withDpopNonce } from '@facet-id/protocol/oauth/dpop'
import { decrypted, encrypted, plainOf } from '@facet-id/protocol/openid4vci/encryption'
import { readProofJwt } from '@facet-id/protocol/openid4vci/key-proof'
import type { WireResponse } from '@facet-id/protocol/wire'
import { jweOpenerOf, keyPair, outcomeOf, sealJwe } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import {
  ISSUER,
  type IssuerWays,
  issueCopy,
  json,
  NOW,
  refusal,
  testIssuer,
} from '../../issuer.test-support.ts'
import { keysIn, namesIn, power, textIn, theOne, type World, world } from '../../wallet.test-support.ts'

test('VCI-9.1-1, VCI-9.3-3 what is deferred is kept, and asked for again no earlier than the issuer said', async () => {
  const { holder, issuer, sent, time, store } = world({ issuer: testIssuer({ deferrals: 2 }) })
  const { credentials, waiting } = await holder.accept(issuer.link)
  const id = waiting[0]?.id ?? ''
  expect([credentials, waiting]).toEqual([[], [{ id, notBefore: NOW + 60 }]])
  expect(await holder.pending()).toMatchObject([
    { id, has: 'deferral', configurationId: 'person', notBefore: NOW + 60 },
  ])

  sent.length = 0
  expect(await holder.due()).toEqual([])
  expect(await holder.resume(id)).toMatchObject({ credentials: [], waiting: [{ id, notBefore: NOW + 60 }] })
  expect(sent).toEqual([])

  time.advance(60)
  expect(await holder.due()).toEqual([{ due: 'resume', id }])
  expect(await holder.resume(id)).toMatchObject({ credentials: [], waiting: [{ id, notBefore: NOW + 120 }] })
  time.advance(60)
  expect(theOne(await holder.resume(id))).toMatchObject({ credentialId: id, copies: 4 })
  expect(sent).toEqual([`POST ${ISSUER}/deferred`, `POST ${ISSUER}/deferred`])
  expect(await holder.pending()).toEqual([])
  expect(await keysIn(store)).toHaveLength(4)
})

test('a deferred issuance survives a restart, with the keys that were proven for it', async () => {
  const before = world({ issuer: testIssuer({ deferrals: 1 }) })
  const { waiting } = await before.holder.accept(before.issuer.link)
  const keys = await keysIn(before.store)
  before.time.advance(61)
  const { issuer, store, time } = before
  const after = world({ issuer, store, time })
  expect(theOne(await after.holder.resume(waiting[0]?.id ?? ''))).toMatchObject({ copies: 4 })
  expect(await keysIn(store)).toEqual(keys)
})

test('ATK-28 deferred credentials for another key than the one that was proven are refused, and leave nothing', async () => {
  const issuer = testIssuer({
    deferrals: 1,
    credentials: (keys, issue) => keys.map(() => issue(keyPair().publicJwk)),
  })
  const { holder, time, store } = world({ issuer })
  const { waiting } = await holder.accept(issuer.link)
  time.advance(60)
  expect(await outcomeOf(() => holder.resume(waiting[0]?.id ?? ''))).toBe('credential_substituted')
  expect(await textIn(store)).toBe('')
})

test('VCI-9.3-2 what is denied for good ends a deferred issuance, and says so', async () => {
  const { holder, issuer, time, store } = world({ issuer: testIssuer({ deferrals: 1 }) })
  const { waiting } = await holder.accept(issuer.link)
  issuer.ways.around = { deferred: () => refusal('credential_request_denied') }
  time.advance(60)
  await expect(holder.resume(waiting[0]?.id ?? '')).rejects.toMatchObject({
    code: 'issuance_denied',
    peerError: 'credential_request_denied',
  })
  expect(await holder.pending()).toEqual([])
  expect(await textIn(store)).toBe('')
})

test('a deferred issuance that is abandoned leaves neither keys nor access', async () => {
  const { holder, issuer, store } = world({ issuer: testIssuer({ deferrals: 1, refreshes: true }) })
  const { waiting } = await holder.accept(issuer.link)
  expect(await namesIn(store, 'grant')).toHaveLength(1)
  await holder.abandon(waiting[0]?.id ?? '')
  expect(await textIn(store)).toBe('')
})

test('VCI-10-1, VCI-8.2-10, VCI-8.2-11, VCI-8.2-13 where the issuer encrypts, requests and answers are encrypted, each with a key of its own', async () => {
  const encryption = keyPair()
  const { holder, issuer, requests, time, store } = world({
    issuer: testIssuer({ encryption, deferrals: 1 }),
  })
  const { waiting } = await holder.accept(issuer.link)
  const kept = await textIn(store)
  time.advance(60)
  expect(theOne(await holder.resume(waiting[0]?.id ?? ''))).toMatchObject({ copies: 4 })
  const sealed = requests.filter(
    ({ url }) => /credential$|deferred$/.test(url) && !url.includes('well-known'),
  )
  const opened = sealed.map((request) => JSON.parse(openedBy(request, encryption)))
  expect(sealed.map(({ headers }) => headers['content-type'])).toEqual(['application/jwt', 'application/jwt'])
  expect(opened.map(({ credential_response_encryption: { enc, jwk } }) => [enc, jwk.alg])).toEqual([
    ['A128GCM', 'ECDH-ES'],
    ['A128GCM', 'ECDH-ES'],
  ])
  const points = opened.map(({ credential_response_encryption: { jwk } }) => jwk.x)
  expect(new Set(points).size).toBe(2)
  for (const x of points) expect(kept).not.toContain(x)
})

test.each<[string, IssuerWays['around'] & object]>([
  [
    'in the clear',
    { credential: () => json({ credentials: [{ credential: issueCopy(keyPair().publicJwk) }] }) },
  ],
  [
    'encrypted to another key',
    {
      credential: () => {
        const clear = json({ credentials: [{ credential: issueCopy(keyPair().publicJwk) }] })
        return encrypted(clear, sealJwe(plainOf(clear), { key: keyPair().publicJwk, enc: 'A128GCM' }))
      },
    },
  ],
])(
  'VCI-10-5 an answer %s, where encryption was asked for, is refused, and leaves nothing',
  async (_, around) => {
    const issuer = testIssuer({ encryption: keyPair(), around })
    const { holder, store } = world({ issuer })
    expect(await outcomeOf(() => holder.accept(issuer.link))).toBe('answer_not_encrypted')
    expect(await textIn(store)).toBe('')
  },
)

test('VCI-8.3.1-11 an error comes in the clear, and is read', async () => {
  const issuer = testIssuer({ encryption: keyPair(), around: { credential: () => refusal('invalid_proof') } })
  const { holder } = world({ issuer })
  await expect(holder.accept(issuer.link)).rejects.toMatchObject({ peerError: 'invalid_proof' })
})

test('VCI-8.2-10, VCI-8.2-11 a wallet that cannot encrypt stops at an issuer that demands it, before the person is asked', async () => {
  const usual = world({ issuer: testIssuer({ encryption: keyPair() }) })
  const { encryption: _, ...ports } = usual.ports
  const { holder, person, issuer } = world({
    issuer: usual.issuer,
    ports: { ...ports, encryption: undefined as never },
  })
  expect(await outcomeOf(() => holder.accept(issuer.link))).toBe('offer_unsupported')
  expect(person.offers).toEqual([])
})

test('ATK-16 a nonce endpoint that fails leads to no proof, and to no request for a credential', async () => {
  for (const status of [500, 404]) {
    const issuer = testIssuer({ around: { nonce: () => ({ status, headers: {}, body: '' }) } })
    const { holder, store } = world({ issuer })
    expect(await outcomeOf(() => holder.accept(issuer.link))).toBe('refused_by_peer')
    expect(issuer.asked.at(-1)).toBe('nonce')
    expect(await keysIn(store)).toEqual([])
  }
})

test('VCI-7.2-5, DPOP-8.2-1 a nonce for DPoP proofs that comes with the nonce goes into the next proof', async () => {
  const proofs: (string | undefined)[] = []
  const { holder, issuer } = world({
    issuer: testIssuer({ server: { dpop_signing_alg_values_supported: ['ES256'] } }),
    around: ({ send }) => ({
      // The issuer of the tests knows bearer tokens only: what binds them is put in and taken out on the way.
      async send(request) {
        const { authorization = '', ...headers } = request.headers
        if (request.url === `${ISSUER}/credential`) proofs.push(findDpopProof(request)?.nonce)
        const bearer = authorization === '' ? {} : { authorization: authorization.replace(/^DPoP/, 'Bearer') }
        const response = await send({ ...request, headers: { ...headers, ...bearer } })
        if (request.url === `${ISSUER}/token`) {
          return { ...response, body: response.body.replace('"Bearer"', '"DPoP"') }
        }
        return request.url === `${ISSUER}/nonce` ? withDpopNonce(response, 'from-nonce') : response
      },
    }),
  })
  expect(theOne(await holder.accept(issuer.link))).toMatchObject({ copies: 4 })
  expect(proofs).toEqual(['from-nonce'])
})

test.each<[string, () => WireResponse]>([
  [
    'the network',
    () => {
      throw new ProtocolError('peer_timed_out', 'No answer came')
    },
  ],
  ['a gateway in between', () => ({ status: 502, headers: {}, body: '' })],
])(
  'VCI-8.3-13 a credential response that %s loses is asked for again with the same keys and a fresh nonce',
  async (_, lose) => {
    const proven: string[][] = []
    const nonces: string[] = []
    const issuer = testIssuer({
      around: {
        credential(usual, request) {
          const proofs: string[] = JSON.parse(request.body ?? '').proofs.jwt
          const read = proofs.map((proof) => readProofJwt(proof))
          proven.push(read.map(({ key }) => JSON.stringify(key)))
          nonces.push(...new Set(read.map(({ nonce }) => nonce ?? '')))
          const answer = usual()
          return proven.length === 1 ? lose() : answer
        },
      },
    })
    const { holder, store } = world({ issuer })
    await outcomeOf(() => holder.accept(issuer.link))
    const [{ id } = { id: '' }] = await holder.pending()
    expect(await holder.due()).toEqual([{ due: 'resume', id }])
    expect(theOne(await holder.resume(id))).toMatchObject({ copies: 4 })
    expect(proven).toHaveLength(2)
    expect(proven[1]).toEqual(proven[0])
    expect(new Set(nonces).size).toBe(2)
    expect(await keysIn(store)).toHaveLength(4)
  },
)

test('whenever the power fails while a deferred credential is got, it is resumed and no key is lost', async () => {
  const counting = await deferredOn({})
  for (let after = 1; after <= counting.commits; after++) {
    const { again, store } = await deferredOn({ after })
    for (let tries = 0; tries < 2; tries++) {
      for (const { id } of await again.holder.pending()) await again.holder.resume(id)
      again.time.advance(61)
    }
    expect(await again.holder.credentials(), `after commit ${after}`).toMatchObject([
      { copies: 4, copiesLeft: 4 },
    ])
    expect(await keysIn(store)).toHaveLength(4)
    expect(await namesIn(store, 'order')).toEqual([])
    expect(await namesIn(store, 'grant')).toEqual([])
  }
})

async function deferredOn(
  plan: Parameters<typeof power>[1],
): Promise<{ again: World; store: World['store']; commits: number }> {
  const begun = world({ issuer: testIssuer({ deferrals: 1 }) })
  const { issuer, store, time } = begun
  const failing = power(store, plan)
  const { holder } = world({ issuer, store: failing.store, time, around: failing.around })
  const { waiting } = await holder.accept(issuer.link).catch(() => ({ waiting: [] }))
  time.advance(61)
  await outcomeOf(() => holder.resume(waiting[0]?.id ?? ''))
  return { again: world({ issuer, store, time }), store, commits: failing.commits() }
}

function openedBy(request: { readonly body?: string }, { privateJwk }: ReturnType<typeof keyPair>): string {
  const [protectedText = '', , iv = '', ciphertext = '', tag = ''] = (request.body ?? '').split('.')
  const bytes = (text: string): Uint8Array => Buffer.from(text, 'base64url')
  const header = JSON.parse(Buffer.from(protectedText, 'base64url').toString())
  const plain = jweOpenerOf(privateJwk)({
    header,
    protectedText,
    iv: bytes(iv),
    ciphertext: bytes(ciphertext),
    tag: bytes(tag),
  })
  return decrypted({ status: 200, headers: {}, body: '' }, plain).body
}

test.each<[string, WireResponse]>([
  ['a page', { status: 200, headers: { 'content-type': 'text/html' }, body: '<p>' }],
  [
    'half of it',
    { status: 200, headers: { 'content-type': 'application/json' }, body: '{"credentials":[{"cre' },
  ],
  ...[204, 404, 408, 425].map((status): [string, WireResponse] => [
    `status ${status} alone`,
    { status, headers: {}, body: '' },
  ]),
])('VCI-9.3-4 a deferral that is answered with %s on the way goes on', async (_, answer) => {
  const { holder, issuer, time } = world({ issuer: testIssuer({ deferrals: 1 }) })
  const { waiting } = await holder.accept(issuer.link)
  const id = waiting[0]?.id ?? ''
  issuer.ways.around = { deferred: () => answer }
  time.advance(60)
  expect(await outcomeOf(() => holder.resume(id))).not.toBe('accepted')
  expect(await holder.pending()).toMatchObject([{ id, has: 'deferral' }])
  issuer.ways.around = {}
  time.advance(60)
  expect(theOne(await holder.resume(id))).toMatchObject({ copies: 4 })
})

test('VCI-9.3-4 a deferral that the issuer says is over ends', async () => {
  const { holder, issuer, time, store } = world({ issuer: testIssuer({ deferrals: 1 }) })
  const { waiting } = await holder.accept(issuer.link)
  issuer.ways.around = { deferred: () => refusal('invalid_transaction_id') }
  time.advance(60)
  expect(await outcomeOf(() => holder.resume(waiting[0]?.id ?? ''))).toBe('refused_by_peer')
  expect(await holder.pending()).toEqual([])
  expect(await keysIn(store)).toEqual([])
})
