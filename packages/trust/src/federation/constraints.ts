/** Constraints on those below (OpenID Federation 1.0 §6.2). Unknown ones are read over, as the text asks. */
import {
  findMember,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '@facet-id/credential/json'
import { hostOf, malformed } from './entity-id.ts'

export interface Constraints {
  /** How many intermediates there may be between who says so and the subject of the chain. */
  readonly maxPathLength?: number
  /** Hosts, or domains with a period in front, which they do not include. */
  readonly naming?: { readonly permitted?: readonly string[]; readonly excluded: readonly string[] }
  readonly allowedEntityTypes?: readonly string[]
}

/** Always allowed, and never listed (§6.2.3). */
const federationEntity = 'federation_entity'

/** @throws {TrustError} `statement_malformed` */
export function readConstraints(value: JsonValue): Constraints {
  if (!isJsonObject(value)) throw malformed('"constraints" must be an object')
  const length = findMember(value, 'max_path_length')
  const naming = findMember(value, 'naming_constraints')
  const types = texts(value, 'allowed_entity_types')
  if (length !== undefined && (typeof length !== 'number' || !Number.isSafeInteger(length) || length < 0))
    throw malformed('"max_path_length" must be a whole number from 0')
  if (types?.includes(federationEntity) === true)
    throw malformed('"allowed_entity_types" must not name federation_entity')
  return {
    ...(length === undefined ? {} : { maxPathLength: length }),
    ...(naming === undefined ? {} : { naming: readNaming(naming) }),
    ...(types === undefined ? {} : { allowedEntityTypes: types }),
  }
}

/**
 * Whether a chain obeys what one of its statements demands of those below.
 *
 * @param below the subject of that statement and all whose statements come before it, the subject of the chain first
 */
export function obeysConstraints({ maxPathLength, naming }: Constraints, below: readonly string[]): boolean {
  if (below.length - 1 > (maxPathLength ?? below.length)) return false
  return naming === undefined || below.every((entityId) => isPermitted(hostOf(entityId), naming))
}

/** The metadata that remains when entity types are dropped that are not allowed. */
export function allowedMetadata(
  metadata: Readonly<Record<string, JsonObject>>,
  { allowedEntityTypes }: Constraints,
): Readonly<Record<string, JsonObject>> {
  if (allowedEntityTypes === undefined) return metadata
  return Object.fromEntries(
    Object.entries(metadata).filter(
      ([type]) => type === federationEntity || allowedEntityTypes.includes(type),
    ),
  )
}

function isPermitted(host: string, { permitted, excluded }: NonNullable<Constraints['naming']>): boolean {
  if (excluded.some((base) => isWithin(host, base))) return false
  return permitted === undefined || permitted.some((base) => isWithin(host, base))
}

/** RFC 5280 §4.2.1.10 for URIs: with a period in front any host below, without one that host. */
function isWithin(host: string, base: string): boolean {
  return base.startsWith('.') ? host.endsWith(base) && host.length > base.length : host === base
}

function readNaming(value: JsonValue): NonNullable<Constraints['naming']> {
  if (!isJsonObject(value)) throw malformed('"naming_constraints" must be an object')
  const permitted = texts(value, 'permitted')
  const all = { ...(permitted === undefined ? {} : { permitted }), excluded: texts(value, 'excluded') ?? [] }
  if ([...(permitted ?? []), ...all.excluded].some((name) => !/^\.?[a-z0-9-]+(?:\.[a-z0-9-]+)*$/.test(name)))
    throw malformed('"naming_constraints" name hosts, or domains with a period in front, in lower case')
  return all
}

function texts(of: JsonObject, name: string): readonly string[] | undefined {
  const value = findMember(of, name)
  if (value === undefined) return undefined
  if (isJsonArray(value) && value.every((item) => typeof item === 'string')) return value.map(String)
  throw malformed(`"${name}" must be a list of texts`)
}
