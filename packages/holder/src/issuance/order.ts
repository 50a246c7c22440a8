/**
 * The way of one credential: token → nonce → proofs → credentials, or a deferral that becomes them.
 * OpenID4VCI 1.0 §7, §8, §9.
 *
 * Pure: it says what is needed next and takes the answer in. `journeys/order/fulfil.ts` awaits.
 */
import { nonceRequest, readCredentialResponse, readNonceResponse } from '@facet-id/protocol/openid4vci'
import type { WireResponse } from '@facet-id/protocol/wire'
import { HolderError } from '../error.ts'
import { answered, peerErrorOf } from '../peer-error.ts'
import { configurationIn, type Order, type OrderAnswer, type Ordered, type OrderNeed } from './order-state.ts'
import { planProofs } from './proof-plan.ts'

export interface Circumstances {
  /** Seconds since the epoch. */
  readonly now: number
  /** Whether this wallet has key attestations. */
  readonly attests: boolean
}

/** Nonces that an issuer may call stale before its refusal stands. */
const STALE_NONCES = 2

/** Seconds; an issuer that names a longer wait is asked again after this one. */
const LONGEST_WAIT = 30 * 86_400

/**
 * What is needed next, or `undefined` when the credentials are there.
 *
 * @throws {HolderError} `offer_unsupported`
 */
export function nextOf(order: Order, { now, attests }: Circumstances): OrderNeed | undefined {
  const { metadata } = order
  switch (order.has) {
    case 'token': {
      const { nonce_endpoint } = metadata
      if (nonce_endpoint !== undefined) return { need: 'nonce', to: nonceRequest(nonce_endpoint) }
      return provingNeed(order, attests)
    }
    case 'nonce':
      return provingNeed(order, attests)
    case 'proofs':
      return {
        need: 'answer',
        of: 'credential',
        to: metadata.credential_endpoint,
        body: { ...askedFor(order), proofs: order.proofs },
      }
    case 'deferral': {
      if (!isDue(order, now)) return { need: 'patience', until: order.notBefore }
      const { deferred_credential_endpoint: to } = metadata
      if (to === undefined) throw noDeferral()
      return { need: 'answer', of: 'deferral', to, body: { transaction_id: order.transactionId } }
    }
    case 'credentials':
      return undefined
  }
}

/** No pause is as long as one that a clock which was wrong has left behind. */
export function isDue({ notBefore }: Extract<Order, { readonly has: 'deferral' }>, now: number): boolean {
  return notBefore <= now || notBefore > now + LONGEST_WAIT
}

/**
 * The order with one more thing obtained.
 *
 * @throws {HolderError} `refused_by_peer`, `issuance_denied`, `out_of_turn`
 * @throws {ProtocolError} `message_malformed` and its like
 */
export function advanceOrder(order: Order, answer: OrderAnswer, now: number): Order {
  if (isProving(order)) {
    if (answer.answer !== 'proofs') throw outOfTurn()
    const { keys, proofs } = answer
    const staleNonces = 'staleNonces' in order ? order.staleNonces : 0
    return { ...orderedOf(order), has: 'proofs', staleNonces, keys, proofs }
  }
  if (answer.answer !== 'response' || order.has === 'credentials') throw outOfTurn()
  if (order.has === 'token')
    return { ...order, has: 'nonce', nonce: readNonceResponse(answered(answer.response)).c_nonce }
  if (order.has === 'nonce') throw outOfTurn()
  return received(order, answer.response, now)
}

type Asking = Extract<Order, { readonly has: 'proofs' | 'deferral' }>

function received(order: Asking, response: WireResponse, now: number): Order {
  const error = peerErrorOf(response)
  // §8.3.1.2: "this means that … the Credential Request is denied for good"; it is not asked again.
  if (error === 'credential_request_denied') {
    throw new HolderError(
      'issuance_denied',
      'The issuer will not issue this credential; asking again is no use',
      {
        peerError: error,
        peerStatus: response.status,
      },
    )
  }
  // A nonce may grow stale while a person thinks (§8.3.1.2, §13.8).
  if (order.has === 'proofs' && error === 'invalid_nonce' && order.staleNonces < STALE_NONCES) {
    return { ...orderedOf(order), has: 'token', staleNonces: order.staleNonces + 1 }
  }
  const read = readCredentialResponse(answered(response))
  const known = { ...orderedOf(order), keys: order.keys }
  if ('transaction_id' in read) {
    if (known.metadata.deferred_credential_endpoint === undefined) throw noDeferral()
    // §9.2: it stays the same, so another would be of something that nobody asked for.
    if (order.has === 'deferral' && read.transaction_id !== order.transactionId) {
      throw new HolderError(
        'credential_substituted',
        'The issuer answered about another request than was asked for',
      )
    }
    const interval = Math.min(read.interval, LONGEST_WAIT)
    return {
      ...known,
      has: 'deferral',
      transactionId: read.transaction_id,
      notBefore: now + interval,
      interval,
    }
  }
  return {
    ...known,
    has: 'credentials',
    credentials: read.credentials.map(({ credential }) => credential),
    ...(read.notification_id === undefined ? {} : { notificationId: read.notification_id }),
  }
}

type Proving = Extract<Order, { readonly has: 'token' | 'nonce' }>

function isProving(order: Order): boolean {
  return order.has === 'nonce' || (order.has === 'token' && order.metadata.nonce_endpoint === undefined)
}

function outOfTurn(): HolderError {
  return new HolderError('out_of_turn', 'This order was given an answer that it had not asked for')
}

function provingNeed(order: Proving, attests: boolean): OrderNeed {
  const { metadata, configurationId, copies: count } = order
  const plan = planProofs(configurationIn(metadata, configurationId), attests)
  const nonce = order.has === 'nonce' ? { nonce: order.nonce } : {}
  return { need: 'proofs', of: { audience: metadata.credential_issuer, count, plan, ...nonce } }
}

/** §8.2: by identifier exactly when the grant has one. */
function askedFor({
  configurationId,
  credentialIdentifier,
}: Order): { readonly credential_configuration_id: string } | { readonly credential_identifier: string } {
  return credentialIdentifier === undefined
    ? { credential_configuration_id: configurationId }
    : { credential_identifier: credentialIdentifier }
}

/** What was ordered, without what has come of it. */
function orderedOf(order: Order): Ordered {
  const { grantId, metadata, configurationId, credentialIdentifier, copies, joins, provenBy } = order
  return {
    grantId,
    metadata,
    configurationId,
    copies,
    ...(credentialIdentifier === undefined ? {} : { credentialIdentifier }),
    ...(joins === undefined ? {} : { joins }),
    ...(provenBy === undefined ? {} : { provenBy }),
  }
}

function noDeferral(): HolderError {
  return new HolderError('metadata_mismatch', 'The issuer defers, and names no place to ask later')
}
