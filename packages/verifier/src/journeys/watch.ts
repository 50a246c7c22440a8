/** Telling whoever asked as soon as something has come of it: for server-sent events, and for who waits. */
import type { PresentationResult } from '../result/presentation.ts'

export interface Watching {
  /** What came of it so far. */
  readonly look: () => Promise<PresentationResult>
  /** Comes when the presentation may have changed; `stop` lets go of it. */
  readonly change: () => { readonly comes: Promise<void>; readonly stop: () => void }
  readonly pause: (milliseconds: number) => Promise<void>
}

/** Another process may have taken the answer: what nobody here heard of is seen by looking again. */
const LOOK_AGAIN = 1000

/** What came of it now, and then each time that another outcome came; ends with the last one. */
export async function* watchResult({ look, change, pause }: Watching): AsyncGenerator<PresentationResult> {
  let told: PresentationResult['outcome'] | undefined
  for (;;) {
    // Before looking: what comes in between would be missed.
    const { comes, stop } = change()
    try {
      const result = await look()
      if (result.outcome !== told) yield result
      told = result.outcome
      if (isLast(result)) return
      await Promise.race([comes, pause(LOOK_AGAIN)])
    } finally {
      stop()
    }
  }
}

function isLast({ outcome }: PresentationResult): boolean {
  return outcome !== 'pending' && outcome !== 'awaiting_return'
}
