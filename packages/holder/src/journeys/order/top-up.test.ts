import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { identity } from '../../identity.test-support.ts'
import { type IssuerWays, NOW, personConfiguration, refusal, testIssuer } from '../../issuer.test-support.ts'
import { keysIn, namesIn, power, theOne, type World, world } from '../../wallet.test-support.ts'

const lasting = (ways: IssuerWays = {}) => testIssuer({ refreshes: true, ...ways })

test('VCI-15.4-1 single-use copies are due for more before they run out, and more join them', async () => {
  const { holder, issuer, verifier, store, time } = world({ issuer: lasting(), settings: { topUpBelow: 3 } })
  const { credentialId } = theOne(await holder.accept(issuer.link))
  expect(await holder.due()).toEqual([])
  for (const used of [1, 2]) {
    await holder.present(verifier.request())
    expect(await holder.due()).toEqual(used === 1 ? [] : [{ due: 'topUp', credentialId }])
  }
  // The access token is over by now: a refresh token is given for another, and taken once.
  time.advance(310)
  expect(theOne(await holder.topUp(credentialId))).toMatchObject({ credentialId, copies: 6, copiesLeft: 6 })
  expect(await holder.credentials()).toHaveLength(1)
  expect(await keysIn(store)).toHaveLength(6)
  expect(await holder.due()).toEqual([])
  for (let shown = 0; shown < 6; shown++)
    expect(await holder.present(verifier.request())).toEqual({ accepted: true })
  expect(await outcomeOf(() => holder.present(verifier.request()))).toBe('copies_spent')
  expect(theOne(await holder.topUp(credentialId))).toMatchObject({ copies: 4, copiesLeft: 4 })
})

test('an access token that the issuer takes no more is got anew, once', async () => {
  const { holder, issuer } = world({ issuer: lasting() })
  const { credentialId } = theOne(await holder.accept(issuer.link))
  issuer.endTokens()
  issuer.asked.length = 0
  expect(theOne(await holder.topUp(credentialId))).toMatchObject({ copies: 8 })
  expect(issuer.asked).toEqual(['metadata', 'nonce', 'credential', 'token', 'credential'])
})

test('RFT-6-2 two credentials of one grant that are topped up at once share one refresh token, and the grant stands', async () => {
  const issuer = lasting({
    configurations: { second: personConfiguration },
    offer: { credential_configuration_ids: ['person', 'second'] },
  })
  const { holder, time } = world({ issuer })
  const { credentials } = await holder.accept(issuer.link)
  expect(credentials).toHaveLength(2)
  for (const round of [8, 12]) {
    time.advance(310)
    issuer.asked.length = 0
    const topped = await Promise.all(credentials.map(({ credentialId }) => holder.topUp(credentialId)))
    expect(topped.map((one) => theOne(one).copies)).toEqual([round, round])
    expect(issuer.asked.filter((endpoint) => endpoint === 'token')).toHaveLength(1)
  }
})

test('a credential that ends soon is issued anew, and the old copies go when they end', async () => {
  const { holder, issuer, time } = world({ issuer: lasting(), settings: { renewBefore: 3600 } })
  const { credentialId } = theOne(await holder.accept(issuer.link))
  expect(await holder.due()).toEqual([])
  time.advance(86_400 - 3600)
  expect(await holder.due()).toEqual([{ due: 'topUp', credentialId }])
  issuer.ways.credentials = (keys, issue) =>
    keys.map((key) => issue(key, { claims: { exp: NOW + 10 * 86_400 } }))
  expect(theOne(await holder.topUp(credentialId))).toMatchObject({ copies: 8, expiresAt: NOW + 86_400 })
  expect(await holder.due()).toEqual([])
  time.advance(3600)
  expect(theOne(await holder.topUp(credentialId))).toMatchObject({ copies: 8, expiresAt: NOW + 10 * 86_400 })
})

