/**
 * A trust configuration in a service: what it fetches is refreshed while the service runs, and the file is read anew
 * when the operator says so. What cannot be read then leaves everything as it was.
 */
import { checkSignatures, hash } from '@facet-id/crypto/node'
import type { Transport } from '@facet-id/protocol/wire'
import { safeTransport } from '@facet-id/resolve/node'
import { type BytesTransport, refreshDue } from '@facet-id/resolve/trust'
import type { Store } from '@facet-id/store'
import { createTrust, type ExplainedTrust, type FederationIdentity, type TrustSource } from '@facet-id/trust'
import { type ConfiguredTrust, readTrustConfiguration, type TrustFetching } from './trust-configuration.ts'

/** How often it is looked whether something is due; what is due says each document. */
const EVERY_MS = 30_000

export interface FollowedTrust {
  /** By whatever is configured and known at that moment. */
  readonly trust: ExplainedTrust
  sources(): readonly TrustSource[]
  /** Those of what is configured now, for whoever judges chains of certificates while it may be reloaded. */
  readonly anchorsAt: ConfiguredTrust['anchorsAt']
  readonly revocationLists: ConfiguredTrust['revocationLists']
  /** As it is now. */
  configured(): ConfiguredTrust
  /** Fits the port of holder and verifier. Never rejects. */
  federationOf(of: { readonly entityId: string }): Promise<FederationIdentity | undefined>
  /** Fetches what is due. Never rejects. */
  refresh(): Promise<void>
  /** Reads the file anew. Rejects as `readTrustConfiguration` does, and then nothing has changed. */
  reload(): Promise<void>
  /** Fetches nothing more. */
  close(): void
}

export interface FollowedTrustOptions {
  readonly file: string
  readonly fetching: TrustFetching
  /** Seconds since the epoch. */
  readonly now: () => number
}

/** @throws {FacetError} and {TrustError} as `readTrustConfiguration` */
export async function followTrust({ file, fetching, now }: FollowedTrustOptions): Promise<FollowedTrust> {
  let configured = await readAndLoad()

  async function readAndLoad(): Promise<ConfiguredTrust> {
    const read = await readTrustConfiguration(file, now, fetching)
    await Promise.all(read.documents.map((document) => document.load()))
    return read
  }

  const refresh = (): Promise<void> => refreshDue(configured.documents, now())
  // A process that has nothing else to do need not wait for it.
  const timer = setInterval(refresh, EVERY_MS).unref()
  const sources = (): readonly TrustSource[] => configured.sources
  return {
    trust: createTrust(sources, now),
    sources,
    anchorsAt: (at) => configured.anchorsAt(at),
    revocationLists: () => configured.revocationLists(),
    configured: () => configured,
    async federationOf({ entityId }) {
      const answer = await configured.federation?.memberOf(entityId)
      return answer !== undefined && 'member' in answer ? answer.member : undefined
    },
    refresh,
    async reload() {
      configured = await readAndLoad()
      await refresh()
    },
    close: () => clearInterval(timer),
  }
}

export interface TrustTransports extends Pick<TrustFetching, 'transport' | 'messages'> {
  close(): void
}

/** Lists may be megabytes, statements of federations are not: many are fetched for one question. */
const limits = { lists: 5_242_880, statements: 262_144 } as const

/** @param around stands around everything that leaves, as it does in a wallet */
export function trustTransports(
  development: boolean,
  around: (transport: Transport) => Transport = (transport) => transport,
): TrustTransports {
  const mode = development ? 'development' : 'production'
  const lists = safeTransport({ mode, limits: { maxResponseBytes: limits.lists } })
  const messages = safeTransport({ mode, limits: { maxResponseBytes: limits.statements } })
  return {
    transport: bytesThrough(lists, around),
    messages: around(messages),
    close() {
      lists.close()
      messages.close()
    },
  }
}

/** What stands around messages sees these too: the request as it is, of the answer its status and headers. */
function bytesThrough(direct: BytesTransport, around: (transport: Transport) => Transport): BytesTransport {
  return {
    async fetchBytes({ url, accept }) {
      let body = new Uint8Array()
      const outer = around({
        async send(request) {
          const answer = await direct.fetchBytes({ url: request.url, accept })
          body = new Uint8Array(answer.body)
          return { status: answer.status, headers: answer.headers, body: '' }
        },
      })
      const { status, headers } = await outer.send({ method: 'GET', url, headers: { accept } })
      return { status, headers, body }
    },
  }
}

/** @param store sealed, and kept across restarts */
export function trustFetching({ transport, messages }: TrustTransports, store: Store): TrustFetching {
  return { transport, messages, store, checkSignatures, hash }
}
