/** did:web: one document at one place, and nothing else to go by. */
import { didWebUrl, readDidDocument } from '@facet-id/credential/did'
import type { Transport } from '@facet-id/protocol/wire'
import { failed, failureOf } from './failure.ts'
import { fetchText } from './fetch-text.ts'
import type { DidResolverBounds, DidResolverPorts } from './ports.ts'
import type { DidRecord } from './record.ts'

const accept = 'application/did, application/did+json, application/json, */*;q=0.1'
const invalid = 'INVALID_DID_DOCUMENT'

/** What it makes rejects with a `CredentialError` `did_malformed` when the DID names no place. */
export function createWebFinder(
  { rules }: DidResolverPorts,
  { webTtl, failureTtl }: DidResolverBounds,
): (did: string, transport: Transport) => Promise<DidRecord> {
  return async (did, transport) => {
    const text = await fetchText(didWebUrl(did, rules), transport, { accept, invalid })
    if (typeof text !== 'string') return failed(text, failureTtl)
    try {
      return { document: readDidDocument(text, did), keepFor: webTtl, bytes: 4 * text.length }
    } catch (error) {
      return failed(failureOf(error, invalid), failureTtl)
    }
  }
}
