/** What platforms ask of a person most often, as DCQL. OpenID4VP 1.0 §6. */
import type { JsonObject, JsonValue } from '@facet-id/credential/json'
import { PERSON_VCT } from './person-type.ts'

export interface PersonWishes {
  /** Shown to be at least that old: a yes, and no date of birth. */
  readonly age?: number
  /** Shown to have this nationality; others stay hidden. */
  readonly nationality?: string
}

export function personQuery({ age, nationality }: PersonWishes): JsonObject {
  const claims: JsonValue[] = []
  if (age !== undefined) claims.push({ path: ['age_equal_or_over', String(age)], values: [true] })
  if (nationality !== undefined) claims.push({ path: ['nationalities', null], values: [nationality] })
  return {
    credentials: [{ id: 'person', format: 'dc+sd-jwt', meta: { vct_values: [PERSON_VCT] }, claims }],
  }
}
