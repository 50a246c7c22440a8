import type { IIdentifier } from '@veramo/core'
import { AbstractDIDStore } from '@veramo/did-manager'
import type { Custody, KeptDid } from './custody.ts'
import { DidAgentError, notSupported } from './error.ts'
import { identifierOf } from './managed-identifier.ts'

/** Where Veramo's DID manager keeps DIDs: in custody, each together with its key and its alias. */
export class CustodyDidStore extends AbstractDIDStore {
  readonly #custody: Custody

  constructor(custody: Custody) {
    super()
    this.#custody = custody
  }

  /** @throws {DidAgentError} `alias_taken`; `key_unknown`: the DID was not made by this agent's provider */
  async importDID({ did, alias }: IIdentifier): Promise<boolean> {
    await this.#custody.keep(did, alias)
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
    for await (const kept of this.#custody.list()) {
      const identifier = identifierOf(kept)
      if (alias !== undefined && identifier.alias !== alias) continue
      if (provider !== undefined && identifier.provider !== provider) continue
      found.push(identifier)
    }
    return found
  }

  async deleteDID(): Promise<never> {
    throw notSupported('Deleting a DID')
  }

  async #find({ did, alias }: { did?: string; alias?: string }): Promise<KeptDid | undefined> {
    if (did !== undefined) return this.#custody.find(did)
    return alias === undefined ? undefined : this.#custody.findByAlias(alias)
  }
}