test('a credential that lives for less than the notice is not issued anew before half of its time', async () => {
  const { holder, issuer, time } = world({ issuer: lasting(), settings: { renewBefore: 7 * 86_400 } })
  const { credentialId } = theOne(await holder.accept(issuer.link))
  time.advance(43_000)
  expect(await holder.due()).toEqual([])
  time.advance(400)
  expect(await holder.due()).toEqual([{ due: 'topUp', credentialId }])
})

test('what says something else takes the place of what is held when the person has seen what changed', async () => {
  const { holder, issuer, person, store } = world({ issuer: lasting({ listens: true }) })
  const { credentialId } = theOne(await holder.accept(issuer.link))
  issuer.ways.credentials = (keys, issue) =>
    keys.map((key) => issue(key, { claims: { family_name: 'Erikson' } }))
  person.agrees = false
  expect(await outcomeOf(() => holder.topUp(credentialId))).toBe('declined_by_person')
  expect(person.changes[0]).toMatchObject({
    credentialId,
    before: { family_name: 'Eriksson' },
    after: { family_name: 'Erikson' },
  })
  expect(issuer.told.at(-1)).toBe('credential_deleted n2')
  expect(await holder.credentials()).toMatchObject([{ copies: 4, copiesLeft: 4 }])
  expect(await holder.claims(credentialId)).toMatchObject({ family_name: 'Eriksson' })

  person.agrees = true
  expect(theOne(await holder.topUp(credentialId))).toMatchObject({ copies: 4, copiesLeft: 4 })
  expect(await holder.claims(credentialId)).toMatchObject({ family_name: 'Erikson' })
  expect(await keysIn(store)).toHaveLength(4)
})

test.each<[string, IssuerWays['credentials'] & object, string]>([
  [
    'of another type',
    (keys, issue) => keys.map((key) => issue(key, { claims: { vct: 'urn:facet:test:other' } })),
    'credential_substituted',
  ],
  [
    'of another issuer',
    (keys, issue) => keys.map((key) => issue(key, { by: stranger, claims: { iss: stranger.did } })),
    'issuer_changed',
  ],
  [
    'that have expired',
    (keys, issue) => keys.map((key) => issue(key, { claims: { exp: NOW - 3600 } })),
    'credential_refused',
  ],
])('ATK-28 new copies %s are refused, and the old ones stay', async (_, credentials, code) => {
  const { holder, issuer, store } = world({ issuer: lasting() })
  const { credentialId } = theOne(await holder.accept(issuer.link))
  issuer.ways.credentials = credentials
  expect(await outcomeOf(() => holder.topUp(credentialId))).toBe(code)
  expect(await holder.credentials()).toMatchObject([{ copies: 4, copiesLeft: 4 }])
  expect(await keysIn(store)).toHaveLength(4)
  expect(await holder.pending()).toEqual([])
})
const stranger = identity()

test('without lasting access, and when it has ended, more copies take a new offer', async () => {
  const once = world()
  const held = theOne(await once.holder.accept(once.issuer.link))
  expect(await outcomeOf(() => once.holder.topUp(held.credentialId))).toBe('grant_ended')
  expect(await outcomeOf(() => once.holder.topUp('nobody'))).toBe('credential_unknown')
  expect(await namesIn(once.store, 'grant')).toEqual([])

  const { holder, issuer, time } = world({ issuer: lasting(), settings: { topUpBelow: 4 } })
  const { credentialId } = theOne(await holder.accept(issuer.link))
  issuer.ways.around = { token: () => refusal('invalid_grant') }
  time.advance(400)
  expect(await outcomeOf(() => holder.topUp(credentialId))).toBe('grant_ended')
  expect(await outcomeOf(() => holder.topUp(credentialId))).toBe('grant_ended')
  expect(await holder.due()).toEqual([])
  expect(await holder.credentials()).toMatchObject([{ copies: 4 }])
})

