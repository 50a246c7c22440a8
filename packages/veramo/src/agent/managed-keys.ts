/** The keys of kept DIDs, as Veramo's key manager asks for them: by their DID URL, or all of them. */
import type { ManagedKeyInfo } from '@veramo/core'
import type { Custody } from '../custody/custody.ts'
import { didOfKid, type KeptDid, type KeptKey, kidOf } from '../custody/kept-did.ts'
import { DidAgentError } from '../error.ts'
import { managedKeyOf } from './managed-identifier.ts'

/** @throws {DidAgentError} `key_unknown` */
export async function findKey(
  custody: Custody,
  kid: string,
): Promise<{ readonly kept: KeptDid; readonly key: KeptKey }> {
  const did = didOfKid(kid)
  const kept = did === undefined ? undefined : await custody.find(did)
  const key = kept?.keys.find((known) => kidOf(kept, known) === kid)
  if (kept === undefined || key === undefined) {
    throw new DidAgentError('key_unknown', 'This agent holds no such key')
  }
  return { kept, key }
}

export async function managedKeysIn(custody: Custody): Promise<ManagedKeyInfo[]> {
  const found: ManagedKeyInfo[] = []
  for await (const kept of custody.list()) found.push(...kept.keys.map((key) => managedKeyOf(kept, key)))
  return found
}
