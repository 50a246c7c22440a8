/**
 * The ground that an issuance node and a verifier service stand on: sealed state on disk, a DID whose
 * keys a Veramo agent keeps, a port, and a door for the operator. What is opened is closed again, in
 * reverse, when a later part cannot be opened.
 */
import { generateKey, signerOf } from '@facet-id/crypto/node'
import { serve } from '@facet-id/http/node'
import type { Handle } from '@facet-id/protocol/wire'
import type { Store } from '@facet-id/store'
import { createDidAgent, type Identity } from '@facet-id/veramo'
import { type Environment, openNodeData } from '../config/data-directory.ts'
import { type AddressOptions, checkAddress, portOf, rememberPort } from './address.ts'
import { type Clock, systemClock } from './clock.ts'
import { type Operations, openOperatorDoor } from './operator.ts'

export interface NodeOptions extends AddressOptions {
  readonly dataDirectory: string
  readonly environment: Environment
  /** Absent: the time of this machine. */
  readonly clock?: Clock
}

/** What a role is made from. */
export interface Ground {
  readonly store: Store
  readonly identity: Identity
  /** Where the world reaches it: no slash at the end. */
  readonly url: string
  readonly now: () => number
  deriveKey(purpose: string): Uint8Array
}

export interface Built {
  readonly handle: Handle
  readonly operations: Operations
}

export interface Node<Role extends Built> {
  readonly role: Role
  readonly identity: Identity
  readonly url: string
  /** Stops taking requests, finishes those under way, and closes the store. Safe to call twice. */
  close(): Promise<void>
}

/**
 * @param alias which of the agent's DIDs; made at the first start, found again later
 * @throws {FacetError} `development_mode_needed`, `key_file_…`; {HttpError} `port_in_use`;
 * {StoreError} `store_locked`, `store_corrupt`, `key_wrong`
 */
export async function startNode<Role extends Built>(
  options: NodeOptions,
  alias: string,
  build: (ground: Ground) => Role,
): Promise<Node<Role>> {
  checkAddress(options)
  const { now } = options.clock ?? systemClock
  const data = await openNodeData(options.dataDirectory, options.environment)
  const closing: (() => Promise<void>)[] = [data.close]
  const close = async (): Promise<void> => {
    for (const end of closing.splice(0).reverse()) await end()
  }
  try {
    const { store, deriveKey } = data
    const agent = createDidAgent({ store, keys: { generate: generateKey, signerOf }, now })
    const identity = await agent.identify(alias)
    // The role is built from the address, and the address is known once the port is held.
    let role: Role | undefined
    const { publicUrl } = options
    const handle: Handle = async (request) => (role === undefined ? starting : role.handle(request))
    const port = await portOf(store, options)
    const served = await serve(handle, { port, ...(publicUrl === undefined ? {} : { publicUrl }) })
    closing.push(() => served.close())
    await rememberPort(store, served.port)
    const url = publicUrl ?? served.url
    role = build({ store, identity, url, now, deriveKey })
    const door = await openOperatorDoor(options.dataDirectory, role.operations)
    closing.push(() => door.close())
    return { role, identity, url, close }
  } catch (error) {
    await close()
    throw error
  }
}

const starting = { status: 503, headers: { 'retry-after': '1' }, body: '' } as const
