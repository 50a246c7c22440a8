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
  const child = start(args, environment)
  const output = collect(child)
  const [code] = await once(child, 'close')
  return { code: typeof code === 'number' ? code : null, ...output() }
}

export interface Running {
  /** What it announced, as JSON. */
  readonly facts: Readonly<Record<string, string>>
  /** Asks it to end, and says how it ended. */
  stop(signal?: NodeJS.Signals): Promise<Ended>
}

/** Starts a service and waits until it says where it is. */
export async function startFacet(args: readonly string[], environment: Environment = {}): Promise<Running> {
  const child = start([...args, '--json'], environment)
  const output = collect(child)
  const closed = once(child, 'close')
  const line = await Promise.race([firstLine(child), closed.then(() => undefined)])
  if (line === undefined) throw new Error(`the service ended at once: ${output().stderr}`)
  return {
    facts: JSON.parse(line),
    async stop(signal = 'SIGTERM') {
      child.kill(signal)
      const [code] = await closed
      return { code: typeof code === 'number' ? code : null, ...output() }
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

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      const end = text.indexOf('\n')
      if (end !== -1) resolve(text.slice(0, end))
    })
  })
}
