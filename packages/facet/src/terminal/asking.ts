/** Asks the person at the terminal for one line. */
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import type { Terminal } from './output.ts'
import { safeText } from './safe-text.ts'

/** What was typed, without blanks around it; `undefined`: there is nobody to ask, or no answer came. */
export async function askLine(terminal: Terminal, question: string): Promise<string | undefined> {
  return (await ask(terminal, question, terminal.err))?.trim()
}

/** The same for secrets: nothing of what is typed is shown, and blanks count. */
export async function askSecret(terminal: Terminal, question: string): Promise<string | undefined> {
  const answer = await ask(terminal, question, nowhere())
  if (answer !== undefined) terminal.err.write('\n')
  return answer
}

async function ask(
  { input, err, canAsk }: Terminal,
  question: string,
  echo: NodeJS.WritableStream,
): Promise<string | undefined> {
  if (!canAsk) return undefined
  err.write(safeText(question))
  const asking = createInterface({ input, output: echo, terminal: true })
  // At the end of the input, and at Ctrl-C, no answer will ever come.
  const ended = new Promise<undefined>((resolve) => {
    asking.once('close', () => resolve(undefined))
  })
  try {
    return await Promise.race([asking.question('').catch(() => undefined), ended])
  } finally {
    asking.close()
  }
}

/** A terminal shows what is written here: so nothing is. */
function nowhere(): NodeJS.WritableStream {
  return new Writable({ write: (_chunk, _encoding, done) => done() })
}
