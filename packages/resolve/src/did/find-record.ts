/** One DID, looked up anew: in itself, or where it says. */
import { didWebUrl, readDid, readDidDocument, resolveDidJwk, resolveDidKey } from '@facet-id/credential/did'
import { resolveDidPeer } from '@facet-id/credential/did/peer'
import type { MaybePromise } from '@facet-id/credential/jose'
import type { Transport } from '@facet-id/protocol/wire'
import { fetchText } from './fetch-text.ts'
import type { DidResolverBounds, DidResolverPorts } from './ports.ts'
import type { DidRecord } from './record.ts'
import type { DidErrorCode, DidFailure } from './resolution.ts'
import { createWebvhFinder } from './webvh.ts'

export type FindRecord = (did: string) => MaybePromise<DidRecord>

/** What never changes is kept for as long as there is room. */
const forever = Number.POSITIVE_INFINITY

/** Finds what there is to know of a DID. Neither throws nor rejects, but for a port that does. */
export function createRecordFinder(ports: DidResolverPorts, bounds: DidResolverBounds): FindRecord {
  const { hash, transport, findLongForm, rules } = ports
  const findWebvh = createWebvhFinder(ports, bounds)
  const failed = (failure: DidFailure, keepFor = bounds.failureTtl): DidRecord => ({
    failure,
    keepFor,
    bytes: 0,
  })

  const findWeb = async (url: string, did: string, by: Transport): Promise<DidRecord> => {
    const accept = 'application/did, application/did+json, application/json, */*;q=0.1'
    const text = await fetchText(url, by, { accept, invalid: 'INVALID_DID_DOCUMENT' })
    if (typeof text !== 'string') return failed(text)
    try {
      return { document: readDidDocument(text, did), keepFor: bounds.webTtl, bytes: 4 * text.length }
    } catch (error) {
      return failed(failureOf(error, 'INVALID_DID_DOCUMENT'))
    }
  }

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
        return transport === undefined ? failed(unreachable) : findWeb(didWebUrl(did, rules), did, transport)
      case 'webvh':
        return transport === undefined ? failed(unreachable) : findWebvh(did, transport)
      default:
        return failed({ code: 'METHOD_NOT_SUPPORTED', detail: 'DIDs of this method are not resolved.' })
    }
  }

  return (did) => {
    try {
      const found = find(did)
      return found instanceof Promise
        ? found.catch((error) => failed(failureOf(error, 'INVALID_DID')))
        : found
    } catch (error) {
      return failed(failureOf(error, 'INVALID_DID'))
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

/** The words of our own errors are safe to show; those of others stay where they are. */
function failureOf(error: unknown, code: DidErrorCode): DidFailure {
  if (!(error instanceof Error && error.name === 'CredentialError' && 'code' in error)) {
    return { code: 'INTERNAL_ERROR', detail: 'The DID could not be looked at, and it is not known why.' }
  }
  return { code: error.code === 'did_unknown' ? 'NOT_FOUND' : code, detail: `${error.message}.` }
}
