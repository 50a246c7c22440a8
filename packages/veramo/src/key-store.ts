import type { IKey, ManagedKeyInfo } from '@veramo/core'
import { AbstractKeyStore } from '@veramo/key-manager'
import { type Custody, didOfKeyUrl } from './custody.ts'
import { DidAgentError, notSupported } from './error.ts'
import { managedKeyOf } from './managed-identifier.ts'

/** Tells Veramo's key manager what keys there are: public halves only. */
export class CustodyKeyStore extends AbstractKeyStore {
  readonly #custody: Custody

  constructor(custody: Custody) {
    super()
    this.#custody = custody
  }

  /** @throws {DidAgentError} `key_unknown` */
  async getKey({ kid }: { kid: string }): Promise<IKey> {
    const did = didOfKeyUrl(kid)
    const kept = did === undefined ? undefined : await this.#custody.find(did)
    if (kept === undefined) throw new DidAgentError('key_unknown', 'This agent holds no such key')
    return managedKeyOf(kept)
  }

  async listKeys(): Promise<ManagedKeyInfo[]> {
    const keys: ManagedKeyInfo[] = []
    for await (const kept of this.#custody.list()) keys.push(managedKeyOf(kept))
    return keys
  }

  async importKey(): Promise<never> {
    throw notSupported('Importing a key')
  }

  async deleteKey(): Promise<never> {
    throw notSupported('Deleting the key of a DID')
  }
}
