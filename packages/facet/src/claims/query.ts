/**
 * Claims from a database, by one query for each configuration. Columns are claims; one that is called
 * `address.locality` stands inside of `address`, and what is null is not said.
 */
import type { MaybePromise } from '@facet-id/credential/jose'
import type { JsonObject, JsonValue } from '@facet-id/credential/json'
import type { SubjectAsked, SubjectClaims } from '@facet-id/issuer/issuance'
import { FacetError } from '../error.ts'
import { ANSWER_WITHIN, within } from './within.ts'

/** A database, as most of their clients are: values go apart from the text, so none of them is ever read as SQL. */
export interface ClaimsDatabase {
  query(
    text: string,
    params: readonly (string | null)[],
  ): MaybePromise<{ readonly rows: readonly Readonly<Record<string, unknown>>[] }>
}

/** What is asked for one configuration. */
export interface ClaimsQuery {
  /** With the placeholders of the database (`$1`, `?`), in the order of `params`. */
  readonly text: string
  /**
   * Absent: the subject alone. `server` is the authorization server that calls them so, null for this issuer: a query
   * that does not look at it takes persons whom two of them call alike for one.
   */
  readonly params?: readonly ('subject' | 'server' | 'credentialIdentifier' | 'issuanceId')[]
  /**
   * A column that is no claim: while it is true, or 1, the credential is not ready; false, 0 and null say that it is.
   * Anything else is refused, and so is a row without it. Absent: there is none.
   */
  readonly pendingColumn?: string
}

/**
 * No row: nothing may be said about that subject.
 *
 * @param milliseconds for which the database is waited for; 8000 when absent
 */
export function claimsFromQuery(
  database: ClaimsDatabase,
  queries: Readonly<Record<string, ClaimsQuery>>,
  milliseconds: number = ANSWER_WITHIN,
): SubjectClaims {
  return async (asked) => {
    const rule = Object.hasOwn(queries, asked.configurationId) ? queries[asked.configurationId] : undefined
    if (rule === undefined) {
      throw new FacetError('claims_source_failed', 'No query is given for a configuration that is asked for')
    }
    const [row, ...more] = await rowsFor(asked, rule, { database, milliseconds })
    if (row === undefined) return { answer: 'denied' }
    if (more.length > 0) throw malformed('it yields more than one row for a subject')
    if (rule.pendingColumn === undefined) return { answer: 'claims', claims: claimsIn(row) }
    const { [rule.pendingColumn]: pending, ...claims } = row
    return isTrue(pending) ? { answer: 'later' } : { answer: 'claims', claims: claimsIn(claims) }
  }
}

async function rowsFor(
  asked: SubjectAsked,
  { text, params = ['subject'] }: ClaimsQuery,
  { database, milliseconds }: { readonly database: ClaimsDatabase; readonly milliseconds: number },
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const values = params.map((name) => asked[name] ?? null)
  let yielded: { readonly rows?: unknown } | undefined
  try {
    yielded = await within(milliseconds, () => database.query(text, values))
  } catch (cause) {
    throw new FacetError('claims_source_failed', 'The database that knows the claims did not answer', {
      cause,
    })
  }
  const rows = yielded?.rows
  if (!Array.isArray(rows) || !rows.every((row) => typeof row === 'object' && row !== null)) {
    throw malformed('the database must yield rows, each an object')
  }
  return rows
}

function claimsIn(row: Readonly<Record<string, unknown>>): JsonObject {
  const claims = new Map<string, JsonValue>()
  const inside = new Map<string, [string, unknown][]>()
  for (const [column, value] of Object.entries(row)) {
    if (value === null || value === undefined) continue
    const dot = column.indexOf('.')
    if (dot === -1) claims.set(column, valueIn(value))
    else {
      const name = column.slice(0, dot)
      inside.set(name, [...(inside.get(name) ?? []), [column.slice(dot + 1), value]])
    }
  }
  for (const [name, members] of inside) {
    if (claims.has(name)) throw malformed('one column is the whole of what another is a part of')
    claims.set(name, claimsIn(Object.fromEntries(members)))
  }
  return Object.fromEntries(claims)
}

/** What a column may hold: texts, numbers, truth, and JSON that the client has read. No dates: they have no one form. */
function valueIn(value: unknown): JsonValue {
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (Array.isArray(value)) return value.map(valueIn)
  if (typeof value === 'object' && value !== null && isPlain(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, memberIn(member)]))
  }
  throw malformed('a column holds what is no JSON: cast dates and large numbers to texts in the query')
}

function memberIn(member: unknown): JsonValue {
  return member === null ? null : valueIn(member)
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** Databases say it in several ways. What says neither is not taken for a no: it would be issued too early. */
function isTrue(value: unknown): boolean {
  switch (value) {
    case true:
    case 1:
    case 1n:
      return true
    case false:
    case 0:
    case 0n:
    case null:
      return false
    default:
      throw malformed('its column for what is pending must be there, and true or false, 1 or 0')
  }
}

function malformed(why: string): FacetError {
  return new FacetError('claims_answer_malformed', `The query for claims is refused: ${why}`)
}
