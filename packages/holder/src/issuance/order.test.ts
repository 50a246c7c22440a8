import { readCredentialIssuerMetadataResponse, readOfferLink } from '@facet-id/protocol/openid4vci'
import type { WireResponse } from '@facet-id/protocol/wire'
import { recordForm } from '@facet-id/store'
import { keyPair, outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { ISSUER, type IssuerWays, json, NOW, refusal, testIssuer } from '../issuer.test-support.ts'
import { advanceOrder, nextOf } from './order.ts'
import { metadataFor, type Order, type OrderAnswer } from './order-state.ts'

const form = recordForm<Order>(1)
const here = { now: NOW, attests: false }
const keys = [keyPair(), keyPair()].map(({ publicJwk }, place) => ({ keyId: `k.${place}`, publicJwk }))
const deferring: IssuerWays = { metadata: { deferred_credential_endpoint: `${ISSUER}/deferred` } }

const nonce = answer(json({ c_nonce: 'n1' }))
const proofs: OrderAnswer = { answer: 'proofs', keys, proofs: { jwt: ['a.b.c', 'd.e.f'] } }
const credentials = answer(json({ credentials: [{ credential: 'one~' }, { credential: 'two~' }] }))
const later = answer(json({ transaction_id: 't1', interval: 60 }, { status: 202 }))

test('an order goes from the token to the credentials, each state named by what was obtained last', () => {
  const states = walk(ordered(), nonce, proofs, credentials)
  expect(states.map(({ has }) => has)).toEqual(['token', 'nonce', 'proofs', 'credentials'])
  expect(nextOf(last(states), here)).toBeUndefined()
  expect(last(states)).toMatchObject({ keys, credentials: ['one~', 'two~'] })
})

test('every state of an order can be kept as JSON, and goes on as if it had not been', () => {
  for (const state of [...walk(ordered(), nonce, proofs, credentials), deferred()]) {
    const resumed = form.read(form.write(state))
    expect(resumed).toEqual(state)
    expect(nextOf(resumed, here)).toEqual(nextOf(state, here))
  }
})

test('an answer to anything but the question of an order is out of turn', () => {
  const [token, withNonce, proven, done] = walk(ordered(), nonce, proofs, credentials)
  for (const [state, wrong] of [
    [token, proofs],
    [withNonce, nonce],
    [proven, proofs],
    [done, proofs],
    [done, credentials],
    [deferred(), proofs],
  ] as const) {
    if (state === undefined) throw new Error('each state is there')
    expect(outcomeOf(() => advanceOrder(state, wrong, NOW))).toBe('out_of_turn')
  }
})

test('VCI-8.2-8 proofs have the nonce where there is a nonce endpoint, and none where there is none', () => {
  const plan = { type: 'jwt', attested: false, algs: ['ES256'] }
  const of = { audience: ISSUER, count: 2, plan }
  expect(nextOf(last(walk(ordered(), nonce)), here)).toEqual({ need: 'proofs', of: { ...of, nonce: 'n1' } })
  const without = ordered({ metadata: { nonce_endpoint: undefined } })
  expect(nextOf(without, here)).toEqual({ need: 'proofs', of })
  expect(last(walk(without, proofs)).has).toBe('proofs')
})

test('VCI-8.2-2, VCI-8.2-3, VCI-8.2-6 asks by configuration, or by the identifier of the grant, and never by both', () => {
  const body = { credential_configuration_id: 'person', proofs: { jwt: ['a.b.c', 'd.e.f'] } }
  expect(nextOf(last(walk(ordered(), nonce, proofs)), here)).toMatchObject({
    to: `${ISSUER}/credential`,
    body,
  })
  const byIdentifier = { ...ordered(), credentialIdentifier: 'set-1' }
  const need = nextOf(last(walk(byIdentifier, nonce, proofs)), here)
  expect(need?.need === 'answer' && need.body).toEqual({
    ...body,
    credential_configuration_id: undefined,
    credential_identifier: 'set-1',
  })
})

test('VCI-13.8-1 nonces that are called stale are got anew twice, and then the refusal stands', () => {
  const stale = answer(refusal('invalid_nonce'))
  const again = last(walk(ordered(), nonce, proofs, stale))
  expect(again).toEqual({ ...ordered(), staleNonces: 1 })
  const third = last(walk(again, nonce, proofs, stale, nonce, proofs))
  expect(outcomeOf(() => advanceOrder(third, stale, NOW))).toBe('refused_by_peer')
})

test('VCI-9.3-3 what is deferred is asked for at the place for it, and not before its time', () => {
  const state = deferred()
  expect(state).toMatchObject({ has: 'deferral', transactionId: 't1', notBefore: NOW + 60, keys })
  expect(nextOf(state, { ...here, now: NOW + 59 })).toEqual({ need: 'patience', until: NOW + 60 })
  expect(nextOf(state, { ...here, now: NOW + 60 })).toEqual({
    need: 'answer',
    of: 'deferral',
    to: `${ISSUER}/deferred`,
    body: { transaction_id: 't1' },
  })
  expect(advanceOrder(state, later, NOW + 60)).toMatchObject({ notBefore: NOW + 120 })
  expect(advanceOrder(state, credentials, NOW + 60)).toMatchObject({ has: 'credentials', keys })
})

test('VCI-9.2-1 an answer about another transaction is not taken for this one', () => {
  const other = answer(json({ transaction_id: 't2', interval: 60 }, { status: 202 }))
  expect(outcomeOf(() => advanceOrder(deferred(), other, NOW))).toBe('credential_substituted')
})

test('VCI-9.3-2 what is denied for good is said so, at both endpoints', () => {
  const denied = answer(refusal('credential_request_denied'))
  for (const state of [last(walk(ordered(), nonce, proofs)), deferred()])
    expect(outcomeOf(() => advanceOrder(state, denied, NOW))).toBe('issuance_denied')
})

test('an issuer that defers and names no place to ask later is refused', () => {
  const proven = last(walk(ordered(), nonce, proofs))
  expect(outcomeOf(() => advanceOrder(proven, later, NOW))).toBe('metadata_mismatch')
})

test('an issuer that names a wait of years is asked again after a month', () => {
  const years = answer(json({ transaction_id: 't1', interval: 1e9 }, { status: 202 }))
  const proven = last(walk(ordered(deferring), nonce, proofs))
  expect(advanceOrder(proven, years, NOW)).toMatchObject({ notBefore: NOW + 30 * 86_400 })
})

function deferred(): Order {
  return last(walk(ordered(deferring), nonce, proofs, later))
}

function ordered(ways: IssuerWays = {}): Extract<Order, { readonly has: 'token' }> {
  const issuer = testIssuer(ways)
  const read = readOfferLink(issuer.link)
  if (read.by !== 'value') throw new Error('the offer is in the link')
  const url = `${ISSUER}/.well-known/openid-credential-issuer`
  const response = issuer.handle({ method: 'GET', url, headers: {} })
  const metadata = readCredentialIssuerMetadataResponse(response, read.offer.credential_issuer)
  return {
    has: 'token',
    staleNonces: 0,
    grantId: 'g',
    metadata: metadataFor(metadata, 'person'),
    configurationId: 'person',
    copies: 2,
  }
}

function walk(from: Order, ...answers: readonly OrderAnswer[]): Order[] {
  const states = [from]
  for (const given of answers) states.push(advanceOrder(last(states), given, NOW))
  return states
}

function answer(response: WireResponse): OrderAnswer {
  return { answer: 'response', response }
}

function last<T>(items: readonly T[]): T {
  const item = items.at(-1)
  if (item === undefined) throw new Error('there is at least one')
  return item
}
