/** One DID, looked up anew: in itself, or where it says. */
import { readDid, resolveDidJwk, resolveDidKey } from '@facet-id/credential/did'
import { resolveDidPeer } from '@facet-id/credential/did/peer'
import type { MaybePromise } from '@facet-id/credential/jose'
import { failed, failureOf } from './failure.ts'
import type { DidResolverBounds, DidResolverPorts } from './ports.ts'
import type { DidRecord } from './record.ts'
import type { DidFailure } from './resolution.ts'
import { createWebFinder } from './web.ts'
import { createWebvhFinder } from './webvh.ts'

export type FindRecord = (did: string) => MaybePromise<DidRecord>

/** What never changes is kept for as long as there is room. */
const forever = Number.POSITIVE_INFINITY

/** Finds what there is to know of a DID. Neither throws nor rejects, but for a port that does. */
export function createRecordFinder(ports: DidResolverPorts, bounds: DidResolverBounds): FindRecord {
  const { hash, transport, findLongForm } = ports
  const { failureTtl } = bounds
  const findWeb = createWebFinder(ports, bounds)
  const findWebvh = createWebvhFinder(ports, bounds)

  const ofPeer = (did: string, known?: string): DidRecord => {
    const document = resolveDidPeer(did, hash, known)
    return { document, keepFor: forever, bytes: 4 * did.length + 4 * (known?.length ?? 0) }
  }
  const findPeer = async (did: string): Promise<DidRecord> => {
    const known = await findLongForm?.(did)
    try {
      return ofPeer(did, known)
    } catch (error) {
      // It may be made known in the next moment, and costs nothing to look up.
      return failed(failureOf(error, 'INVALID_DID'), 0)
    }
  }

  const find = (did: string): MaybePromise<DidRecord> => {
    switch (readDid(did).method) {
      case 'jwk':
        return { document: resolveDidJwk(did), keepFor: forever, bytes: 4 * did.length }
      case 'key':
        return { document: resolveDidKey(did), keepFor: forever, bytes: 8 * did.length }
      case 'peer':
        return isShort(did) ? findPeer(did) : ofPeer(did)
      case 'web':
        return transport === undefined ? failed(unreachable, failureTtl) : findWeb(did, transport)
      case 'webvh':
        return transport === undefined ? failed(unreachable, failureTtl) : findWebvh(did, transport)
      default:
        return failed(
          { code: 'METHOD_NOT_SUPPORTED', detail: 'DIDs of this method are not resolved.' },
          failureTtl,
        )
    }
  }

  const refusal = (error: unknown): DidRecord => failed(failureOf(error, 'INVALID_DID'), failureTtl)

  return (did) => {
    try {
      const found = find(did)
      return found instanceof Promise ? found.catch(refusal) : found
    } catch (error) {
      return refusal(error)
    }
  }
}

const unreachable: DidFailure = {
  code: 'METHOD_NOT_SUPPORTED',
  detail: 'DIDs on the web are not resolved here: nothing was given to fetch with.',
}

function isShort(did: string): boolean {
  return /^did:peer:(?:[13]|4[^:]*$)/.test(did)
}
