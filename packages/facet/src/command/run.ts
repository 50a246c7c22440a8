/** The command in its process: what it reads, where it prints, and what it does where nobody else can. */
import { isSystemError } from '../error.ts'
import { sayingOf } from '../terminal/saying.ts'
import { main } from './main.ts'

export async function run(): Promise<void> {
  process.on('uncaughtException', stop)
  // Who reads only the first line has what they wanted; a disk that is full is another matter.
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error) => isSystemError(error, 'EPIPE') || stop(error))

  process.exitCode = await main(process.argv.slice(2), {
    out: process.stdout,
    err: process.stderr,
    input: process.stdin,
    isTerminal: process.stdout.isTTY === true,
    canAsk: process.stdin.isTTY === true && process.stderr.isTTY === true,
    environment: process.env,
  })
}

/** For what reaches nobody who could handle it. */
function stop(error: unknown): void {
  process.stderr.write(`facet: ${sayingOf(error, process.env)}\n`)
  process.exit(1)
}
