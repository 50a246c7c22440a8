import type { JsonValue } from '@facet-id/credential/json'
import type { IIdentifier, IService } from '@veramo/core'
import { AbstractIdentifierProvider } from '@veramo/did-manager'
import { readAlias } from '../alias.ts'
import type { KeptDid } from '../custody/kept-did.ts'
import type { DidKeeping } from '../did-keeping.ts'
import { notSupported } from '../error.ts'
import type { DidMethod } from '../methods/method.ts'
import { readWish } from '../wish.ts'
import { algOf, identifierOf, KMS } from './managed-identifier.ts'

/** What `createIdentifier` may be asked for, beside what Veramo adds by itself. */
interface CreateOptions {
  readonly providerName?: string
  readonly keyType?: string
  readonly [name: string]: unknown
}

/** What a change is answered with: Veramo's schemas ask for an object. */
interface Changed {
  readonly did: string
  readonly revision: number
}

/** Makes and changes the DIDs of one method, for Veramo's DID manager. */
export class MethodProvider extends AbstractIdentifierProvider {
  readonly #method: DidMethod
  readonly #keeping: DidKeeping

  constructor(method: DidMethod, keeping: DidKeeping) {
    super()
    this.#method = method
    this.#keeping = keeping
  }

  /** @throws {DidAgentError} `alias_malformed`, `not_supported`, `wish_malformed` */
  async createIdentifier(args: {
    kms?: string
    alias?: string
    options?: CreateOptions
  }): Promise<Omit<IIdentifier, 'provider'>> {
    const { providerName: _, keyType = 'Secp256r1', ...options } = args.options ?? {}
    const alg = algOf(keyType)
    if ((args.kms ?? KMS) !== KMS) throw notSupported(`A key management system other than ${KMS}`)
    if (args.alias !== undefined) readAlias(args.alias)
    const wish = readWish({ ...options, method: this.#method.name, alg } as { [name: string]: JsonValue })
    return identifierOf(await this.#keeping.prepare(wish))
  }

  /** @throws {DidAgentError} `did_immutable`, `wish_malformed`, `service_taken`, `state_contended` */
  async addService({
    identifier,
    service,
  }: {
    identifier: IIdentifier
    service: IService
  }): Promise<Changed> {
    const { id, type, serviceEndpoint } = service
    if (typeof serviceEndpoint !== 'string') throw notSupported('A service with more than one endpoint')
    const named = { id: fragmentOf(id), type, serviceEndpoint }
    return changedOf(await this.#keeping.addService(identifier.did, named))
  }

  /** @throws {DidAgentError} `did_immutable`, `service_unknown`, `state_contended` */
  async removeService({ identifier, id }: { identifier: IIdentifier; id: string }): Promise<Changed> {
    return changedOf(await this.#keeping.removeService(identifier.did, fragmentOf(id)))
  }

  async updateIdentifier(): Promise<never> {
    throw notSupported('Replacing a whole document')
  }

  async deleteIdentifier(): Promise<never> {
    throw notSupported('Deleting a DID')
  }

  async addKey(): Promise<never> {
    throw notSupported('Adding a key that was not made with its DID')
  }

  async removeKey(): Promise<never> {
    throw notSupported('Removing a key: rotate it')
  }
}

function changedOf({ did, revision }: KeptDid): Changed {
  return { did, revision }
}

function fragmentOf(id: string): string {
  return id.slice(id.indexOf('#') + 1)
}
