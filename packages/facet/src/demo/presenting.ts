/** One visit to the platform: it asks, the wallet shows, the platform judges. */
import type { PresentationResult } from '@facet-id/verifier'
import type { Parties } from './parties.ts'
import { step, type Tell } from './transcript.ts'

export async function visit(
  text: string,
  { verifier, wallet }: Parties,
  tell: Tell,
): Promise<PresentationResult> {
  const request = await step(
    tell,
    text,
    () => verifier.verifier.request('over 18, nationality UTO'),
    ({ link }) => [`link: ${link.slice(0, 76)}…`],
  )
  await step(
    tell,
    ({ accepted }) => `The wallet shows two claims; the platform ${accepted ? 'accepts' : 'refuses'}`,
    () => wallet.holder.present(request.link),
  )
  const result = await verifier.verifier.result(request.transactionId)
  if ('reports' in result) {
    const { outcome } = result
    for (const { checks, shown } of Object.values(result.reports)) {
      tell({ event: 'report', outcome, checks, ...(shown === undefined ? {} : { shown }) })
    }
  }
  return result
}

/** Whether it was refused because of the status list, and not for another reason. */
export function isRevoked(result: PresentationResult): boolean {
  if (!('reports' in result)) return false
  return Object.values(result.reports).some(({ checks }) =>
    checks.some(({ code, outcome }) => code === 'status' && outcome === 'fail'),
  )
}
