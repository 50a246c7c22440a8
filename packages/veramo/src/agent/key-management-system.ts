import { writeBase64url } from '@facet-id/credential/base64url'
import { algorithmOf } from '@facet-id/credential/jose'
import type { ManagedKeyInfo } from '@veramo/core'
import { AbstractKeyManagementSystem } from '@veramo/key-manager'
import type { Custody } from '../custody/custody.ts'
import { notSupported } from '../error.ts'
import { findKey, managedKeysIn } from './managed-keys.ts'

/**
 * Signs, for Veramo's key manager, with keys that stay in custody. A class only because Veramo's
 * plugin takes subclasses.
 *
 * Keys are made with their DIDs, by the provider, and go with them: so there is never the one
 * without the other.
 */
export class CustodyKeyManagementSystem extends AbstractKeyManagementSystem {
  readonly #custody: Custody

  constructor(custody: Custody) {
    super()
    this.#custody = custody
  }

  /**
   * With the algorithm of the key; base64url, of `r‖s` where it is ECDSA.
   *
   * @throws {DidAgentError} `key_unknown`, `key_retired`, `not_supported`, `record_corrupt`
   */
  async sign(args: {
    keyRef: { kid: string }
    algorithm?: string | undefined
    data: Uint8Array
  }): Promise<string> {
    const { kept, key } = await findKey(this.#custody, args.keyRef.kid)
    const alg = algorithmOf(key.publicJwk)
    if ((args.algorithm ?? alg) !== alg) throw notSupported('An algorithm other than that of the key')
    const signer = await this.#custody.signerOfKey(kept, key.id)
    return writeBase64url(await signer.sign(args.data))
  }

  async listKeys(): Promise<ManagedKeyInfo[]> {
    return managedKeysIn(this.#custody)
  }

  async createKey(): Promise<never> {
    throw notSupported('A key without a DID')
  }

  async importKey(): Promise<never> {
    throw notSupported('Importing a key')
  }

  async deleteKey(): Promise<never> {
    throw notSupported('Deleting the key of a DID')
  }

  async sharedSecret(): Promise<never> {
    throw notSupported('Key agreement')
  }
}
