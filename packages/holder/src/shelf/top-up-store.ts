/** Toppings up that came to nothing, so that nobody is asked again at once, and who said no for good not at all. */
import { type Op, recordForm, type Store } from '@facet-id/store'

const NS = 'holder/top-up'

/** Seconds before the second try; each further one waits twice as long, and none longer than a day. */
const WAIT = 60
const LONGEST_WAIT = 86_400

export interface FailedTopUp {
  readonly tries: number
  /** Seconds since the epoch; none is due before. */
  readonly notBefore: number
  /** Who said no: after the issuer's none is begun any more, after the person's none is due. Absent: nobody. */
  readonly refusedBy?: 'issuer' | 'person'
}

const form = recordForm<FailedTopUp>(1)

/** What is kept after one more failure. */
export function failedAgain(before: FailedTopUp | undefined, code: unknown, now: number): FailedTopUp {
  const tries = (before?.tries ?? 0) + 1
  const notBefore = now + Math.min(WAIT * 2 ** (tries - 1), LONGEST_WAIT)
  if (code === 'issuance_denied') return { tries, notBefore, refusedBy: 'issuer' }
  return code === 'declined_by_person' ? { tries, notBefore, refusedBy: 'person' } : { tries, notBefore }
}

export function keepFailedTopUp(credentialId: string, failed: FailedTopUp): Op {
  return { op: 'put', ns: NS, key: credentialId, value: form.write(failed) }
}

export function dropFailedTopUp(credentialId: string): Op {
  return { op: 'del', ns: NS, key: credentialId }
}

export async function findFailedTopUp(store: Store, credentialId: string): Promise<FailedTopUp | undefined> {
  const entry = await store.get(NS, credentialId)
  return entry && form.read(entry.value)
}
