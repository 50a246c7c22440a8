import { writeDidJwk } from '@facet-id/credential/did'
import { bareJwk, readPublicJwk } from '@facet-id/credential/jose'
import type { IIdentifier } from '@veramo/core'
import { AbstractIdentifierProvider } from '@veramo/did-manager'
import { readAlias } from './alias.ts'
import type { Custody } from './custody.ts'
import { notSupported } from './error.ts'
import { identifierOf, KEY_TYPE, KMS } from './managed-identifier.ts'

/** What `createIdentifier` may be asked for, beside what Veramo adds by itself. */
interface CreateOptions {
  readonly providerName?: string
  readonly keyType?: string
}

/**
 * Makes did:jwk identifiers with P-256 keys. Whatever else is asked for is refused: a provider that
 * quietly makes another kind of key than the one asked for has been seen.
 */
export class DidJwkProvider extends AbstractIdentifierProvider {
  readonly #custody: Custody

  constructor(custody: Custody) {
    super()
    this.#custody = custody
  }

  /**
   * `use: "sig"`: a key that signs is not for encryption to it, so the document must not list it for
   * `keyAgreement` as it would without a use.
   *
   * @throws {DidAgentError} `alias_malformed`, `not_supported`
   */
  async createIdentifier(args: {
    kms?: string
    alias?: string
    options?: CreateOptions
  }): Promise<Omit<IIdentifier, 'provider'>> {
    const { providerName: _, keyType = KEY_TYPE, ...unknown } = args.options ?? {}
    if (keyType !== KEY_TYPE) throw notSupported(`A key type other than ${KEY_TYPE}`)
    if (Object.keys(unknown).length > 0) throw notSupported('An option other than keyType')
    if ((args.kms ?? KMS) !== KMS) throw notSupported(`A key management system other than ${KMS}`)
    if (args.alias !== undefined) readAlias(args.alias)
    // Read, not taken: a coordinate that lost its leading zeros must not become a DID.
    const publicJwk = readPublicJwk({ ...bareJwk(this.#custody.draft()), use: 'sig' })
    return identifierOf({ did: writeDidJwk(publicJwk), publicJwk })
  }

  async updateIdentifier(): Promise<never> {
    throw immutable()
  }

  async deleteIdentifier(): Promise<never> {
    throw notSupported('Deleting a DID')
  }

  async addKey(): Promise<never> {
    throw immutable()
  }

  async removeKey(): Promise<never> {
    throw immutable()
  }

  async addService(): Promise<never> {
    throw immutable()
  }

  async removeService(): Promise<never> {
    throw immutable()
  }
}

/** A did:jwk is its key, and nothing but its key. */
function immutable(): Error {
  return notSupported('Changing a did:jwk')
}
