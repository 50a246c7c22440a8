/** Asks the person at the terminal for one line. */
import { createInterface, type Interface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import type { Terminal } from './output.ts'
import { safeText } from './safe-text.ts'

/** What was typed, without blanks around it; `undefined`: there is nobody to ask, or no answer came. */
export async function askLine(
  { input, err, canAsk }: Terminal,
  question: string,
): Promise<string | undefined> {
  if (!canAsk) return undefined
  const answer = await answerTo(safeText(question), createInterface({ input, output: err }))
  // Nobody typed the end of the line.
  if (answer === undefined) err.write('\n')
  return answer?.trim()
}

/** The same for secrets: nothing of what is typed is shown, and blanks count. */
export async function askSecret(
  { input, err, canAsk }: Terminal,
  question: string,
): Promise<string | undefined> {
  if (!canAsk) return undefined
  // From here on nothing is echoed; asked before, what is typed at once would be seen.
  const asking = createInterface({ input, output: nowhere(), terminal: true })
  err.write(safeText(question))
  const answer = await answerTo('', asking)
  err.write('\n')
  return answer
}

async function answerTo(question: string, asking: Interface): Promise<string | undefined> {
  // At the end of the input, and at Ctrl-C, no answer will ever come.
  const ended = new Promise<undefined>((resolve) => {
    asking.once('close', () => resolve(undefined))
  })
  try {
    return await Promise.race([asking.question(question).catch(() => undefined), ended])
  } finally {
    asking.close()
  }
}

/** A terminal shows what is written here: so nothing is. */
function nowhere(): NodeJS.WritableStream {
  return new Writable({ write: (_chunk, _encoding, done) => done() })
}
