/**
 * A Veramo agent whose DIDs and keys rest in a store of ours, and the short way past it to a signer.
 */
import type { PublicJwk, Signer } from '@facet-id/credential/jose'
import {
  createAgent,
  type IAgentContext,
  type IDIDManager,
  type IDIDManagerCreateArgs,
  type IDIDManagerGetOrCreateArgs,
  type IIdentifier,
  type IKeyManager,
  type TAgent,
} from '@veramo/core'
import { DIDManager } from '@veramo/did-manager'
import { KeyManager } from '@veramo/key-manager'
import { readAlias } from '../alias.ts'
import { type Custody, type CustodyPorts, createCustody } from '../custody/custody.ts'
import type { KeptDid, KeyRole } from '../custody/kept-did.ts'
import { createDidKeeping, type DidKeeping } from '../did-keeping.ts'
import { DidAgentError } from '../error.ts'
import type { DidWish } from '../methods/method.ts'
import { allMethods } from '../methods/methods.ts'
import { CustodyDidStore } from './did-store.ts'
import { CustodyKeyManagementSystem } from './key-management-system.ts'
import { CustodyKeyStore } from './key-store.ts'
import { KMS, providerOf } from './managed-identifier.ts'
import { MethodProvider } from './provider.ts'

/** A DID, and what signs for it in one role. */
export interface Identity {
  readonly did: string
  /** The DID URL of its key. */
  readonly kid: string
  readonly publicJwk: PublicJwk
  /** Those that it had before in this role, which sign no more; what they signed is verified until then. */
  readonly retired: readonly RetiredIdentityKey[]
  /** When the DID was made, seconds since the epoch. */
  readonly createdAt: number
  /** Signs at once with the native key: no agent call, whose results are turned into text each time. */
  readonly signer: Signer & { readonly kid: string }
}

/** A key that was replaced. */
export interface RetiredIdentityKey {
  readonly publicJwk: PublicJwk
  /** Seconds since the epoch. */
  readonly until: number
}

/**
 * The methods of the agent. Veramo's plugins have more; those that take or give private keys, and those
 * that would tear a DID from its keys, are not there.
 */
export type DidAgentMethods = Pick<
  IDIDManager,
  | 'didManagerAddService'
  | 'didManagerCreate'
  | 'didManagerFind'
  | 'didManagerGet'
  | 'didManagerGetByAlias'
  | 'didManagerGetOrCreate'
  | 'didManagerGetProviders'
  | 'didManagerRemoveService'
> &
  Pick<IKeyManager, 'keyManagerGet' | 'keyManagerGetKeyManagementSystems' | 'keyManagerSign'>

export interface IdentifyOptions {
  /** What the DID is to be when there is none of that alias; absent: a did:jwk. */
  readonly wish?: DidWish
  /** What is signed with it; absent: `assertion`. */
  readonly role?: KeyRole
}

export interface DidAgent {
  /** For those who use Veramo; arguments and results are checked against its schemas. */
  readonly agent: TAgent<DidAgentMethods>
  /** What Veramo has no words for: rotation with overlap, moving, giving up, what must be served. */
  readonly dids: Dids
  /**
   * The DID of that alias, made when there is none: one alias has one DID, however many ask for it
   * at once.
   *
   * @param alias rests in the clear: nothing about a person
   * @throws {DidAgentError} `alias_malformed`, `wish_malformed`, `record_corrupt`, `did_deactivated`; `alias_taken`:
   * the DID of that alias is of another method than was wished for; whatever the store throws
   */
  identify(alias: string, options?: IdentifyOptions): Promise<Identity>
}

/** DIDs that are kept, in the course of their lives. */
export type Dids = Omit<DidKeeping, 'prepare' | 'signerOf'> &
  Pick<Custody, 'find' | 'findByAlias' | 'list' | 'history' | 'sweepKeys'> & {
    /** Makes a DID. @throws {DidAgentError} `alias_malformed`, `alias_taken`, `wish_malformed`, `not_supported` */
    create(wish: DidWish, alias?: string): Promise<string>
  }

const METHODS: readonly (keyof DidAgentMethods & string)[] = [
  'didManagerAddService',
  'didManagerCreate',
  'didManagerFind',
  'didManagerGet',
  'didManagerGetByAlias',
  'didManagerGetOrCreate',
  'didManagerGetProviders',
  'didManagerRemoveService',
  'keyManagerGet',
  'keyManagerGetKeyManagementSystems',
  'keyManagerSign',
]

/**
 * Creates the agent. The store stays the caller's, to be sealed before and closed after.
 *
 * @example
 * const { identify } = createDidAgent({ store, keys: { generate: generateKey, signerOf }, hash, now })
 * const { did, kid, signer } = await identify('issuer')
 */