test('ATK-30, VCI-13.5-1 whoever a list forbids by now is not asked for more, whichever way it is begun', async () => {
  const deferring = lasting({ deferrals: 1 })
  const { holder, issuer, store, time } = world({ issuer: lasting() })
  const { credentialId } = theOne(await holder.accept(issuer.link))
  const waiting = await world({ issuer: deferring, store, time }).holder.accept(deferring.link)
  time.advance(60)
  const forbidden = { decision: 'not_trusted', why: 'It is on the list of those who must not.' } as const
  const ports = { trust: { mayIssue: () => forbidden, mayAsk: () => forbidden } }
  const later = (of: World['issuer']): World => world({ issuer: of, store, time, ports })
  const fresh = testIssuer()
  const ways = [
    () => later(fresh).holder.accept(fresh.link),
    () => later(fresh).holder.accept(fresh.reference),
    () => later(issuer).holder.topUp(credentialId),
    () => later(deferring).holder.resume(waiting.waiting[0]?.id ?? ''),
  ]
  for (const way of ways) expect(await outcomeOf(way)).toBe('issuer_not_trusted')
  expect(await later(issuer).holder.credentials()).toHaveLength(1)
})

test('of a credential that is forgotten while more of it is deferred nothing is left', async () => {
  const { holder, issuer, store, time } = world({ issuer: lasting() })
  const { credentialId } = theOne(await holder.accept(issuer.link))
  Object.assign(issuer.ways, { deferrals: 1 })
  expect(await holder.topUp(credentialId)).toMatchObject({ waiting: [{ notBefore: NOW + 60 }] })
  expect(await holder.due()).toEqual([])
  time.advance(60)
  await holder.forget(credentialId)
  for (const family of ['grant', 'order', 'credential', 'copy', 'key', 'issuer'])
    expect(await namesIn(store, family), family).toEqual([])
})

test('whenever the power fails during a topping up, it can be gone on with, and no copy is lost or there twice', async () => {
  const total = (await toppedUp({})).commits
  for (const plan of Array.from({ length: total }, (_, at) => [
    { after: at + 1 },
    { before: at + 1 },
  ]).flat()) {
    const { again, credentialId, store } = await toppedUp(plan)
    const [pending] = await again.holder.pending()
    if (pending !== undefined) await again.holder.resume(pending.id)
    const [held] = await again.holder.credentials()
    if (held?.copies === 4) await again.holder.topUp(credentialId)
    await again.holder.due()
    expect(await again.holder.credentials(), JSON.stringify(plan)).toMatchObject([
      { copies: 8, copiesLeft: 8 },
    ])
    expect(await keysIn(store)).toHaveLength(8)
    expect(await holderLeftovers(store)).toEqual([])
  }
})

const renamed: IssuerWays['credentials'] & object = (keys, issue) =>
  keys.map((key) => issue(key, { claims: { family_name: 'Erikson' } }))

test('KEY-36 whenever the power fails while copies are replaced, those that are held can be shown, the old or the new', async () => {
  const total = (await toppedUp({}, renamed)).commits
  for (const plan of Array.from({ length: total }, (_, at) => [
    { after: at + 1 },
    { before: at + 1 },
  ]).flat()) {
    const { again, store } = await toppedUp(plan, renamed)
    await again.holder.due()
    const { verifier } = again
    expect(await again.holder.present(verifier.request()), JSON.stringify(plan)).toEqual({ accepted: true })
    again.person.agrees = false
    const [pending] = await again.holder.pending()
    if (pending !== undefined) {
      const said = await outcomeOf(() => again.holder.resume(pending.id))
      expect(said).toBe('declined_by_person')
    }
    again.person.agrees = true
    expect(await again.holder.credentials()).toMatchObject([{ copies: 4, copiesLeft: 3 }])
    expect(await again.holder.present(verifier.request())).toEqual({ accepted: true })
    expect(await keysIn(store)).toHaveLength(4)
    expect(await holderLeftovers(store)).toEqual([])
  }
})

