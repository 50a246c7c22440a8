import { writeBase64url } from '@facet-id/credential/base64url'
import type { ManagedKeyInfo } from '@veramo/core'
import { AbstractKeyManagementSystem } from '@veramo/key-manager'
import { type Custody, didOfKeyUrl } from './custody.ts'
import { DidAgentError, notSupported } from './error.ts'
import { managedKeyOf } from './managed-identifier.ts'

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
   * ES256, base64url of `r‖s`.
   *
   * @throws {DidAgentError} `key_unknown`, `not_supported`, `record_corrupt`
   */
  async sign(args: {
    keyRef: { kid: string }
    algorithm?: string | undefined
    data: Uint8Array
  }): Promise<string> {
    if ((args.algorithm ?? 'ES256') !== 'ES256') throw notSupported('An algorithm other than ES256')
    const did = didOfKeyUrl(args.keyRef.kid)
    if (did === undefined) throw new DidAgentError('key_unknown', 'This agent holds no such key')
    const { signer } = await this.#custody.open(did)
    return writeBase64url(await signer.sign(args.data))
  }

  async listKeys(): Promise<ManagedKeyInfo[]> {
    const keys: ManagedKeyInfo[] = []
    for await (const kept of this.#custody.list()) keys.push(managedKeyOf(kept))
    return keys
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
