/**
 * A Veramo agent whose DIDs and keys rest in a store of ours, and the short way past it to a signer.
 */
import type { PublicJwk, Signer } from '@facet-id/credential/jose'
import {
  createAgent,
  type IAgentContext,
  type IDIDManager,
  type IDIDManagerGetOrCreateArgs,
  type IIdentifier,
  type IKeyManager,
  type TAgent,
} from '@veramo/core'
import { DIDManager } from '@veramo/did-manager'
import { KeyManager } from '@veramo/key-manager'
import { readAlias } from './alias.ts'
import { type Custody, type CustodyPorts, createCustody, keyUrlOf } from './custody.ts'
import { DidJwkProvider } from './did-jwk-provider.ts'
import { CustodyDidStore } from './did-store.ts'
import { CustodyKeyManagementSystem } from './key-management-system.ts'
import { CustodyKeyStore } from './key-store.ts'
import { KMS, PROVIDER } from './managed-identifier.ts'

/** A DID, and what signs for it. */
export interface Identity {
  readonly did: string
  /** The DID URL of its key. */
  readonly kid: string
  readonly publicJwk: PublicJwk
  /** When the DID was made, seconds since the epoch. */
  readonly createdAt: number
  /** Signs at once with the native key: no agent call, whose results are turned into text each time. */
  readonly signer: Signer & { readonly kid: string }
}

/**
 * The methods of the agent. Veramo's plugins have more; those that take or give private keys, and
 * those that a did:jwk cannot answer, are not there.
 */
export type DidAgentMethods = Pick<
  IDIDManager,
  | 'didManagerCreate'
  | 'didManagerFind'
  | 'didManagerGet'
  | 'didManagerGetByAlias'
  | 'didManagerGetOrCreate'
  | 'didManagerGetProviders'
> &
  Pick<IKeyManager, 'keyManagerGet' | 'keyManagerGetKeyManagementSystems' | 'keyManagerSign'>

export interface DidAgent {
  /** For those who use Veramo; arguments and results are checked against its schemas. */
  readonly agent: TAgent<DidAgentMethods>
  /**
   * The DID of that alias, made when there is none: one alias has one DID, however many ask for it
   * at once.
   *
   * @param alias rests in the clear: nothing about a person
   * @throws {DidAgentError} `alias_malformed`, `record_corrupt`; whatever the store throws
   */
  identify(alias: string): Promise<Identity>
}

const METHODS: readonly (keyof DidAgentMethods & string)[] = [
  'didManagerCreate',
  'didManagerFind',
  'didManagerGet',
  'didManagerGetByAlias',
  'didManagerGetOrCreate',
  'didManagerGetProviders',
  'keyManagerGet',
  'keyManagerGetKeyManagementSystems',
  'keyManagerSign',
]

/**
 * Creates the agent. The store stays the caller's, to be sealed before and closed after.
 *
 * @example
 * const { identify } = createDidAgent({ store, keys: { generate: generateKey, signerOf }, now })
 * const { did, kid, signer } = await identify('issuer')
 */
export function createDidAgent(ports: CustodyPorts): DidAgent {
  const custody = createCustody(ports)
  const dids = new DIDManager({
    store: new CustodyDidStore(custody),
    defaultProvider: PROVIDER,
    providers: { [PROVIDER]: new DidJwkProvider(custody) },
  })
  const keys = new KeyManager({
    store: new CustodyKeyStore(custody),
    kms: { [KMS]: new CustodyKeyManagementSystem(custody) },
  })
  const agent = createAgent<DidAgentMethods>({
    plugins: [dids, keys],
    authorizedMethods: [...METHODS],
    overrides: { didManagerGetOrCreate: getOrCreateIn(dids, custody) },
    schemaValidation: true,
  })
  return {
    agent,
    async identify(alias) {
      const { did } = await agent.didManagerGetOrCreate({ alias: readAlias(alias) })
      return identityOf(did, custody)
    },
  }
}

/**
 * Veramo looks for the alias, and makes a DID when it finds none: asked three times at once it makes
 * three. Here the store lets one of them be, and whoever lost finds that one.
 */
function getOrCreateIn(
  dids: DIDManager,
  custody: Custody,
): (args: IDIDManagerGetOrCreateArgs, context: IAgentContext<IKeyManager>) => Promise<IIdentifier> {
  const getOrCreate = dids.methods.didManagerGetOrCreate
  return async (args, context) => {
    try {
      return await getOrCreate(args, context)
    } catch (error) {
      if ((await custody.findByAlias(args.alias)) === undefined) throw error
      return getOrCreate(args, context)
    }
  }
}

async function identityOf(did: string, custody: Custody): Promise<Identity> {
  const { publicJwk, createdAt, signer } = await custody.open(did)
  const kid = keyUrlOf(did)
  return {
    did,
    kid,
    publicJwk,
    createdAt,
    signer: { alg: signer.alg, kid, sign: (data) => signer.sign(data) },
  }
}
