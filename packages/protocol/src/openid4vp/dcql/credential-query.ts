/** One credential that a verifier asks for: of which types, with which claims, certified by whom. §6.1, §6.3. */
import type { ClaimsPath } from '@facet-id/credential/sd-jwt'
import * as v from 'valibot'
import { ProtocolError } from '../../error.ts'
import {
  jsonObject,
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
import { areDistinct, identifier } from './identifier.ts'
import { DCQL_LIMITS } from './limits.ts'
import { type TrustedAuthorities, trustedAuthorities } from './trusted-authorities.ts'

/** The one format that is known here. */
export const SD_JWT_VC = 'dc+sd-jwt'

/** One credential, of one of the types and with all of the claims, or those of one of the claim sets. */
export interface CredentialQuery {
  /** Names the query in the answer: letters, digits, `_` and `-`. */
  readonly id: string
  /**
   * `dc+sd-jwt`, or a format that is not known here: such a query keeps its place among the others, and
   * nothing matches it.
   */
  readonly format: string
  /** `true`: several credentials may answer it. */
  readonly multiple?: true
  readonly meta: {
    /** At least one; none where the format is another. */
    readonly vct_values: readonly string[]
  }
  /** At least one; absent when the wallet need not look who certified the issuer. One that is met is enough. */
  readonly trusted_authorities?: readonly TrustedAuthorities[]
  /** `false`: nobody need prove to be the holder. */
  readonly require_cryptographic_holder_binding?: false
  /** At least one; absent when nothing that can be withheld is asked for. */
  readonly claims?: readonly ClaimsQuery[]
  /** Combinations of claims by their ids, the one that the verifier would rather have first; absent: all claims. */
  readonly claim_sets?: readonly (readonly string[])[]
}

export interface ClaimsQuery {
  /** Alphabet as above; there where `claim_sets` are. */
  readonly id?: string
  readonly path: ClaimsPath
  /** At least one; absent when any value will do. */
  readonly values?: readonly ClaimValue[]
}

/** Numbers are whole. */
export type ClaimValue = string | number | boolean

const NAME = 'DCQL query'

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
)

const queryMembers = members({
  id: identifier,
  format: text(),
  multiple: optional(v.boolean()),
  meta: jsonObject,
  trusted_authorities: optional(trustedAuthorities),
  require_cryptographic_holder_binding: optional(v.boolean()),
  claims: optional(claimsQueries),
  claim_sets: optional(list(list(identifier, DCQL_LIMITS.claims), DCQL_LIMITS.claim_sets)),
})

const sdJwtVcMeta = members({ vct_values: list(text(), DCQL_LIMITS.vct_values) })

/** Reads one entry; for the schema of the query. Defaults that are spelled out are dropped. */
export const credentialQuery: Reader<CredentialQuery> = v.pipe(
  queryMembers,
  v.transform((read): CredentialQuery => {
    const { id, format, multiple, meta, trusted_authorities, claims, claim_sets } = read
    return {
      id,
      format,
      ...(multiple === true ? { multiple } : {}),
      meta: format === SD_JWT_VC ? readMessage(sdJwtVcMeta, meta, { name: NAME }) : { vct_values: [] },
      ...(trusted_authorities === undefined ? {} : { trusted_authorities }),
      ...(read.require_cryptographic_holder_binding === false
        ? { require_cryptographic_holder_binding: false }
        : {}),
      ...claimsOf(claims, claim_sets),
    }
  }),
)

true satisfies Same<Plain<CredentialQuery>, Reads<typeof credentialQuery>>

type Asked = Pick<CredentialQuery, 'claims' | 'claim_sets'>

/** §6.4.1: "`claim_sets` MUST NOT be present if `claims` is absent", and its ids are those of claims. */
function claimsOf(claims: Asked['claims'], sets: Asked['claim_sets']): Asked {
  if (claims === undefined) {
    if (sets !== undefined) throw malformed('has claim_sets without claims')
    return {}
  }
  const { firsts, nameOf } = withoutRepeats(claims)
  if (sets === undefined) return { claims: firsts }
  if (claims.some(({ id }) => id === undefined)) throw malformed('has claim_sets, and claims without an id')
  return { claims: firsts, claim_sets: sets.map((set) => [...new Set(set.map(nameOf))]) }
}

/** §6.1: "Verifiers MUST NOT point to the same claim more than once"; wallets ignore such repeats. */
function withoutRepeats(claims: readonly ClaimsQuery[]) {
  const firsts = new Map<string, ClaimsQuery>()
  const names = new Map<string, string>()
  for (const claim of claims) {
    const path = JSON.stringify(claim.path)
    const first = firsts.get(path)
    if (first !== undefined && JSON.stringify(first.values) !== JSON.stringify(claim.values)) {
      // Whichever were dropped, more might be shown than the verifier meant.
      throw malformed('asks for one claim twice, with other values')
    }
    if (first === undefined) firsts.set(path, claim)
    if (claim.id !== undefined) names.set(claim.id, first?.id ?? claim.id)
  }
  const nameOf = (id: string): string => {
    const name = names.get(id)
    if (name === undefined) throw malformed('has a claim set with an id that no claim has')
    return name
  }
  return { firsts: [...firsts.values()], nameOf }
}

function malformed(what: string): ProtocolError {
  return new ProtocolError('message_malformed', `The ${NAME} ${what}`)
}
