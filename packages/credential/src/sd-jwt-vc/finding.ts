/** How a check finds words: the lines of a report, and what an error becomes there. */
import { CredentialError } from '../error.ts'
import type { Check, CheckCode, CheckReason } from './report.ts'

export function pass(code: CheckCode, text: string): Check {
  return { code, outcome: 'pass', text }
}

export function skip(code: CheckCode, text: string): Check {
  return { code, outcome: 'skipped', text }
}

/** Why a check did not pass. */
export type Fault = Required<Pick<Check, 'reason' | 'text'>> & Pick<Check, 'expected'>

export function fail(code: CheckCode, fault: Fault): Check {
  return { code, outcome: 'fail', ...fault }
}

export function undetermined(code: CheckCode, fault: Fault): Check {
  return { code, outcome: 'undetermined', ...fault }
}

/** What a reader made of a text: its value, or why it refused. */
export type Attempt<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: CheckReason; readonly text: string }

/** Messages of this package's errors hold no user data, so a report may quote them. */
export function attempt<T>(read: () => T): Attempt<T> {
  try {
    return { ok: true, value: read() }
  } catch (error) {
    if (!(error instanceof CredentialError)) throw error
    return { ok: false, reason: error.code, text: `${error.message}.` }
  }
}
