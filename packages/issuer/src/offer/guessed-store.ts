/**
 * Offers that ended because their transaction code was guessed at: whoever did that has a pre-authorized code that
 * is not theirs, and the operator should know. OpenID4VCI 1.0 §13.6.3.
 */
import { type Op, recordForm, type Store } from '@facet-id/store'

const NS = 'issuer/guessed'

/** Long enough to be looked at, and then nothing of it is needed. */
const KEPT_SECONDS = 90 * 86_400

/** Nothing of the person: the operator knows the offer by its issuance. */
export interface GuessedOffer {
  readonly issuanceId: string
  readonly configurationId: string
  /** Transaction codes that were tried. */
  readonly tries: number
  /** Seconds since the epoch. */
  readonly guessedAt: number
}

const form = recordForm<GuessedOffer>(1)

/** Goes along with the end of the offer. */
export function recordGuessed(offer: GuessedOffer): Op {
  return {
    op: 'put',
    ns: NS,
    key: offer.issuanceId,
    value: form.write(offer),
    if: 'absent',
    expiresAt: (offer.guessedAt + KEPT_SECONDS) * 1000,
  }
}

/** In the order of their issuances, which says nothing about the order in time. */
export async function* listGuessed(store: Store): AsyncIterable<GuessedOffer> {
  for await (const entry of store.range(NS)) yield form.read(entry.value)
}
