/** Tells the operator what a peer is told nothing of. */
import type { IssuerPorts } from './ports.ts'

/** Who is told may fail: the peer is answered all the same. */
export function report(error: unknown, { onUnforeseen }: Pick<IssuerPorts, 'onUnforeseen'>): void {
  try {
    onUnforeseen?.(error)
  } catch {
    // There is nobody left to tell.
  }
}
