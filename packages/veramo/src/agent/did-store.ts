import type { IIdentifier } from '@veramo/core'
import { AbstractDIDStore } from '@veramo/did-manager'
import type { Custody } from '../custody/custody.ts'
import type { KeptDid } from '../custody/kept-did.ts'
import { DidAgentError, notSupported } from '../error.ts'
import { identifierOf } from './managed-identifier.ts'

/** Where Veramo's DID manager keeps DIDs: in custody, each together with its key and its alias. */
export class CustodyDidStore extends AbstractDIDStore {
  readonly #custody: Custody

  constructor(custody: Custody) {
    super()
    this.#custody = custody
  }

  /**
   * Veramo's DID manager calls it with what a provider made, and after a provider changed a DID. Changes
   * are kept by then.
   *
   * @throws {DidAgentError} `alias_taken`, `did_taken`; `key_unknown`: no provider of this agent made it
   */
  async importDID({ did, alias }: IIdentifier): Promise<boolean> {
    const isChanged = !this.#custody.isPrepared(did) && (await this.#custody.find(did)) !== undefined
    if (!isChanged) await this.#custody.keep(did, alias)
    return true
  }

  /** @throws {DidAgentError} `did_unknown` */
  async getDID(by: { did?: string; alias?: string }): Promise<IIdentifier> {
    const kept = await this.#find(by)
    if (kept === undefined) throw new DidAgentError('did_unknown', 'This agent made no such DID')
    return identifierOf(kept)
  }

  async listDIDs({ alias, provider }: { alias?: string; provider?: string }): Promise<IIdentifier[]> {
    const found: IIdentifier[] = []
    for await (const kept of this.#kept(alias)) {
      const identifier = identifierOf(kept)
      if (provider === undefined || identifier.provider === provider) found.push(identifier)
    }
    return found
  }

  async deleteDID(): Promise<never> {
    throw notSupported('Deleting a DID')
  }

  /** All of them are read only when no alias says which one. */
  async *#kept(alias: string | undefined): AsyncIterable<KeptDid> {
    if (alias === undefined) yield* this.#custody.list()
    else {
      const kept = await this.#custody.findByAlias(alias)
      if (kept !== undefined) yield kept
    }
  }

  async #find({ did, alias }: { did?: string; alias?: string }): Promise<KeptDid | undefined> {
    if (did !== undefined) return this.#custody.find(did)
    return alias === undefined ? undefined : this.#custody.findByAlias(alias)
  }
}
