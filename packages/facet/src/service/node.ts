/**
 * The ground that an issuance node and a verifier service stand on: sealed state on disk, a DID whose
 * keys a Veramo agent keeps, a port, and a door for the operator. What is opened is closed again, in
 * reverse, when a later part cannot be opened.
 */
import type { MaybePromise } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import type { KeyService } from '@facet-id/crypto/node/keys'
import { serve } from '@facet-id/http/node'
import { readIdentifierUrl, wellKnownUrl } from '@facet-id/protocol/url'
import type { Handle } from '@facet-id/protocol/wire'
import type { Store } from '@facet-id/store'
import type { Identity, KeyRole } from '@facet-id/veramo'
import { type Clock, systemClock } from '../clock.ts'
import { type Environment, openNodeData } from '../config/data-directory.ts'
import { FacetError } from '../error.ts'
import { didOperations } from '../identity/did-operations.ts'
import { managedDids } from '../identity/managed-dids.ts'
import { answerPublished } from '../identity/published-files.ts'
import { type NodeDidMethod, wishFor } from '../identity/wish-for.ts'
import { type AddressOptions, portOf, publicUrlOf, rememberPort } from './address.ts'
import { type Closing, createClosing } from './closing.ts'
import { type EntityOptions, publishingEntity } from './entity-publishing.ts'
import { type Operations, openOperatorDoor } from './operator.ts'
import { startSweeping } from './sweeping.ts'

export interface NodeOptions extends AddressOptions {
  readonly dataDirectory: string
  readonly environment: Environment
  /** Where its keys are; the node closes it. Absent: they are made here and sealed in the store. */
  readonly keys?: KeyService
  /** What its DID is when it is made; absent: a did:jwk. */
  readonly did?: NodeDidMethod
  /** Whether another server hands it requests, by its `handle`: then it opens no port, and has a public URL. */
  readonly mounted?: boolean
  /** Superiors of the service in federations: then it publishes its entity configuration. Absent: it is in none. */
  readonly federationAuthorities?: readonly string[]
  /** Absent: the time of this machine. */
  readonly clock?: Clock
  /** Told of errors that no code foresees; peers are told nothing of them. */
  readonly onUnforeseen?: (error: unknown) => void
}

/** What a role is made from. */
export interface Ground {
  readonly store: Store
  readonly identity: Identity
  /** The same DID as it is in another role: some have another key there. */
  identityAs(role: KeyRole): Promise<Identity>
  /** Where the world reaches it: no slash at the end. */
  readonly url: string
  readonly now: () => number
  deriveKey(purpose: string): Uint8Array
  /** Told of errors that peers are told nothing of. */
  readonly onUnforeseen: (error: unknown) => void
}

export interface Built {
  readonly handle: Handle
  readonly operations: Operations
  /** What a role without metadata of its own says of itself to federations. */
  readonly entityMetadata?: JsonObject
  /** Lets go of what the role itself holds; called when nothing asks it any more. */
  close?(): void
}

/** As whom a node signs. */
export interface NodeName {
  /** Which of the agent's DIDs; made at the first start, found again later. */
  readonly alias: string
  /** What is signed. */
  readonly role: KeyRole
}

export interface Node<Role extends Built> {
  /** As it is now: after a rotation of keys it is another one, over the same state. */
  readonly role: Role
  readonly identity: Identity
  readonly url: string
  /** Where it listens on loopback, whatever the world calls it; 0 where it is mounted. */
  readonly port: number
  /** For the server that it is mounted in. */
  readonly handle: Handle
  /** Stops taking requests, finishes those under way, and closes the store. Safe to call twice. */
  close(): Promise<void>
}

/**
 * @throws {FacetError} `development_mode_needed`, `public_url_malformed`, `data_directory_unusable`,
 * `key_file_…`, `usage`; {HttpError} `port_in_use`; {StoreError} `store_locked`, `store_corrupt`, `key_wrong`;
 * {DidAgentError} `holder_missing`, `alias_taken`, `did_deactivated`; {KeyError} what its keys are refused with
 */
export async function startNode<Role extends Built>(
  options: NodeOptions,
  name: NodeName,
  build: (ground: Ground) => MaybePromise<Role>,
): Promise<Node<Role>> {
  const closing = createClosing()
  try {
    return await open(options, name, { build, closing })
  } catch (error) {
    // Why it did not start counts, not what else went wrong on the way back.
    await closing.close().catch(() => {})
    throw error
  }
}

