/** A terminal with nobody, or a person, in front of it. */
import { PassThrough, Writable } from 'node:stream'
import type { Terminal } from './output.ts'

export interface FakeTerminal extends Terminal {
  /** What was printed so far. */
  readonly printed: { readonly out: string; readonly err: string }
}

/** @param answers what the person types when asked, line by line; absent: there is nobody to ask */
export function fakeTerminal(
  environment: Readonly<Record<string, string>> = {},
  answers?: readonly string[],
): FakeTerminal {
  const printed = { out: '', err: '' }
  const input = new PassThrough()
  const left = [...(answers ?? [])]
  const into = (name: 'out' | 'err'): Writable =>
    new Writable({
      write(chunk, _encoding, done) {
        printed[name] += String(chunk)
        // A question is what ends without a new line; then the person types, or goes away.
        if (name === 'err' && answers !== undefined && /[:\]] $/.test(String(chunk))) {
          const answer = left.shift()
          setImmediate(() => (answer === undefined ? input.end() : input.write(`${answer}\r`)))
        }
        done()
      },
    })
  return {
    printed,
    input,
    out: into('out'),
    err: into('err'),
    isTerminal: false,
    canAsk: answers !== undefined,
    environment,
  }
}
