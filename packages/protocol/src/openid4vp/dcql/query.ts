/**
 * DCQL: what a verifier asks for. OpenID4VP 1.0 §6.
 *
 * Queries for other formats than `dc+sd-jwt` are read for the place that they have among the others: a
 * verifier may ask for one credential or another. A query for nothing but other formats is refused.
 */
import { findMember, isJsonArray, isJsonObject, type JsonValue } from '@facet-id/credential/json'
import * as v from 'valibot'
import { ProtocolError } from '../../error.ts'
import { list, members, optional, type Plain, type Reads, readMessage, type Same } from '../../read.ts'
import { type CredentialQuery, credentialQuery, SD_JWT_VC } from './credential-query.ts'
import { type CredentialSetQuery, credentialSetQuery } from './credential-set-query.ts'
import { areDistinct } from './identifier.ts'
import { DCQL_LIMITS } from './limits.ts'

export interface DcqlQuery {
  /** At least one; each with an `id` of its own. */
  readonly credentials: readonly CredentialQuery[]
  /** At least one; absent when all of the credentials are asked for. A query that is in none is not asked. */
  readonly credential_sets?: readonly CredentialSetQuery[]
}

const NAME = 'DCQL query'

/**
 * Reads a query. Unknown members are ignored at every level, defaults that are spelled out are
 * dropped, and so is a claim that is asked for twice in the same words (§6, §6.1).
 *
 * @throws {ProtocolError} `message_malformed`; `message_too_large` past {@link DCQL_LIMITS};
 * `feature_unsupported` where all that is asked for has other formats
 */
export function readDcqlQuery(value: JsonValue): DcqlQuery {
  // As text it would pass by what is refused next.
  if (!isJsonObject(value)) throw malformed('must be an object')
  refuseOtherFormats(findMember(value, 'credentials'))
  const query = readMessage(dcqlQuery, value, { name: NAME })
  refuseUnknownIds(query)
  refuseTooMany(query)
  return query
}

const dcqlQuery = members({
  credentials: v.pipe(
    list(credentialQuery, DCQL_LIMITS.credentials),
    v.check((queries) => areDistinct(queries.map(({ id }) => id)), 'must not use an id twice'),
  ),
  credential_sets: optional(list(credentialSetQuery, DCQL_LIMITS.credential_sets)),
})

true satisfies Same<Plain<DcqlQuery>, Reads<typeof dcqlQuery>>

function refuseOtherFormats(credentials: JsonValue | undefined): void {
  if (!isJsonArray(credentials) || credentials.length === 0) return
  const isOther = (query: JsonValue): boolean => {
    const format = isJsonObject(query) ? findMember(query, 'format') : undefined
    return typeof format === 'string' && format !== SD_JWT_VC
  }
  if (!credentials.every(isOther)) return
  throw new ProtocolError(
    'feature_unsupported',
    `The ${NAME} uses what is not supported yet: other formats than ${SD_JWT_VC}`,
  )
}

/** §6.2: identifiers "which reference elements in `credentials`". */
function refuseUnknownIds({ credentials, credential_sets = [] }: DcqlQuery): void {
  const known = new Set(credentials.map(({ id }) => id))
  if (credential_sets.some(({ options }) => options.flat().some((id) => !known.has(id)))) {
    throw malformed('has a credential set with an id that no credential query has')
  }
}

function refuseTooMany({ credentials, credential_sets = [] }: DcqlQuery): void {
  const claims = credentials.reduce((sum, query) => sum + (query.claims?.length ?? 0), 0)
  const sets = [
    ...credentials.map((query) => query.claim_sets ?? []),
    ...credential_sets.map((set) => set.options),
  ]
  const named = sets.reduce((sum, set) => sum + set.reduce((ids, option) => ids + option.length, 0), 0)
  if (claims <= DCQL_LIMITS.allClaims && named <= DCQL_LIMITS.members) return
  throw new ProtocolError(
    'message_too_large',
    `The ${NAME} combines more claims and credentials than are read`,
  )
}

function malformed(what: string): ProtocolError {
  return new ProtocolError('message_malformed', `The ${NAME} ${what}`)
}
