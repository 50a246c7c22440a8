/** `facet wallet present`: answers a verifier, or says what the person's browser is to do with the answer. */
import { HolderError } from '@facet-id/holder'
import type { Presented } from '@facet-id/holder/presentation'
import { createErrorOutput, createOutput, type Terminal } from '../terminal/output.ts'
import type { Arguments } from './arguments.ts'
import type { Action } from './wallet-actions.ts'

/**
 * Exit code 0 only when the verifier took the answer, or it is in the browser's hands: then whether it is taken is not
 * known here.
 */
export const present: Action = async ({ holder }, args, terminal) => {
  try {
    const presented = await holder.present(args.word())
    tell(presented, args, terminal)
    return presented.accepted || presented.handOver !== undefined ? 0 : 1
  } catch (error) {
    // A page that waits hears that nothing is shown, where it takes its answer from the browser.
    if (error instanceof HolderError && error.handOver?.by === 'user_agent')
      createErrorOutput(terminal).line(`To tell the verifier so, open: ${error.handOver.url}`)
    throw error
  }
}

function tell(presented: Presented, args: Arguments, terminal: Terminal): void {
  const { accepted, reason, redirectUri, handOver } = presented
  const output = createOutput(terminal)
  if (args.switches.has('json')) output.line(JSON.stringify(presented))
  else if (handOver?.by === 'user_agent') {
    output.line('The answer goes by your browser. It holds what you show: open it there, and nowhere else.')
    output.line(handOver.url)
  } else if (accepted) {
    output.line('The verifier accepted the presentation.')
    if (redirectUri !== undefined) output.line(`Go on in the browser that you came from: ${redirectUri}`)
  } else output.line(`The verifier refused the presentation: ${reason ?? 'it gave no reason'}`)
}
