/** `facet demo`: the whole story, for people or as data. */
import { type Story, tellStory } from '../demo/story.ts'
import { tellPeople } from '../demo/tell-people.ts'
import type { Tell, TranscriptEvent } from '../demo/transcript.ts'
import { createOutput, duration, type Terminal } from '../terminal/output.ts'
import { untilStopped } from '../terminal/until-stopped.ts'
import { readArguments } from './arguments.ts'
import { syntax } from './syntax.ts'

const DEFAULT_DATA = '.facet/demo'
/** As shells say of a process that was interrupted. */
const STOPPED = 130

/**
 * Exit code 0 when everything came out as it must, 130 when it was stopped in the middle, or nobody
 * listens any more; any other error is the caller's to print, with code 1.
 */
export async function demo(argv: readonly string[], terminal: Terminal): Promise<number> {
  const args = readArguments(argv, syntax.demo)
  const directory = args.value('data') ?? DEFAULT_DATA
  const stopping = new AbortController()
  const stop = (): void => stopping.abort()
  const stopped = untilStopped().then(stop)
  const output = createOutput(terminal)
  const asJson = args.switches.has('json')
  const transcript: TranscriptEvent[] = []
  const tell: Tell = asJson ? (event) => transcript.push(event) : tellPeople(output)
  const began = performance.now()
  let story: Story
  terminal.out.once('error', stop)
  try {
    story = await tellStory({ directory, environment: terminal.environment, signal: stopping.signal }, tell)
  } catch (error) {
    if (stopping.signal.aborted) return STOPPED
    throw error
  } finally {
    terminal.out.off('error', stop)
  }
  const milliseconds = Math.round(performance.now() - began)
  const addresses = { issuer: story.issuer.credentialIssuer, verifier: story.verifier.url }
  if (asJson) output.line(JSON.stringify({ addresses, milliseconds, transcript }))
  else {
    output.line()
    output.line(`Issued, held, shown in part, verified, revoked, refused: ${duration(milliseconds)}.`)
  }
  if (!args.switches.has('once')) {
    if (!asJson) {
      output.line()
      output.line(
        `Still up: the issuance node at ${addresses.issuer}, the platform at ${addresses.verifier}.`,
      )
      output.line(`Their data is in ${directory}. Ctrl-C stops them.`)
    }
    await stopped
  }
  await story.close()
  if (!args.switches.has('once') && !asJson) output.line('Stopped.')
  return 0
}
