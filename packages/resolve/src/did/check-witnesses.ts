/** What witnesses said of a log, checked no further than it takes to believe each of them once. */
import type { WitnessProof, WitnessVerdicts } from '@facet-id/credential/did/webvh'
import type { CheckSignatures } from '@facet-id/credential/jose'
import { nextTurn, sliceLength } from './check-in-slices.ts'

/** @param proofs the best of each witness first, as `readWitnessProofs` has them */
export async function checkWitnesses(
  proofs: readonly WitnessProof[],
  checkSignatures: CheckSignatures,
): Promise<WitnessVerdicts> {
  const tried: WitnessProof[] = []
  const verdicts: Awaited<ReturnType<CheckSignatures>>[number][] = []
  const believed = new Set<string>()
  for (let open = proofs; open.length > 0; ) {
    if (tried.length > 0) await nextTurn()
    const slice = bestOfEach(open)
    const found = await checkSignatures(slice.map(({ check }) => check))
    for (const [at, { by }] of slice.entries()) if (found[at] === 'valid') believed.add(by)
    tried.push(...slice)
    verdicts.push(...slice.map((_, at) => found[at] ?? 'invalid'))
    open = open.filter((proof) => !(slice.includes(proof) || believed.has(proof.by)))
  }
  return { proofs: tried, verdicts }
}

function bestOfEach(proofs: readonly WitnessProof[]): readonly WitnessProof[] {
  const best = new Map<string, WitnessProof>()
  for (const proof of proofs) if (!best.has(proof.by)) best.set(proof.by, proof)
  return [...best.values()].slice(0, sliceLength)
}
