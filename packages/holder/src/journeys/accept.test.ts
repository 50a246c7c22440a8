import { readBase64urlText } from '@facet-id/credential/base64url'
import { readProofJwt } from '@facet-id/protocol/openid4vci/key-proof'
import { memoryStore, sealedStore } from '@facet-id/store'
import { clock, outcomeOf, random, sealerOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import type { HolderError } from '../error.ts'
import {
  ISSUER,
  issuerIdentity,
  NOW,
  PERSON_VCT,
  refusal,
  TX_CODE,
  testIssuer,
} from '../issuer.test-support.ts'
import { keysIn, namesIn, power, textIn, theOne, world } from '../wallet.test-support.ts'

test('VCI-8.3-5, VCI-13.4-1 takes a batch in any order, each copy to the key that it names, from the issuer alone', async () => {
  const issuer = testIssuer({ credentials: (keys, issue) => [...keys].reverse().map((key) => issue(key)) })
  const { holder, store, sent } = world({ issuer })
  const credential = theOne(await holder.accept(issuer.link))
  expect(credential).toEqual({
    credentialId: expect.any(String),
    credentialIssuer: ISSUER,
    issuer: issuerIdentity.did,
    vct: PERSON_VCT,
    configurationId: 'person',
    name: 'Person',
    names: [{ name: 'Person', locale: 'en' }],
    receivedAt: NOW,
    expiresAt: NOW + 86_400,
    undisclosed: expect.any(Number),
    copies: 4,
    copiesLeft: 4,
  })
  expect(await keysIn(store)).toHaveLength(4)
  expect(await holder.pending()).toEqual([])
  expect(sent.map((line) => line.replace(ISSUER, ''))).toEqual([
    'GET /.well-known/openid-credential-issuer',
    'GET /.well-known/oauth-authorization-server',
    'POST /token',
    'POST /nonce',
    'POST /credential',
  ])
})

test('VCI-8.3-5 takes fewer copies than it asked for, and destroys the keys that were not used', async () => {
  const issuer = testIssuer({ credentials: (keys, issue) => keys.slice(1, 3).map((key) => issue(key)) })
  const { holder, store } = world({ issuer })
  expect(await holder.accept(issuer.link)).toMatchObject({ credentials: [{ copies: 2, copiesLeft: 2 }] })
  const text = await textIn(store)
  const kept = await keysIn(store)
  expect(kept).toHaveLength(2)
  for (const key of kept) expect(text.split(`"keyId":"${key}"`)).toHaveLength(2)
})

test('VCI-8.2-8, VCI-F.1-6, VCI-F.1-7 every proof names the issuer, has the nonce, and no sender', async () => {
  const issuer = testIssuer()
  const { holder, requests } = world({ issuer })
  await holder.accept(issuer.link)
  const body = JSON.parse(requests.at(-1)?.body ?? '')
  const proofs: string[] = body.proofs.jwt
  const read = proofs.map((jwt) => readProofJwt(jwt))
  expect(new Set(read.map(({ key }) => JSON.stringify(key))).size).toBe(4)
  expect(new Set(read.map(({ nonce }) => nonce)).size).toBe(1)
  for (const { aud, iat, nonce } of read) expect([aud, iat, typeof nonce]).toEqual([ISSUER, NOW, 'string'])
  for (const proof of proofs) {
    const [header, payload] = proof.split('.', 2).map((part) => JSON.parse(readBase64urlText(part)))
    expect(Object.keys(header).sort()).toEqual(['alg', 'jwk', 'typ'])
    expect(Object.keys(payload).sort()).toEqual(['aud', 'iat', 'nonce'])
  }
})

test('VCI-F.1-6 a proof says who made it, where the token was given to a wallet of that name', async () => {
  const issuer = testIssuer()
  const { holder, requests } = world({ issuer, settings: { clientId: 'wallet' } })
  await holder.accept(issuer.link)
  const proofs: string[] = JSON.parse(requests.at(-1)?.body ?? '').proofs.jwt
  expect(proofs.map((jwt) => readProofJwt(jwt).iss)).toEqual(Array(4).fill('wallet'))
})

test('VCI-15.6-1, VCI-13.6.2-1 asks the person before anything is redeemed, and says who is behind the offer', async () => {
  const { holder, issuer, person } = world()
  await holder.accept(issuer.link)
  expect(person.offers).toHaveLength(1)
  expect(person.offers[0]).toMatchObject({
    issuer: ISSUER,
    provenBy: {},
    credentials: [{ vct: PERSON_VCT, copies: 4, trust: { decision: 'undetermined' } }],
    tokenEndpoint: `${ISSUER}/token`,
  })
})

test('an offer that the person declines tells the issuer nothing and leaves nothing', async () => {
  const { holder, issuer, person, store } = world()
  Object.assign(person, { agrees: false, fetch: true })
  expect(await outcomeOf(() => holder.accept(issuer.link))).toBe('declined_by_person')
  expect(issuer.asked).toEqual(['metadata', 'server'])
  expect(await textIn(store)).toBe('')
  person.agrees = true
  expect(await holder.accept(issuer.link)).toMatchObject({ credentials: [{ copies: 4 }] })
})

test('VCI-13.5-1 an issuer that a trust list forbids gets no code, whatever it offers', async () => {
  const mayIssue = () => ({ decision: 'not_trusted', why: 'It is not on the list.' }) as const
  const undecided = { decision: 'undetermined', why: 'The person decides.' } as const
  const { holder, issuer, person, store } = world({ ports: { trust: { mayIssue, mayAsk: () => undecided } } })
  expect(await outcomeOf(() => holder.accept(issuer.link))).toBe('issuer_not_trusted')
  expect(issuer.asked).toEqual(['metadata', 'server'])
  expect(person.offers).toEqual([])
  expect(await textIn(store)).toBe('')
})

test('an offer from an issuer on plain http is refused in production', async () => {
  const issuer = testIssuer({ offer: { credential_issuer: 'http://localhost:3000' } })
  const { holder, sent } = world({ issuer })
  expect(await outcomeOf(() => holder.accept(issuer.link))).toBe('https_required')
  expect(sent).toEqual([])
})

test('an offer from an unreachable issuer is kept, and resumed when the issuer is there', async () => {
  const nowhere = testIssuer({ offer: { credential_issuer: 'https://nowhere.example' } })
  const { holder, store } = world({ issuer: nowhere })
  expect(await outcomeOf(() => holder.accept(nowhere.link))).toBe('peer_unreachable')
  const [pending] = await holder.pending()
  expect(pending).toEqual({
    id: expect.any(String),
    credentialIssuer: 'https://nowhere.example',
    has: 'offer',
  })
  expect(await outcomeOf(() => holder.resume(pending?.id ?? ''))).toBe('peer_unreachable')
  await holder.abandon(pending?.id ?? '')
  expect(await holder.pending()).toEqual([])
  expect(await textIn(store)).toBe('')
})

test.each(['token', 'nonce', 'credential'] as const)(
  'a %s endpoint that is broken for a while ends nothing: the issuance is resumed',
  async (endpoint) => {
    const issuer = testIssuer()
    const { holder, store } = world({ issuer })
    issuer.ways.around = { [endpoint]: () => ({ status: 503, headers: {}, body: '<p>Later</p>' }) }
    expect(await outcomeOf(() => holder.accept(issuer.link))).toBe('refused_by_peer')
    delete issuer.ways.around
    const [pending] = await holder.pending()
    expect(await holder.resume(pending?.id ?? '')).toMatchObject({ credentials: [{ copies: 4 }] })
    expect(await keysIn(store)).toHaveLength(4)
    expect(await holder.pending()).toEqual([])
  },
)

test('VCI-6.1-2 a wrong transaction code can be typed again', async () => {
  const { holder, issuer, person } = world()
  person.txCode = '000000'
  const refused = await holder.accept(issuer.link).then(
    () => undefined,
    (error: HolderError) => error,
  )
  expect(refused).toMatchObject({
    code: 'refused_by_peer',
    peerError: 'invalid_grant',
    peerStatus: 400,
  })
  const [pending] = await holder.pending()
  expect(pending?.has).toBe('server')
  person.txCode = TX_CODE
  expect(await holder.resume(pending?.id ?? '')).toMatchObject({ credentials: [{ copies: 4 }] })
  expect(person.offers).toHaveLength(2)
})

test('VCI-4.1.1-8 an offer with a transaction code waits until the person has it', async () => {
  const { holder, issuer, person } = world()
  delete person.txCode
  expect(await outcomeOf(() => holder.accept(issuer.link))).toBe('tx_code_missing')
  expect(issuer.asked).toEqual(['metadata', 'server'])
  person.txCode = TX_CODE
  const [pending] = await holder.pending()
  expect(await holder.resume(pending?.id ?? '')).toMatchObject({ credentials: [{ copies: 4 }] })
})

test.each<[string, object, readonly string[], string]>([
  ['digits', { length: 6 }, ['49353', '4935360', '49353x', '493 36', '４９３５３６'], TX_CODE],
  ['any digits', {}, ['x', '49-35'], TX_CODE],
  ['text', { input_mode: 'text', length: 6 }, ['@', '1234567'], TX_CODE],
])(
  'VCI-4.1.1-11 a transaction code of %s that cannot be it is not sent, and costs no try',
  async (_, tx_code, slips, right) => {
    const issuer = testIssuer({ grant: { tx_code } })
    const { holder, person } = world({ issuer })
    person.txCode = slips[0] ?? ''
    expect(await outcomeOf(() => holder.accept(issuer.link))).toBe('tx_code_missing')
    const [{ id } = { id: '' }] = await holder.pending()
    for (const slip of slips) {
      person.txCode = slip
      const refused = await holder.resume(id).catch((error: unknown) => error)
      expect(refused).toMatchObject({ code: 'tx_code_missing' })
      expect(String(refused)).not.toContain(slip)
    }
    expect(issuer.asked).not.toContain('token')
    person.txCode = right
    expect(await holder.resume(id)).toMatchObject({ credentials: [{ copies: 4 }] })
  },
)

test('a code that was used is refused, and nothing of it is kept', async () => {
  const issuer = testIssuer({ grant: { tx_code: undefined } })
  const { holder, store } = world({ issuer })
  await holder.accept(issuer.link)
  const keys = await keysIn(store)
  expect(await outcomeOf(() => holder.accept(issuer.link))).toBe('refused_by_peer')
  expect(await holder.pending()).toEqual([])
  expect(await keysIn(store)).toEqual(keys)
})

test('VCI-13.8-1 a stale nonce is got anew, for the same keys', async () => {
  const issuer = testIssuer()
  const { holder, store, requests } = world({ issuer })
  let refusals = 0
  issuer.ways.around = {
    credential: (usual) => (refusals++ === 0 ? refusal('invalid_nonce') : usual()),
  }
  expect(await holder.accept(issuer.link)).toMatchObject({ credentials: [{ copies: 4 }] })
  expect(issuer.asked).toEqual(['metadata', 'server', 'token', 'nonce', 'credential', 'nonce', 'credential'])
  expect(await keysIn(store)).toHaveLength(4)
  const [first, second] = requests
    .filter(({ url }) => url.endsWith('/credential'))
    .map(({ body }): string[] => JSON.parse(body ?? '').proofs.jwt)
  expect(first?.map((proof) => readProofJwt(proof).key)).toEqual(
    second?.map((proof) => readProofJwt(proof).key),
  )
})

test.each(['invalid_nonce', 'invalid_proof', 'invalid_token'])(
  'a credential endpoint that refuses with %s ends the issuance, and the keys with it',
  async (error) => {
    const issuer = testIssuer({ around: { credential: () => refusal(error) } })
    const { holder, store } = world({ issuer })
    expect(await outcomeOf(() => holder.accept(issuer.link))).toBe('refused_by_peer')
    expect(await holder.pending()).toEqual([])
    expect(await textIn(store)).toBe('')
  },
)

test('an interrupted issuance that is abandoned leaves no keys', async () => {
  const issuer = testIssuer({ around: { credential: () => ({ status: 500, headers: {}, body: '' }) } })
  const { holder, store } = world({ issuer })
  expect(await outcomeOf(() => holder.accept(issuer.link))).toBe('refused_by_peer')
  expect(await keysIn(store)).toHaveLength(4)
  const [pending] = await holder.pending()
  await holder.abandon(pending?.id ?? '')
  expect(await textIn(store)).toBe('')
  expect(await outcomeOf(() => holder.resume(pending?.id ?? ''))).toBe('issuance_unknown')
  await holder.abandon(pending?.id ?? '')
})

test.each([
  [
    'a key that its hardware does not give out',
    Object.assign(new Error('Cancelled'), { code: 'user_cancelled' }),
  ],
  ['an error that nobody foresaw', new TypeError('x is not a function')],
])('%s ends nothing: the issuance is resumed', async (_, error) => {
  const usual = world()
  const { issuer, store } = usual
  const keys = { ...usual.ports.keys, create: () => Promise.reject(error) }
  const { holder } = world({ issuer, store, ports: { keys } })
  expect(await holder.accept(issuer.link).catch((thrown: unknown) => thrown)).toBe(error)
  const [pending] = await holder.pending()
  expect(pending?.has).toBe('token')
  expect(await usual.holder.resume(pending?.id ?? '')).toMatchObject({ credentials: [{ copies: 4 }] })
})

test('one call at a time goes on with an issuance; the other is told to wait', async () => {
  const issuer = testIssuer()
  const { holder, person } = world({ issuer })
  delete person.txCode
  await outcomeOf(() => holder.accept(issuer.link))
  person.txCode = TX_CODE
  const [pending] = await holder.pending()
  const id = pending?.id ?? ''
  const outcomes = await Promise.all([
    outcomeOf(() => holder.resume(id)),
    outcomeOf(() => holder.resume(id)),
    outcomeOf(() => holder.abandon(id)),
  ])
  expect(outcomes).toEqual(['accepted', 'state_contended', 'state_contended'])
  expect(await holder.credentials()).toHaveLength(1)
})

test('whenever the power fails after a step, the issuance is resumed and no copy or key is lost', async () => {
  const total = await commitsOf({})
  for (let after = 1; after <= total; after++) {
    const { again, interrupted, store } = await withPowerFailure({ after })
    expect(interrupted, `after commit ${after}`).not.toBe('accepted')
    const [pending] = await again.holder.pending()
    if (pending !== undefined) await again.holder.resume(pending.id)
    await expectWhole(again.holder, store)
  }
})

test('whenever the power fails before a step is kept, nothing is half there', async () => {
  const total = await commitsOf({})
  const outcomes: string[] = []
  for (let before = 1; before <= total; before++) {
    const { again, store } = await withPowerFailure({ before })
    const [pending] = await again.holder.pending()
    const outcome =
      pending === undefined ? 'nothing kept' : await outcomeOf(() => again.holder.resume(pending.id))
    outcomes.push(outcome)
    if (outcome === 'accepted') await expectWhole(again.holder, store)
    else {
      for (const { id } of await again.holder.pending()) await again.holder.abandon(id)
      expect(await textIn(store), `before commit ${before}`).toBe('')
    }
  }
  // The one answer that cannot be had twice is the one to the code; everything after it goes on.
  expect(outcomes).toEqual(['nothing kept', ...Array.from({ length: total - 1 }, () => 'accepted')])
})

test('VCI-13.10-2, VCI-15.3-2 the access token rests encrypted, as all that a wallet keeps', async () => {
  const raw = memoryStore({ now: clock(NOW).nowMs })
  const store = sealedStore(raw, sealerOf(random(32)))
  const issuer = testIssuer({ around: { nonce: () => ({ status: 500, headers: {}, body: '' }) } })
  const { holder } = world({ issuer, store })
  await outcomeOf(() => holder.accept(issuer.link))
  expect(await textIn(store)).toContain('"accessToken":"')
  expect(await textIn(raw)).not.toContain('accessToken')
})

test('an issuance is four commits: the grant, the keys, what came, and the shelf', async () => {
  expect(await commitsOf({})).toBe(4)
})

async function commitsOf(plan: { readonly after?: number; readonly before?: number }): Promise<number> {
  const { commits } = await withPowerFailure(plan)
  return commits
}

/** An issuance that is interrupted, and the same wallet when the power is back. */
async function withPowerFailure(plan: { readonly after?: number; readonly before?: number }) {
  const issuer = testIssuer()
  const store = memoryStore({ now: clock(NOW).nowMs })
  const failing = power(store, plan)
  const { holder } = world({ issuer, store: failing.store, around: failing.around })
  const interrupted = await outcomeOf(() => holder.accept(issuer.link))
  return { again: world({ issuer, store }), interrupted, store, commits: failing.commits() }
}

async function expectWhole(
  holder: ReturnType<typeof world>['holder'],
  store: ReturnType<typeof world>['store'],
): Promise<void> {
  expect(await holder.credentials()).toMatchObject([{ copies: 4, copiesLeft: 4 }])
  expect(await holder.pending()).toEqual([])
  const keys = await keysIn(store)
  expect(keys).toHaveLength(4)
  const text = await textIn(store)
  for (const key of keys) expect(text).toContain(`"keyId":"${key}"`)
  expect(await namesIn(store, 'received')).toEqual([])
}
