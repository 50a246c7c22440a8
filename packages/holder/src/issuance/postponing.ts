/**
 * How long a deferral is left alone after asking for it failed, and when it is given up. OpenID4VCI 1.0 §9 is silent.
 *
 * Pure, and kept with the order, so that a restart asks neither sooner nor for longer.
 */
import { HolderError } from '../error.ts'
import type { FailedAsking } from './after-failure.ts'
import type { Order } from './order-state.ts'

type Deferral = Extract<Order, { readonly has: 'deferral' }>

/** Seconds before the second try; each further one waits twice as long, and never less than the issuer said. */
const WAIT = 60
/** Seconds; the pauses grow no further than this, unless the issuer wants longer ones. */
const LONGEST_WAIT = 86_400
/** As above, where nobody answered: most often it is this wallet that has no network, and then the issuer waits for it. */
const LONGEST_UNHEARD = 3_600

/** A deferral ends that was answered with failures alone so often, and for so many seconds. Silence ends none. */
const TRIES = 10
const PATIENCE = 30 * 86_400
/** Seconds that count between two answers at most: what lies between them may be a clock that was wrong. */
const LONGEST_COUNTED = 4 * 86_400

/** @throws {HolderError} `issuance_given_up`, with the error as its cause, where it is no use to go on */
export function postponed(
  order: Deferral,
  { error, asking, now }: { readonly error: unknown; readonly asking: FailedAsking; readonly now: number },
): Deferral {
  const { interval = 0 } = order
  const before = order.failures ?? { tries: 0, answered: 0 }
  const tries = before.tries + 1
  const grown = WAIT * 2 ** (tries - 1)
  if (asking === 'unheard') {
    const pause = Math.min(Math.max(interval, grown), LONGEST_UNHEARD)
    return { ...order, notBefore: now + pause, failures: { ...before, tries } }
  }
  const answered = before.answered + 1
  const passed = Math.max(0, now - (before.answeredAt ?? now))
  const waited = (before.waited ?? 0) + Math.min(passed, LONGEST_COUNTED)
  if (answered >= TRIES && waited >= PATIENCE) throw givenUp(error, Math.floor(waited / 86_400))
  const pause = Math.max(interval, Math.min(grown, LONGEST_WAIT))
  return { ...order, notBefore: now + pause, failures: { tries, answered, answeredAt: now, waited } }
}

function givenUp(cause: unknown, days: number): HolderError {
  return new HolderError(
    'issuance_given_up',
    `The issuer promised this credential for later, and for ${days} days every answer was a failure: it is not asked any more. Ask the issuer for a new offer`,
    { cause },
  )
}
