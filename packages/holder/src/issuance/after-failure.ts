/**
 * Where an issuance goes on after a step failed. What a person, a peer or a check refused is over;
 * what failed on the way can be tried again.
 */
import type { ProtocolErrorCode } from '@facet-id/protocol/error'
import type { Authorization } from '../authorization/authorization-state.ts'
import type { HolderErrorCode } from '../error.ts'
import type { Issuance } from './issuance-state.ts'
import type { Order } from './order-state.ts'

/** A code without an answer here does not compile. */
const outcomes: Record<HolderErrorCode | ProtocolErrorCode, 'over' | 'goes on'> = {
  settings_invalid: 'goes on',
  declined_by_person: 'over',
  offer_unsupported: 'over',
  metadata_mismatch: 'over',
  issuer_not_trusted: 'over',
  tx_code_missing: 'goes on',
  refused_by_peer: 'over',
  issuance_denied: 'over',
  issuance_given_up: 'over',
  answer_not_encrypted: 'over',
  metadata_not_authentic: 'over',
  authorization_pending: 'goes on',
  redirect_unusable: 'goes on',
  authorization_denied: 'over',
  attestation_unusable: 'goes on',
  token_not_bound: 'over',
  grant_ended: 'over',
  credential_refused: 'over',
  credential_undetermined: 'goes on',
  credential_substituted: 'over',
  issuer_changed: 'over',
  request_not_authentic: 'goes on',
  request_expired: 'goes on',
  request_answered: 'goes on',
  answer_address_refused: 'over',
  request_unusable: 'over',
  verifier_not_trusted: 'goes on',
  nothing_matches: 'goes on',
  copies_spent: 'goes on',
  choice_invalid: 'goes on',
  log_broken: 'goes on',
  issuance_unknown: 'goes on',
  credential_unknown: 'goes on',
  out_of_turn: 'goes on',
  state_contended: 'goes on',
  message_malformed: 'over',
  message_too_large: 'over',
  content_type_unexpected: 'over',
  feature_unsupported: 'over',
  encryption_unsupported: 'over',
  proof_malformed: 'over',
  dpop_proof_malformed: 'over',
  client_attestation_malformed: 'over',
  response_type_unsupported: 'over',
  request_object_unsupported: 'over',
  authorization_details_malformed: 'over',
  issuer_mismatch: 'over',
  transaction_data_invalid: 'over',
  peer_unreachable: 'goes on',
  peer_timed_out: 'goes on',
  response_too_large: 'over',
  address_refused: 'over',
  https_required: 'over',
}

/**
 * Refusals after which a transaction code is asked for no more: issuers let codes be guessed a few times, and none says
 * whether it was mistyped or the offer is spent.
 */
const WRONG_CODES = 5

/**
 * The state to go on from, or `undefined` when the issuance is over. Errors of other make (of a store,
 * of hardware that holds keys) end nothing.
 */
export function afterFailure(issuance: Issuance, error: unknown): Issuance | undefined {
  if (!endsAll(error)) return issuance.has === 'metadata' ? fromTheFirst(issuance) : issuance
  // A transaction code can be mistyped, so the person is asked once more (OpenID4VCI §6.3).
  const refused = memberOf(error, 'code') === 'refused_by_peer'
  if (!refused || issuance.has !== 'consent' || !isTyped(issuance.authorization)) return undefined
  const { id, offer, metadata, provenBy, server } = issuance
  const wrongCodes = (issuance.wrongCodes ?? 0) + 1
  if (wrongCodes >= WRONG_CODES) return undefined
  return { has: 'server', id, offer, metadata, provenBy, server, wrongCodes }
}

/** All of the issuer's authorization servers are asked again. */
function fromTheFirst({
  unheard: _,
  ...issuance
}: Extract<Issuance, { readonly has: 'metadata' }>): Issuance {
  return { ...issuance, passedOver: 0 }
}

function isTyped(authorization: Authorization): boolean {
  if (authorization.has === 'access') return false
  const { wanted } = authorization
  return wanted.by === 'pre-authorized_code' && wanted.txCode !== undefined
}

/** Whether that failure is final: what a person, a peer or a check refused. */
export function endsAll(error: unknown): boolean {
  const code = memberOf(error, 'code')
  if (!isListed(code) || outcomes[code] === 'goes on') return false
  const peerStatus = memberOf(error, 'peerStatus')
  // A server that is broken or busy has refused nothing.
  return typeof peerStatus !== 'number' || (peerStatus < 500 && peerStatus !== 429)
}

/** Of a deferral these are a peer's words, or ours; the rest can as well be a proxy on the way. */
const endDeferrals: readonly unknown[] = [
  'issuer_not_trusted',
  'issuance_denied',
  'issuance_given_up',
  'grant_ended',
  'credential_substituted',
  'metadata_mismatch',
]

/** Whether that failure ends an order. What was deferred cannot be had again, so only an answer that says so does. */
export function endsOrder({ has }: Pick<Order, 'has'>, error: unknown): boolean {
  if (!endsAll(error) || has !== 'deferral') return endsAll(error)
  return memberOf(error, 'peerError') !== undefined || endDeferrals.includes(memberOf(error, 'code'))
}

/** How asking failed: there was an answer that is of no use, or none. */
export type FailedAsking = 'answered' | 'unheard'

/** Also where the name leads elsewhere than it should: a network that answers for all names does that. */
const unheard: readonly unknown[] = [
  'peer_unreachable',
  'peer_timed_out',
  'address_refused',
  'https_required',
]

/** What we cannot do ourselves, and found before anything was sent. */
const unasked: readonly unknown[] = ['offer_unsupported', 'encryption_unsupported']

/** Nothing, where it was not the peer or the way to it that failed: then it can be asked again at once. */
export function failedAsking(error: unknown): FailedAsking | undefined {
  const code = memberOf(error, 'code')
  if (unheard.includes(code)) return 'unheard'
  if (unasked.includes(code)) return undefined
  return isListed(code) && outcomes[code] === 'over' ? 'answered' : undefined
}

function memberOf(error: unknown, name: 'code' | 'peerStatus' | 'peerError'): unknown {
  return error instanceof Error ? Reflect.get(error, name) : undefined
}

function isListed(code: unknown): code is keyof typeof outcomes {
  return typeof code === 'string' && Object.hasOwn(outcomes, code)
}
