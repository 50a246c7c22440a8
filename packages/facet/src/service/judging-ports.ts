/** What holder and verifier need to judge a credential, on this machine. */
import { checkSignatures, expandPoint, hash, inflate } from '@facet-id/crypto/node'
import type { Transport } from '@facet-id/protocol/wire'
import { createDidResolver, createStatusLists, type KeyResolver } from '@facet-id/resolve'
import { type SafeTransport, safeTransport } from '@facet-id/resolve/node'
import type { VerifierPorts } from '@facet-id/verifier'

/** The log of a DID may be that long; readers of other documents take less. */
const maxResponseBytes = 5_242_880

export function transportFor(development: boolean): SafeTransport {
  return safeTransport({ mode: development ? 'development' : 'production', limits: { maxResponseBytes } })
}

export type JudgingPorts = Pick<VerifierPorts, 'checkSignatures' | 'hash' | 'statusOf'> &
  Pick<KeyResolver, 'resolveKey'>

/** @param development DIDs may be on this machine too */
export function judgingPorts(transport: Transport, now: () => number, development: boolean): JudgingPorts {
  const rules = { localhost: development }
  const { resolveKey } = createDidResolver({ hash, expandPoint, checkSignatures, transport, now, rules })
  const { statusOf } = createStatusLists({ transport, checkSignatures, resolveKey, inflate, now })
  return { checkSignatures, hash, resolveKey, statusOf }
}
