/** The `facet` command as people run it: processes of their own, ended by id. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const bin = fileURLToPath(new URL('../../packages/facet/src/bin.ts', import.meta.url))

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export type Environment = Readonly<Record<string, string>>

/** Runs a command to its end. */
export async function facet(args: readonly string[], environment: Environment = {}): Promise<Ended> {
  return runFacet(args, environment).ended
}

export interface Run {
  readonly child: ChildProcess
  /** How it ended, once it has. */
  readonly ended: Promise<Ended>
  /** Waits until it has printed this. */
  printed(text: string | RegExp): Promise<void>
  /** Waits until it has said this where questions and errors go. */
  told(text: string | RegExp): Promise<void>
  /** What it has said there so far. */
  said(): string
}

/** Starts a command and lets it run. */
export function runFacet(args: readonly string[], environment: Environment = {}): Run {
  const child = start(args, environment)
  const output = collect(child)
  const ended = once(child, 'close').then(([code]) => ({
    code: typeof code === 'number' ? code : null,
    ...output(),
  }))
  const waiting =
    (stream: 'stdout' | 'stderr') =>
    async (text: string | RegExp): Promise<void> => {
      const isThere = (): boolean => output()[stream].search(text) !== -1
      const told = new Promise<void>((resolve) => {
        child[stream]?.on('data', () => isThere() && resolve())
      })
      if (!isThere()) await Promise.race([told, ended])
      if (!isThere()) throw new Error(`it ended without saying so: ${output().stdout}${output().stderr}`)
    }
  return { child, ended, printed: waiting('stdout'), told: waiting('stderr'), said: () => output().stderr }
}

export interface Running {
  readonly child: ChildProcess
  /** What it announced, as JSON. */
  readonly facts: Readonly<Record<string, string>>
  /** Asks it to end, and says how it ended. */
  stop(signal?: NodeJS.Signals): Promise<Ended>
}

/** Starts a service and waits until it says where it is. */
export async function startFacet(args: readonly string[], environment: Environment = {}): Promise<Running> {
  const { child, ended, printed } = runFacet([...args, '--json'], environment)
  let line = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    line += chunk.toString()
  })
  await printed(/\n/)
  return {
    child,
    facts: JSON.parse(line),
    stop(signal = 'SIGTERM') {
      child.kill(signal)
      return ended
    },
  }
}

function start(args: readonly string[], environment: Environment): ChildProcess {
  const env = { ...process.env, NO_COLOR: '1', FACET_KEY_FILE: '', FACET_PASSPHRASE_FILE: '', ...environment }
  return spawn(process.execPath, ['-C', '@facet-id/source', bin, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

function collect(child: ChildProcess): () => Pick<Ended, 'stdout' | 'stderr'> {
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk))
  return () => ({ stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() })
}
