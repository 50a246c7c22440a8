/** What an operator does with the DIDs of a data directory, through the door of a service or beside it. */
import { isJsonObject, type JsonObject, type JsonValue, readJson } from '@facet-id/credential/json'
import { type DidAgent, type KeptDid, readWish } from '@facet-id/veramo'
import { FacetError } from '../error.ts'
import type { Operations } from '../service/operator.ts'

const DAY = 24 * 3600
/** A credential of ours is good for a year, and begins on the midnight before. */
const DEFAULT_OVERLAP_DAYS = 366

/**
 * @param onChange awaited after a DID was changed, so that who signs with it takes the new keys
 * @param inUse the alias under which a service signs, whose DID is not given up beneath it
 */
export function didOperations(
  { dids }: Pick<DidAgent, 'dids'>,
  { onChange, inUse }: { readonly onChange?: () => Promise<void>; readonly inUse?: string } = {},
): Operations {
  async function named(input: JsonObject): Promise<KeptDid> {
    const name = textOf(input, 'name')
    const kept = name.startsWith('did:') ? await dids.find(name) : await dids.findByAlias(name)
    if (kept === undefined) throw new FacetError('did_not_kept', 'No DID of this name is kept here')
    return kept
  }

  async function changed(kept: KeptDid): Promise<JsonValue> {
    await onChange?.()
    return told(kept)
  }

  return {
    async 'did-create'(input) {
      const { wish, alias } = input
      if (!isJsonObject(wish)) throw new FacetError('usage', 'A DID needs a wish')
      const did = await dids.create(readWish(wish), typeof alias === 'string' ? alias : undefined)
      return told(await dids.get(did))
    },
    async 'did-list'() {
      const all: JsonValue[] = []
      for await (const kept of dids.list()) all.push(told(kept))
      return { dids: all }
    },
    async 'did-show'(input) {
      const kept = await named(input)
      const document = await dids.documentOf(kept.did)
      return plain({ ...told(kept), document: document ?? null })
    },
    async 'did-files'(input) {
      return plain({ files: await dids.filesOf((await named(input)).did) })
    },
    async 'did-rotate'(input) {
      const days = input.overlapDays ?? DEFAULT_OVERLAP_DAYS
      if (typeof days !== 'number') throw new FacetError('usage', 'The overlap is a number of days')
      return changed(await dids.rotate((await named(input)).did, days * DAY))
    },
    async 'did-add-service'(input) {
      const service = {
        id: textOf(input, 'id'),
        type: textOf(input, 'type'),
        serviceEndpoint: textOf(input, 'endpoint'),
      }
      return changed(await dids.addService((await named(input)).did, service))
    },
    async 'did-remove-service'(input) {
      return changed(await dids.removeService((await named(input)).did, textOf(input, 'id')))
    },
    async 'did-move'(input) {
      const { path } = input
      const to = {
        domain: textOf(input, 'domain'),
        ...(typeof path === 'string' ? { path: path.split('/').filter((part) => part !== '') } : {}),
      }
      return changed(await dids.move((await named(input)).did, to))
    },
    async 'did-deactivate'(input) {
      const kept = await named(input)
      if (inUse !== undefined && kept.alias === inUse) {
        throw new FacetError('did_in_use', 'A service signs with this DID: stop it first')
      }
      return changed(await dids.deactivate(kept.did))
    },
  }
}

/** What is known of a DID, for operators: no key but its public ones. */
function told(kept: KeptDid): JsonObject {
  const { did, alias, method, createdAt, revision, deactivatedAt } = kept
  return {
    did,
    ...(alias === undefined ? {} : { alias }),
    method,
    createdAt,
    revision,
    ...(deactivatedAt === undefined ? {} : { deactivatedAt }),
    keys: kept.keys.map(({ id, roles, state, until, publicJwk }) => ({
      id,
      roles: [...roles],
      state,
      ...(until === undefined ? {} : { until }),
      curve: publicJwk.crv,
    })),
    services: kept.services.map((service) => ({ ...service })),
  }
}

function textOf(input: JsonObject, name: string): string {
  const value = input[name]
  if (typeof value === 'string' && value !== '') return value
  throw new FacetError('usage', `This needs "${name}"`)
}

function plain(value: object): JsonValue {
  return readJson(JSON.stringify(value))
}
