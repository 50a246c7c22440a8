/** Signatures by the thousand, a few at a time, so that whoever else is served here need not wait for all of them. */
import type { CheckSignatures, SignatureCheck, Verdict } from '@facet-id/credential/jose'

/** Checked between two turns of the event loop: some milliseconds of work. */
export const sliceLength = 64

/**
 * Verdicts in order, up to the slice in which the first signature does not hold: nothing after it counts, so that
 * nothing after it is checked.
 */
export async function checkInSlices(
  checks: readonly SignatureCheck[],
  checkSignatures: CheckSignatures,
): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = []
  for (let at = 0; at < checks.length; at += sliceLength) {
    if (at > 0) await nextTurn()
    const slice = checks.slice(at, at + sliceLength)
    const found = await checkSignatures(slice)
    verdicts.push(...found)
    if (found.length !== slice.length || found.some((verdict) => verdict !== 'valid')) break
  }
  return verdicts
}

export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0)
  })
}
