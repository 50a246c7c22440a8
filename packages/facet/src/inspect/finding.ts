/** What a check is told, and how its result is told. */
import type { Check, KeyAnswer } from '@facet-id/credential/sd-jwt-vc'

/** A line of the report; `code` names the check. */
export type Finding = Omit<Check, 'code'> & { readonly code: string }

export interface Judging {
  /** Of whoever signed. */
  readonly key: KeyAnswer
  /** Seconds since the epoch. */
  readonly now: number
}
