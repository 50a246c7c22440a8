/** Credential sets: which of the credentials a verifier needs together, and which instead of others. §6.2, §6.4.2. */

import * as v from 'valibot'
import { list, members, optional, type Plain, type Reader, type Reads, type Same } from '../../read.ts'
import { identifier } from './identifier.ts'
import { DCQL_LIMITS } from './limits.ts'

/** One use case: met by all credentials of one of its options. */
export interface CredentialSetQuery {
  /** At least one, the one that the verifier would rather have first; each with ids of credential queries, at least one. */
  readonly options: readonly (readonly string[])[]
  /** Absent: it must be met. */
  readonly required?: false
}

const credentialSetMembers = members({
  options: list(list(identifier, DCQL_LIMITS.credentials), DCQL_LIMITS.options),
  required: optional(v.boolean()),
})

/** Reads one entry; for the schema of the query. */
export const credentialSetQuery: Reader<CredentialSetQuery> = v.pipe(
  credentialSetMembers,
  v.transform(
    ({ options, required }): CredentialSetQuery => ({
      options,
      ...(required === false ? { required } : {}),
    }),
  ),
)

true satisfies Same<Plain<CredentialSetQuery>, Reads<typeof credentialSetQuery>>
