/** What a check is told, and how its result is told. */
import type { Check, KeyAnswer } from '@facet-id/credential/sd-jwt-vc'

/** A line of the report; `code` names the check. */
export type Finding = Omit<Check, 'code'> & { readonly code: string }

/** Who says that the key is the one of whoever signed: the person, the token by a name or whole, its certificate. */
export type KeyWord = 'given' | 'named' | 'brought' | 'certificate'

export interface Judging {
  /** Of whoever signed. */
  readonly key: KeyAnswer
  readonly keyBy: KeyWord
  /** Seconds since the epoch. */
  readonly now: number
}