test('KEY-36 a copy that is shown while the person thinks about its replacement costs no other copy its key', async () => {
  const issuer = lasting()
  const { holder, ports, store, time, verifier } = world({ issuer })
  const { credentialId } = theOne(await holder.accept(issuer.link))
  issuer.ways.credentials = renamed
  let shown: unknown
  const slow = world({
    issuer,
    store,
    time,
    ports: {
      consent: {
        ...ports.consent,
        async toReplace() {
          shown ??= await holder.present(verifier.request())
          return { agreed: true }
        },
      },
    },
  })
  expect(await outcomeOf(() => slow.holder.topUp(credentialId))).toBe('state_contended')
  expect(shown).toEqual({ accepted: true })
  expect(await holder.present(verifier.request())).toEqual({ accepted: true })
  const [pending] = await slow.holder.pending()
  expect(theOne(await slow.holder.resume(pending?.id ?? ''))).toMatchObject({ copies: 4, copiesLeft: 4 })
  expect(await keysIn(store)).toHaveLength(4)
})

async function toppedUp(plan: Parameters<typeof power>[1], credentials?: IssuerWays['credentials']) {
  const { holder, issuer, store, time } = world({ issuer: lasting() })
  const { credentialId } = theOne(await holder.accept(issuer.link))
  if (credentials !== undefined) issuer.ways.credentials = credentials
  const failing = power(store, plan)
  const cut = world({ issuer, store: failing.store, time, around: failing.around })
  await outcomeOf(() => cut.holder.topUp(credentialId))
  return { again: world({ issuer, store, time }), credentialId, store, commits: failing.commits() }
}

async function holderLeftovers(store: World['store']): Promise<readonly string[]> {
  const all = await Promise.all(['order', 'received', 'gone-keys'].map((family) => namesIn(store, family)))
  return all.flat()
}

test('settings of how copies are topped up that cannot work are refused', async () => {
  for (const settings of [
    { topUpBelow: -1 },
    { topUpBelow: 1.5 },
    { renewBefore: -1 },
    { languages: ['de_AT'] },
  ])
    expect(await outcomeOf(() => world({ settings }))).toBe('settings_invalid')
})

async function runningOut() {
  const own = world({ issuer: lasting(), settings: { topUpBelow: 4 } })
  const { credentialId } = theOne(await own.holder.accept(own.issuer.link))
  await own.holder.present(own.verifier.request())
  expect(await own.holder.due()).toEqual([{ due: 'topUp', credentialId }])
  return { ...own, credentialId }
}

test('VCI-9.3-5 what the issuer will never issue again is not due, and not asked for any more', async () => {
  const { holder, issuer, credentialId, sent, store, time } = await runningOut()
  issuer.ways.around = { credential: () => refusal('credential_request_denied') }
  expect(await outcomeOf(() => holder.topUp(credentialId))).toBe('issuance_denied')
  time.advance(30 * 86_400)
  expect(await holder.due()).toEqual([])
  sent.length = 0
  expect(await outcomeOf(() => holder.topUp(credentialId))).toBe('issuance_denied')
  expect(sent).toEqual([])
  await holder.forget(credentialId)
  expect(await namesIn(store, 'top-up')).toEqual([])
})

test('VCI-9.3-5 a replacement that the person declined is not due again, until they ask for it', async () => {
  const { holder, issuer, credentialId, person, time } = await runningOut()
  issuer.ways.credentials = renamed
  person.agrees = false
  expect(await outcomeOf(() => holder.topUp(credentialId))).toBe('declined_by_person')
  time.advance(3600)
  expect(await holder.due()).toEqual([])
  person.agrees = true
  expect(theOne(await holder.topUp(credentialId))).toMatchObject({ copies: 4, copiesLeft: 4 })
})

test('VCI-9.3-5 after any other failure a topping up is due later, and each time twice as late', async () => {
  const { holder, issuer, credentialId, store, time } = await runningOut()
  issuer.ways.around = { metadata: () => ({ status: 503, headers: {}, body: '' }) }
  for (const wait of [60, 120, 240]) {
    expect(await outcomeOf(() => holder.topUp(credentialId))).toBe('refused_by_peer')
    time.advance(wait - 1)
    expect(await holder.due()).toEqual([])
    time.advance(1)
    expect(await holder.due()).toEqual([{ due: 'topUp', credentialId }])
  }
  issuer.ways.around = {}
  expect(theOne(await holder.topUp(credentialId))).toMatchObject({ copiesLeft: 7 })
  expect(await namesIn(store, 'top-up')).toEqual([])
})
