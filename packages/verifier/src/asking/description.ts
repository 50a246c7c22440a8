/**
 * What is asked for, in a few words: `over 18, nationality UTO`. It becomes a DCQL query for one
 * credential, and says nothing that DCQL could not.
 *
 * | words | as members | asks for |
 * |---|---|---|
 * | `over 18` | `over: 18` | `age_equal_or_over.18`, true |
 * | `nationality UTO` | `nationality: 'UTO'` | one of `nationalities` with that value |
 * | `nationality UTO or ZZZ` | `nationality: ['UTO', 'ZZZ']` | one of `nationalities` with one of the values |
 * | `name` | `claims: ['given_name', 'family_name']` | both names |
 * | `given name`, `family name`, `birthdate`, `address`, `portrait`, … | `claims: ['address']` | that claim |
 *
 * Words are joined by `,` or `and`. Names of claims are those of OpenID Connect (Core §5.1) and OpenID for
 * Identity Assurance; any other is asked for by `claims`, as a name or a whole path.
 */
import type { JsonObject, JsonValue } from '@facet-id/credential/json'
import type { ClaimsPath } from '@facet-id/credential/sd-jwt'
import { type DcqlQuery, readDcqlQuery } from '@facet-id/protocol/openid4vp'
import { VerifierError } from '../error.ts'

export interface Description {
  /** At least that old, in whole years: a yes, and no date of birth. */
  readonly over?: number
  /** This nationality, or one of these; others stay hidden. */
  readonly nationality?: string | readonly string[]
  /** Claims whole, each by its name at the top or by its path. */
  readonly claims?: readonly (string | ClaimsPath)[]
  /** Types that will do. Absent: those of the settings. */
  readonly types?: readonly string[]
}

/** Nobody is older than anybody was, and a figure beyond is a slip. */
const OLDEST = 150

/**
 * Reads a description as the query that it stands for; the query's id is `credential`.
 *
 * @param types where the description names none
 * @throws {VerifierError} `description_unreadable`
 * @throws {ProtocolError} those of `readDcqlQuery`, for claims or types that no query may name
 */
export function queryFor(described: string | Description, types: readonly string[]): DcqlQuery {
  const description = typeof described === 'string' ? readWords(described) : described
  const claims = claimsOf(description)
  const vct_values = description.types ?? types
  if (claims.length === 0) throw unreadable('it asks for nothing')
  if (vct_values.length === 0) throw unreadable('neither it nor the settings name a type of credential')
  return readDcqlQuery({
    credentials: [{ id: 'credential', format: 'dc+sd-jwt', meta: { vct_values }, claims }],
  })
}

function claimsOf({ over, nationality, claims = [] }: Description): readonly JsonObject[] {
  const asked: JsonObject[] = []
  if (over !== undefined) {
    if (!Number.isInteger(over) || over < 1 || over > OLDEST) throw unreadable('an age is whole years')
    asked.push({ path: ['age_equal_or_over', String(over)], values: [true] })
  }
  if (nationality !== undefined) {
    const values: readonly JsonValue[] = typeof nationality === 'string' ? [nationality] : nationality
    asked.push({ path: ['nationalities', null], values })
  }
  for (const claim of claims) asked.push({ path: typeof claim === 'string' ? [claim] : claim })
  return asked
}

/** What may be said in words, and the claims that it stands for. */
const claimWords: Readonly<Record<string, readonly string[]>> = {
  name: ['given_name', 'family_name'],
  'given name': ['given_name'],
  'family name': ['family_name'],
  birthdate: ['birthdate'],
  'date of birth': ['birthdate'],
  'place of birth': ['place_of_birth'],
  address: ['address'],
  nationalities: ['nationalities'],
  portrait: ['picture'],
  email: ['email'],
}

function readWords(text: string): Description {
  let description: Description = {}
  for (const words of partsOf(text)) description = withPart(description, words)
  return description
}

function partsOf(text: string): readonly string[] {
  if (text.length > 512) throw unreadable('it is longer than is read here')
  return text
    .split(/,| and /)
    .map((part) => part.trim().replace(/ +/g, ' '))
    .filter((part) => part !== '')
}

function withPart(description: Description, words: string): Description {
  const age = /^over ([0-9]{1,3})$/i.exec(words)?.[1]
  if (age !== undefined) return once(description, 'over', { over: Number(age) })
  const nationality = /^nationality (.+)$/i.exec(words)?.[1]
  if (nationality !== undefined) {
    return once(description, 'nationality', { nationality: nationality.split(/ or /i) })
  }
  const spoken = words.toLowerCase()
  const claims = Object.hasOwn(claimWords, spoken) ? claimWords[spoken] : undefined
  if (claims === undefined)
    throw unreadable('it has words that stand for nothing; the table has those that do')
  return { ...description, claims: [...(description.claims ?? []), ...claims] }
}

function once(description: Description, name: keyof Description, more: Description): Description {
  if (description[name] !== undefined) throw unreadable(`it says "${name}" twice`)
  return { ...description, ...more }
}

function unreadable(why: string): VerifierError {
  return new VerifierError('description_unreadable', `The description cannot be asked: ${why}`)
}
