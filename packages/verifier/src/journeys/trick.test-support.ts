/** A way to present what must not pass, and the line of the report that it fails. */
import type { JsonObject } from '@facet-id/credential/json'
import type { CheckCode } from '@facet-id/credential/sd-jwt-vc'
import type { Presenting, Stage, StageChanges } from '../stage.test-support.ts'
import { type Issuing, issue } from '../wallet.test-support.ts'

export interface Trick {
  readonly requirement: string
  readonly title: string
  readonly present: (on: Stage) => Presenting
  readonly changes?: StageChanges
  readonly reason: string
  /** `fail` unless told. */
  readonly outcome?: 'undetermined'
}

/** At least one for each of the codes, or the table does not compile. */
export type Tricks<Code extends CheckCode | 'query'> = Readonly<Record<Code, readonly [Trick, ...Trick[]]>>

export const DAY = 24 * 3600
/** Seconds that a key binding may be old, and that clocks may differ: the settings that come with us. */
export const MAX_AGE = 300
export const SKEW = 30

/** A day ago, by the issuer of the stage. */
export function from({ issuer, time }: Stage, issuing: Partial<Issuing> = {}): Issuing {
  return { issuer, issuedAt: time.now() - DAY, ...issuing }
}

export function withClaims(claims: (on: Stage) => JsonObject): Trick['present'] {
  return (on) => ({ held: issue(from(on, { claims: claims(on) })) })
}