/** What changes when keys are rotated: both together. */
interface Acting<Role> {
  readonly role: Role
  readonly identity: Identity
  /** The role's, and what the service says of itself to federations. */
  readonly handle: Handle
}

async function open<Role extends Built>(
  options: NodeOptions,
  { alias, role: keyRole }: NodeName,
  { build, closing }: { readonly build: (ground: Ground) => MaybePromise<Role>; readonly closing: Closing },
): Promise<Node<Role>> {
  const {
    dataDirectory,
    environment,
    clock = systemClock,
    onUnforeseen = () => {},
    keys,
    development,
  } = options
  if (keys !== undefined) closing.add(() => keys.close())
  const publicUrl = publicUrlOf(options)
  const { store, deriveKey, close } = await openNodeData(dataDirectory, environment, clock)
  closing.add(close)
  const sweeping = await startSweeping(store)
  closing.add(() => sweeping.stop())
  const agent = managedDids(store, { now: clock.now, keys, development })
  // Keys that a killed process could not destroy any more; where that fails, another start does it.
  await agent.dids.sweepKeys()
  // The role is built from the address, and the address is known once the port is held.
  let acting: Acting<Role> | undefined
  const handle: Handle = async (request) =>
    (await answerPublished(request, agent.dids, acting?.identity.did)) ?? acting?.handle(request) ?? starting
  const roles: Role[] = []
  closing.add(() => {
    for (const role of roles) role.close?.()
  })
  const { url, port } = await listen()
  const first = await act()
  // Old keys leave the document; where that cannot be done now, it can be at another start.
  await agent.dids.tidy(identityNow().did).catch(onUnforeseen)
  const door = await openOperatorDoor(dataDirectory, operations(first), onUnforeseen)
  closing.add(() => door.close())
  return {
    get role() {
      return acting?.role ?? first
    },
    get identity() {
      return identityNow()
    },
    url,
    port,
    handle,
    close: () => closing.close(),
  }

  /** Builds the role on the keys of now. What is under way ends as the role it began with, whose keys still verify. */
  async function act(): Promise<Role> {
    const wish = options.did === undefined ? {} : { wish: wishFor(options.did, url, port) }
    const identity = await agent.identify(alias, { role: keyRole, ...wish })
    const identityAs = (other: KeyRole): Promise<Identity> => agent.identify(alias, { role: other })
    const role = await build({ store, identity, identityAs, url, now: clock.now, deriveKey, onUnforeseen })
    roles.push(role)
    acting = { role, identity, handle: published(role, identity) }
    return role
  }

  function published(role: Role, identity: Identity): Handle {
    const { federationAuthorities: authorities } = options
    if (authorities === undefined) return role.handle
    return publishingEntity(role.handle, {
      url,
      identity,
      authorities,
      now: clock.now,
      ...entityOf(alias, url),
      ...(role.entityMetadata === undefined ? {} : { metadata: role.entityMetadata }),
    })
  }

  function identityNow(): Identity {
    if (acting === undefined) throw new Error('a node that was started has an identity')
    return acting.identity
  }

  function operations(role: Role): Operations {
    const onChange = async (): Promise<void> => void (await act())
    const ofRole = Object.keys(role.operations).map((name): [string, Operations[string]] => [
      name,
      async (input) => (acting?.role ?? role).operations[name]?.(input) ?? null,
    ])
    return { ...Object.fromEntries(ofRole), ...didOperations(agent, { onChange, inUse: alias }) }
  }

  async function listen(): Promise<{ readonly url: string; readonly port: number }> {
    if (options.mounted === true) {
      if (publicUrl !== undefined) return { url: publicUrl, port: 0 }
      throw new FacetError('usage', 'A service that is mounted in another server needs its public URL')
    }
    const server = await serve(handle, {
      port: await portOf(store, options),
      onUnforeseen,
      ...(publicUrl === undefined ? {} : { publicUrl }),
    })
    closing.add(() => server.close())
    await rememberPort(store, server.port)
    return { url: publicUrl ?? server.url, port: server.port }
  }
}

function entityOf(alias: string, url: string): Pick<EntityOptions, 'entityType' | 'metadataUrl'> {
  const entityType = `openid_credential_${alias}`
  if (alias !== 'issuer') return { entityType }
  return {
    entityType,
    metadataUrl: wellKnownUrl(readIdentifierUrl(url, 'https_or_loopback_http'), 'openid-credential-issuer'),
  }
}

const starting = { status: 503, headers: { 'retry-after': '1' }, body: '' } as const
