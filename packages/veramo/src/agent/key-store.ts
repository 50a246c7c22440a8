import type { IKey, ManagedKeyInfo } from '@veramo/core'
import { AbstractKeyStore } from '@veramo/key-manager'
import type { Custody } from '../custody/custody.ts'
import { notSupported } from '../error.ts'
import { managedKeyOf } from './managed-identifier.ts'
import { findKey, managedKeysIn } from './managed-keys.ts'

/** Tells Veramo's key manager what keys there are: public halves only. */
export class CustodyKeyStore extends AbstractKeyStore {
  readonly #custody: Custody

  constructor(custody: Custody) {
    super()
    this.#custody = custody
  }

  /** @throws {DidAgentError} `key_unknown` */
  async getKey({ kid }: { kid: string }): Promise<IKey> {
    const { kept, key } = await findKey(this.#custody, kid)
    return managedKeyOf(kept, key)
  }

  async listKeys(): Promise<ManagedKeyInfo[]> {
    return managedKeysIn(this.#custody)
  }

  async importKey(): Promise<never> {
    throw notSupported('Importing a key')
  }

  async deleteKey(): Promise<never> {
    throw notSupported('Deleting the key of a DID')
  }
}
