/**
 * DCQL: what a verifier asks for. OpenID4VP 1.0 §6.
 *
 * Of the language this release takes `credentials`, `claims` and `values`, for SD-JWT VCs that are
 * bound to a key. Members that change the meaning of a query and are not taken are refused: a query
 * half understood would be answered with what was not asked for.
 */
import {
  findMember,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '@facet-id/credential/json'
import type { ClaimsPath } from '@facet-id/credential/sd-jwt'
import * as v from 'valibot'
import { ProtocolError } from '../../error.ts'
import {
  list,
  members,
  optional,
  type Plain,
  type Reader,
  type Reads,
  readMessage,
  type Same,
  text,
  whole,
} from '../../read.ts'

/** All of the credentials are asked for. */
export interface DcqlQuery {
  /** At least one; each with an `id` of its own. */
  readonly credentials: readonly CredentialQuery[]
}

/** One credential, of one of the types and with all of the claims. */
export interface CredentialQuery {
  /** Names the query in the answer: letters, digits, `_` and `-`. */
  readonly id: string
  readonly format: 'dc+sd-jwt'
  readonly meta: {
    /** At least one. */
    readonly vct_values: readonly string[]
  }
  /** At least one; absent when nothing that can be withheld is asked for. */
  readonly claims?: readonly ClaimsQuery[]
}

export interface ClaimsQuery {
  /** Alphabet as above; of no use without `claim_sets`. */
  readonly id?: string
  readonly path: ClaimsPath
  /** At least one; absent when any value will do. */
  readonly values?: readonly ClaimValue[]
}

/** Numbers are whole. */
export type ClaimValue = string | number | boolean

/** How much of a query is read: the text names no bounds, and a stranger's query needs some. */
export const DCQL_LIMITS = {
  credentials: 32,
  vct_values: 64,
  /** In one credential query. */
  claims: 128,
  values: 64,
  pathDepth: 16,
} as const

const NAME = 'DCQL query'

/**
 * Reads a query. Unknown members are ignored at every level, defaults that are spelled out are
 * dropped, and so is a claim that is asked for twice in the same words (§6, §6.1).
 *
 * @throws {ProtocolError} `message_malformed`; `message_too_large` past {@link DCQL_LIMITS};
 * `feature_unsupported` for other formats, `credential_sets`, `claim_sets`, `trusted_authorities`,
 * `multiple`, and credentials without holder binding
 */
export function readDcqlQuery(value: JsonValue): DcqlQuery {
  // As text it would pass by what is refused next.
  if (!isJsonObject(value)) throw new ProtocolError('message_malformed', `The ${NAME} must be an object`)
  refuseUnsupported(value)
  return readMessage(dcqlQuery, value, { name: NAME })
}

/** §6.1, §6.3: "a non-empty string consisting of alphanumeric, underscore, or hyphen characters". */
const identifier: Reader<string> = v.pipe(
  text(),
  v.regex(/^[A-Za-z0-9_-]+$/, 'must be of letters, digits, "_" and "-" only'),
)

const claimsQuery = members({
  id: optional(identifier),
  path: list<string | number | null>(v.union([v.string(), whole(0), v.null()]), DCQL_LIMITS.pathDepth),
  values: optional(
    list<ClaimValue>(v.union([v.string(), whole(Number.MIN_SAFE_INTEGER), v.boolean()]), DCQL_LIMITS.values),
  ),
})

const claimsQueries: Reader<readonly ClaimsQuery[]> = v.pipe(
  list(claimsQuery, DCQL_LIMITS.claims),
  v.check((claims) => areDistinct(claims.flatMap(({ id }) => id ?? [])), 'must not use an id twice'),
  v.transform(withoutRepeats),
)

const credentialQuery = members({
  id: identifier,
  format: v.literal('dc+sd-jwt'),
  meta: members({ vct_values: list(text(), DCQL_LIMITS.vct_values) }),
  claims: optional(claimsQueries),
})

const dcqlQuery = members({
  credentials: v.pipe(
    list(credentialQuery, DCQL_LIMITS.credentials),
    v.check((queries) => areDistinct(queries.map(({ id }) => id)), 'must not use an id twice'),
  ),
})

true satisfies Same<Plain<DcqlQuery>, Reads<typeof dcqlQuery>>

function areDistinct(ids: readonly string[]): boolean {
  return new Set(ids).size === ids.length
}

/** §6.1: "Verifiers MUST NOT point to the same claim more than once"; wallets ignore such repeats. */
function withoutRepeats(claims: readonly ClaimsQuery[]): readonly ClaimsQuery[] {
  const firsts = new Map<string, ClaimsQuery>()
  for (const claim of claims) {
    const path = JSON.stringify(claim.path)
    const first = firsts.get(path)
    if (first === undefined) firsts.set(path, claim)
    else if (JSON.stringify(first.values) !== JSON.stringify(claim.values)) {
      // Whichever were dropped, more might be shown than the verifier meant.
      throw new ProtocolError('message_malformed', `The ${NAME} asks for one claim twice, with other values`)
    }
  }
  return [...firsts.values()]
}

function refuseUnsupported(query: JsonValue): void {
  if (!isJsonObject(query)) return
  if (Object.hasOwn(query, 'credential_sets')) throw unsupported('"credential_sets"')
  const credentials = findMember(query, 'credentials')
  if (!isJsonArray(credentials)) return
  for (const credential of credentials) if (isJsonObject(credential)) refuseUnsupportedCredential(credential)
}

function refuseUnsupportedCredential(query: JsonObject): void {
  const format = findMember(query, 'format')
  if (typeof format === 'string' && format !== 'dc+sd-jwt') throw unsupported('other formats than dc+sd-jwt')
  for (const name of ['claim_sets', 'trusted_authorities']) {
    if (Object.hasOwn(query, name)) throw unsupported(`"${name}"`)
  }
  // Both have a default that is taken; spelled out it means no more.
  if (flag(query, 'multiple') === true) throw unsupported('several credentials for one query ("multiple")')
  if (flag(query, 'require_cryptographic_holder_binding') === false) {
    throw unsupported('credentials without a proof of holder binding')
  }
}

function flag(query: JsonObject, name: string): boolean | undefined {
  const value = findMember(query, name)
  if (value === undefined || typeof value === 'boolean') return value
  throw new ProtocolError('message_malformed', `The ${NAME}'s "${name}" must be true or false`)
}

function unsupported(what: string): ProtocolError {
  return new ProtocolError('feature_unsupported', `The ${NAME} uses what is not supported yet: ${what}`)
}
