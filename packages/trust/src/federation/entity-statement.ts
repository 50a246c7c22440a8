/** Entity statements (OpenID Federation 1.0 §3): what an entity says of itself, or a superior of a subordinate. */
import { readBase64urlText } from '@facet-id/credential/base64url'
import {
  type Jws,
  jwsAlgorithms,
  type PublicJwk,
  readJws,
  readPublicJwk,
  readPublicMembers,
} from '@facet-id/credential/jose'
import {
  findMember,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  readJsonObject,
} from '@facet-id/credential/json'
import { type Constraints, readConstraints } from './constraints.ts'
import { malformed, readEntityId } from './entity-id.ts'

export interface EntityStatement {
  readonly jws: Jws
  readonly kid: string
  readonly iss: string
  readonly sub: string
  /** Seconds since the epoch. */
  readonly iat: number
  readonly exp: number
  /** Keys of the subject by their `kid`, those of a kind that is taken. */
  readonly keys: ReadonlyMap<string, PublicJwk>
  /** Entity types and their parameters; empty when absent. */
  readonly metadata: Readonly<Record<string, JsonObject>>
  /** Of a subordinate statement, as it stands. */
  readonly metadataPolicy?: JsonObject
  readonly metadataPolicyCrit: readonly string[]
  readonly constraints?: Constraints
  /** Of an entity configuration. */
  readonly authorityHints: readonly string[]
  /** All claims: marks, and what an anchor says of marks. */
  readonly claims: JsonObject
}

const typ = 'entity-statement+jwt'
export const maxStatementCharacters = 262_144
const maxKeys = 64

const inConfigurationsOnly = [
  'authority_hints',
  'trust_anchor_hints',
  'trust_marks',
  'trust_mark_issuers',
  'trust_mark_owners',
]
const inSubordinatesOnly = ['metadata_policy', 'metadata_policy_crit', 'constraints', 'source_endpoint']

/**
 * Reads a statement. Whether its signature holds, and whose key that must be, is for the chain to say.
 *
 * @throws {TrustError} `statement_malformed`, `policy_malformed`
 */
export function readEntityStatement(text: string): EntityStatement {
  const jws = readToken(text)
  const { payload: claims } = jws
  const { kid } = jws.header
  // §3.2: a non-empty kid that names one key of the issuer.
  if (kid === undefined || kid === '') throw malformed('its header must name a key ("kid")')
  const iss = readEntityId(findMember(claims, 'iss'), 'iss')
  const sub = readEntityId(findMember(claims, 'sub'), 'sub')
  const isConfiguration = iss === sub
  const stray = (isConfiguration ? inSubordinatesOnly : inConfigurationsOnly).find((name) =>
    Object.hasOwn(claims, name),
  )
  if (stray !== undefined) throw malformed(`"${stray}" stands in a statement of the wrong kind`)
  // §3.1.1: every claim listed must be understood. All that is understood here may not be listed.
  if (Object.hasOwn(claims, 'crit'))
    throw malformed('it demands that claims be understood which are not known')
  const policy = findMember(claims, 'metadata_policy')
  const constraints = findMember(claims, 'constraints')
  if (policy !== undefined && !isJsonObject(policy)) throw malformed('"metadata_policy" must be an object')
  return {
    jws,
    kid,
    iss,
    sub,
    iat: time(claims, 'iat'),
    exp: time(claims, 'exp'),
    keys: readKeys(findMember(claims, 'jwks'), 'jwks'),
    metadata: readMetadata(findMember(claims, 'metadata')),
    ...(policy === undefined ? {} : { metadataPolicy: policy }),
    metadataPolicyCrit: texts(claims, 'metadata_policy_crit'),
    ...(constraints === undefined ? {} : { constraints: readConstraints(constraints) }),
    authorityHints: texts(claims, 'authority_hints'),
    claims,
  }
}

export function isEntityConfiguration({ iss, sub }: EntityStatement): boolean {
  return iss === sub
}

/**
 * Reads a key set of a federation: public keys, each with a `kid` of its own. A key of a kind that is not
 * taken is left out, and then nothing that it signed can be verified.
 *
 * @throws {TrustError} `statement_malformed`
 */
export function readKeys(value: JsonValue | undefined, what: string): ReadonlyMap<string, PublicJwk> {
  const list = isJsonObject(value) ? findMember(value, 'keys') : undefined
  if (!isJsonArray(list) || list.length === 0 || list.length > maxKeys)
    throw malformed(`"${what}" must be a set of keys`)
  const kids = list.map((jwk) => readKid(jwk, what))
  if (new Set(kids).size < kids.length) throw malformed(`two keys of "${what}" have one "kid"`)
  return new Map(
    list.flatMap((jwk, at) => {
      const key = findKey(jwk)
      return key === undefined ? [] : [[kids[at] ?? '', key] as const]
    }),
  )
}

function readToken(text: string): Jws {
  const jws = readSigned(text)
  const [header = ''] = jws.signingInput.split('.')
  // §4.3: the header of a statement MUST NOT hold chains, which would each hold statements again.
  const forbidden = ['trust_chain', 'peer_trust_chain'].find((name) =>
    Object.hasOwn(readJsonObject(readBase64urlText(header)), name),
  )
  if (forbidden !== undefined) throw malformed(`its header must not have "${forbidden}"`)
  return jws
}

function readSigned(text: string): Jws {
  try {
    return readJws(text, { typ, algs: jwsAlgorithms, maxBytes: maxStatementCharacters })
  } catch (cause) {
    throw malformed('it is no signed statement of its kind', cause)
  }
}

function readKid(jwk: JsonValue, what: string): string {
  let kid: JsonValue | undefined
  try {
    kid = findMember(readPublicMembers(jwk), 'kid')
  } catch (cause) {
    throw malformed(`"${what}" holds what is no public key`, cause)
  }
  if (typeof kid !== 'string' || kid === '') throw malformed(`each key of "${what}" needs a "kid"`)
  return kid
}

function findKey(jwk: JsonValue): PublicJwk | undefined {
  try {
    return readPublicJwk(jwk)
  } catch {
    return undefined
  }
}

function readMetadata(value: JsonValue | undefined): EntityStatement['metadata'] {
  if (value === undefined) return {}
  if (!isJsonObject(value)) throw malformed('"metadata" must be an object')
  return Object.fromEntries(
    Object.entries(value).map(([type, parameters]) => {
      // §3.1.1: no parameter is null.
      if (!isJsonObject(parameters) || Object.values(parameters).includes(null))
        throw malformed('metadata of an entity type must be an object without null')
      return [type, parameters]
    }),
  )
}

export function time(claims: JsonObject, name: string): number {
  const value = findMember(claims, name)
  if (typeof value === 'number' && value >= 0) return value
  throw malformed(`"${name}" must be a time`)
}

function texts(claims: JsonObject, name: string): readonly string[] {
  const value = findMember(claims, name)
  if (value === undefined) return []
  if (
    isJsonArray(value) &&
    value.length > 0 &&
    value.every((item) => typeof item === 'string' && item !== '')
  )
    return value.map(String)
  throw malformed(`"${name}" must be a list of texts, not empty`)
}