export function createDidAgent(ports: CustodyPorts): DidAgent {
  const custody = createCustody(ports)
  const keeping = createDidKeeping(custody, ports)
  const manager = new DIDManager({
    store: new CustodyDidStore(custody),
    defaultProvider: providerOf('jwk'),
    providers: Object.fromEntries(
      allMethods.map((method) => [providerOf(method.name), new MethodProvider(method, keeping)]),
    ),
  })
  const keys = new KeyManager({
    store: new CustodyKeyStore(custody),
    kms: { [KMS]: new CustodyKeyManagementSystem(custody) },
  })
  const agent = createAgent<DidAgentMethods>({
    plugins: [manager, keys],
    authorizedMethods: [...METHODS],
    overrides: {
      didManagerCreate: createIn(manager, custody),
      didManagerGetOrCreate: getOrCreateIn(manager, custody),
    },
    schemaValidation: true,
  })
  const { prepare: _, signerOf, ...lives } = keeping
  return {
    agent,
    dids: {
      ...lives,
      find: custody.find,
      findByAlias: custody.findByAlias,
      list: custody.list,
      history: custody.history,
      sweepKeys: custody.sweepKeys,
      async create(wish, alias) {
        const named = alias === undefined ? {} : { alias: readAlias(alias) }
        return (await agent.didManagerCreate({ ...named, ...askedOf(wish) })).did
      },
    },
    async identify(alias, { wish, role = 'assertion' } = {}) {
      const named = { alias: readAlias(alias) }
      const asked = wish === undefined ? {} : askedOf(wish)
      const known = await custody.findByAlias(alias)
      const { did } = known ?? (await agent.didManagerGetOrCreate({ ...named, ...asked }))
      const { kept, kid, key, signer } = await signerOf(did, role)
      if (wish !== undefined && kept.method !== wish.method) {
        throw new DidAgentError(
          'alias_taken',
          `The DID of this alias is a did:${kept.method}: it does not become another`,
        )
      }
      const { createdAt } = kept
      return {
        did,
        kid,
        publicJwk: key.publicJwk,
        retired: retiredKeys(kept, role),
        createdAt,
        signer: { alg: signer.alg, kid, sign: (data) => signer.sign(data) },
      }
    },
  }
}

function retiredKeys({ keys }: KeptDid, role: KeyRole): readonly RetiredIdentityKey[] {
  return keys.flatMap(({ publicJwk, state, roles, until }) =>
    state === 'retired' && until !== undefined && roles.includes(role) ? [{ publicJwk, until }] : [],
  )
}

/** A wish in the words of Veramo's DID manager. */
function askedOf({ method, alg = 'ES256', ...options }: DidWish): {
  readonly provider: string
  readonly options: object
} {
  const keyType = alg === 'EdDSA' ? 'Ed25519' : 'Secp256r1'
  return { provider: providerOf(method), options: { keyType, ...options } }
}

/** Veramo refuses an alias that is taken without a code, also one that was taken since we looked. */
function createIn(
  manager: DIDManager,
  custody: Custody,
): (args: IDIDManagerCreateArgs, context: IAgentContext<IKeyManager>) => Promise<IIdentifier> {
  const create = manager.methods.didManagerCreate
  return async (args, context) => {
    const alias = args.alias === undefined ? undefined : readAlias(args.alias)
    const isTaken = async (): Promise<boolean> =>
      alias !== undefined && (await custody.findByAlias(alias)) !== undefined
    if (await isTaken()) throw aliasTaken()
    try {
      return await create(args, context)
    } catch (error) {
      if ((error instanceof Error && 'code' in error) || !(await isTaken())) throw error
      throw aliasTaken()
    }
  }
}

function aliasTaken(): DidAgentError {
  return new DidAgentError('alias_taken', 'Another DID has this alias: choose another')
}

/**
 * Veramo looks for the alias, and makes a DID when it finds none: asked three times at once it makes
 * three. Here the store lets one of them be, and whoever lost finds that one, if it is of the method that was asked
 * for.
 */
function getOrCreateIn(
  manager: DIDManager,
  custody: Custody,
): (args: IDIDManagerGetOrCreateArgs, context: IAgentContext<IKeyManager>) => Promise<IIdentifier> {
  const getOrCreate = manager.methods.didManagerGetOrCreate
  return async (args, context) => {
    try {
      return await getOrCreate(args, context)
    } catch (error) {
      const kept = await custody.findByAlias(args.alias)
      if (kept === undefined) throw error
      if (args.provider !== undefined && args.provider !== providerOf(kept.method)) throw aliasTaken()
      return getOrCreate(args, context)
    }
  }
}
