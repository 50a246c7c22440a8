/** An answer in time: whoever asks for a credential waits while its claims are asked for, and others with that token behind it. */
import type { MaybePromise } from '@facet-id/credential/jose'
import { FacetError } from '../error.ts'

/** Milliseconds: less than the ten seconds for which wallets usually wait for an answer. */
export const ANSWER_WITHIN = 8000

/**
 * @param milliseconds after which nobody waits any more
 * @param act goes on where it cannot be stopped, and can see that its time is over: then it begins nothing new
 * @throws {FacetError} `claims_source_failed` when the time is over
 */
export async function within<T>(
  milliseconds: number,
  act: (isOver: () => boolean) => MaybePromise<T>,
): Promise<T> {
  let isOver = false
  let timer: ReturnType<typeof setTimeout> | undefined
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      isOver = true
      reject(new FacetError('claims_source_failed', 'Whoever knows the claims did not answer in time'))
    }, milliseconds)
  })
  try {
    return await Promise.race([act(() => isOver), over])
  } finally {
    clearTimeout(timer)
  }
}
