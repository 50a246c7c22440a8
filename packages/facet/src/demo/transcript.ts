/** What the demonstration says while it runs, as data: printed for people, or collected for programs. */
import type { QueryCheck } from '@facet-id/verifier'
import type { LedgerRow } from './ledger.ts'

export type TranscriptEvent =
  | { readonly event: 'chapter'; readonly title: string }
  | {
      readonly event: 'step'
      readonly text: string
      readonly milliseconds: number
      readonly details?: readonly string[]
    }
  | { readonly event: 'waiting'; readonly text: string }
  | { readonly event: 'note'; readonly text: string }
  | {
      readonly event: 'report'
      readonly outcome: 'verified' | 'refused'
      readonly checks: readonly QueryCheck[]
      readonly shown?: unknown
    }
  | { readonly event: 'ledger'; readonly rows: readonly LedgerRow[] }

export type Tell = (event: TranscriptEvent) => void

/** Does one thing, and says what it was and how long it took. */
export async function step<T>(
  tell: Tell,
  text: string | ((result: T) => string),
  act: () => Promise<T>,
  details?: (result: T) => readonly string[],
): Promise<T> {
  const began = performance.now()
  const result = await act()
  const milliseconds = Math.round((performance.now() - began) * 10) / 10
  const lines = details?.(result) ?? []
  tell({
    event: 'step',
    text: typeof text === 'string' ? text : text(result),
    milliseconds,
    ...(lines.length === 0 ? {} : { details: lines }),
  })
  return result
}

/** The beginning of a long identifier. */
export function short(identifier: string): string {
  return identifier.length <= 48 ? identifier : `${identifier.slice(0, 47)}…`
}
