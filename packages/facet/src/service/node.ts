/**
 * The ground that an issuance node and a verifier service stand on: sealed state on disk, a DID whose
 * keys a Veramo agent keeps, a port, and a door for the operator. What is opened is closed again, in
 * reverse, when a later part cannot be opened.
 */
import type { MaybePromise } from '@facet-id/credential/jose'
import { generateKey, signerOf } from '@facet-id/crypto/node'
import { serve } from '@facet-id/http/node'
import { readIdentifierUrl, wellKnownUrl } from '@facet-id/protocol/url'
import type { Handle } from '@facet-id/protocol/wire'
import type { Store } from '@facet-id/store'
import { createDidAgent, type Identity } from '@facet-id/veramo'
import { type Clock, systemClock } from '../clock.ts'
import { type Environment, openNodeData } from '../config/data-directory.ts'
import { type AddressOptions, portOf, publicUrlOf, rememberPort } from './address.ts'
import { type Closing, createClosing } from './closing.ts'
import { type EntityOptions, publishingEntity } from './entity-publishing.ts'
import { type Operations, openOperatorDoor } from './operator.ts'
import { startSweeping } from './sweeping.ts'

export interface NodeOptions extends AddressOptions {
  readonly dataDirectory: string
  readonly environment: Environment
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
  /** Lets go of what the role itself holds; called when nothing asks it any more. */
  close?(): void
}

export interface Node<Role extends Built> {
  readonly role: Role
  readonly identity: Identity
  readonly url: string
  /** Where it listens on loopback, whatever the world calls it. */
  readonly port: number
  /** Stops taking requests, finishes those under way, and closes the store. Safe to call twice. */
  close(): Promise<void>
}

/**
 * @param alias which of the agent's DIDs; made at the first start, found again later
 * @throws {FacetError} `development_mode_needed`, `public_url_malformed`, `data_directory_unusable`,
 * `key_file_…`, `usage`; {HttpError} `port_in_use`; {StoreError} `store_locked`, `store_corrupt`, `key_wrong`
 */
export async function startNode<Role extends Built>(
  options: NodeOptions,
  alias: string,
  build: (ground: Ground) => MaybePromise<Role>,
): Promise<Node<Role>> {
  const closing = createClosing()
  try {
    return await open(options, alias, { build, closing })
  } catch (error) {
    // Why it did not start counts, not what else went wrong on the way back.
    await closing.close().catch(() => {})
    throw error
  }
}

async function open<Role extends Built>(
  options: NodeOptions,
  alias: string,
  { build, closing }: { readonly build: (ground: Ground) => MaybePromise<Role>; readonly closing: Closing },
): Promise<Node<Role>> {
  const publicUrl = publicUrlOf(options)
  const { dataDirectory, environment, clock = systemClock, onUnforeseen = () => {} } = options
  const { store, deriveKey, close } = await openNodeData(dataDirectory, environment, clock)
  closing.add(close)
  const sweeping = await startSweeping(store)
  closing.add(() => sweeping.stop())
  const agent = createDidAgent({ store, keys: { generate: generateKey, signerOf }, now: clock.now })
  const identity = await agent.identify(alias)
  // The role is built from the address, and the address is known once the port is held.
  let role: Role | undefined
  let served: Handle | undefined
  const handle: Handle = async (request) => (served === undefined ? starting : served(request))
  closing.add(() => role?.close?.())
  const { url, port } = await listen()
  role = await build({ store, identity, url, now: clock.now, deriveKey, onUnforeseen })
  const { federationAuthorities: authorities } = options
  served =
    authorities === undefined
      ? role.handle
      : publishingEntity(role.handle, { url, identity, authorities, now: clock.now, ...entityOf(alias, url) })
  const door = await openOperatorDoor(dataDirectory, role.operations, onUnforeseen)
  closing.add(() => door.close())
  return { role, identity, url, port, close: () => closing.close() }

  async function listen(): Promise<{ readonly url: string; readonly port: number }> {
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
