/** What holder and verifier need to judge a credential, on this machine. */
import { checkSignatures, hash, inflate } from '@facet-id/crypto/node'
import type { Transport } from '@facet-id/protocol/wire'
import { createKeyResolver, createStatusLists } from '@facet-id/resolve'
import { type SafeTransport, safeTransport } from '@facet-id/resolve/node'
import type { VerifierPorts } from '@facet-id/verifier'

export function transportFor(development: boolean): SafeTransport {
  return safeTransport({ mode: development ? 'development' : 'production' })
}

export type JudgingPorts = Pick<VerifierPorts, 'checkSignatures' | 'hash' | 'statusOf'> &
  ReturnType<typeof createKeyResolver>

export function judgingPorts(transport: Transport, now: () => number): JudgingPorts {
  const { resolveKey } = createKeyResolver()
  const { statusOf } = createStatusLists({ transport, checkSignatures, resolveKey, inflate, now })
  return { checkSignatures, hash, resolveKey, statusOf }
}
