/**
 * Which requests were answered: each once, whatever the answer. A link can be followed twice at once, and the second
 * answer would cost a copy, or say "denied" of what was shown.
 */
import type { Hash } from '@facet-id/credential/jose'
import type { RequestObject } from '@facet-id/protocol/openid4vp'
import { type Op, recordForm, type Store } from '@facet-id/store'

const NS = 'holder/answered'

/** Seconds for which a request is remembered that says no end. */
const DAY = 86_400

interface Answered {
  /** Seconds since the epoch. */
  readonly at: number
}

const form = recordForm<Answered>(1)

/** Who asks, and what makes each of its requests another (OpenID4VP 1.0 §5.2). */
type Asked = Pick<RequestObject, 'nonce' | 'exp'> & { readonly client_id: string }

/** Refused when the request was answered before; to be committed with what the answer costs. @param skew seconds */
export function claimRequest(
  asked: Asked,
  { at, skew, hash }: { readonly at: number; readonly skew: number; readonly hash: Hash },
): Op {
  const until = Math.max((asked.exp ?? at) + skew, at + DAY)
  return {
    op: 'put',
    ns: NS,
    key: keyOf(asked, hash),
    value: form.write({ at }),
    if: 'absent',
    expiresAt: Math.ceil(until) * 1000,
  }
}

export async function isAnswered(store: Store, asked: Asked, hash: Hash): Promise<boolean> {
  return (await store.get(NS, keyOf(asked, hash))) !== undefined
}

function keyOf({ client_id, nonce }: Asked, hash: Hash): string {
  return hash('sha-256', JSON.stringify([client_id, nonce]))
}
