/** A folder like this repository, small and without a network: real scripts, an npm and a pnpm that stand in. */
import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { root } from '../house/tree.ts'

const here = dirname(fileURLToPath(import.meta.url))

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Run {
  readonly process: ChildProcess
  readonly ended: Promise<Ended>
  /** Resolves when the output has that text. */
  said(text: string): Promise<void>
}

export interface Folder {
  readonly path: string
  /** What npm and pnpm were asked, in order. */
  journal(): readonly string[]
  read(path: string): string
  write(path: string, text: string): void
  remove(path: string): void
  has(path: string): boolean
  /** Begins `scripts/run.mjs` with these arguments. */
  begin(args: readonly string[], env?: Readonly<Record<string, string>>): Run
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>
  clear(): void
}

export const fakeNpm: string = join(here, 'npm-cli.js')

export function makeFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'facet set-up '))
  const at = (file: string): string => join(path, file)
  const journal = at('journal.txt')
  const folder: Folder = {
    path,
    journal: () => readFileSync(journal, 'utf8').split('\n').slice(0, -1),
    read: (file) => readFileSync(at(file), 'utf8'),
    write(file, text) {
      mkdirSync(dirname(at(file)), { recursive: true })
      writeFileSync(at(file), text)
    },
    remove: (file) => rmSync(at(file), { recursive: true, force: true }),
    has: (file) => existsSync(at(file)),
    begin: (args, env = {}) => begin(path, args, { ...environment(path, journal), ...env }),
    run: (args, env) => folder.begin(args, env).ended,
    clear: () => rmSync(path, { recursive: true, force: true }),
  }
  cpSync(join(root, 'scripts'), at('scripts'), { recursive: true })
  folder.write('journal.txt', '')
  folder.write('package.json', '{ "name": "sample", "private": true, "type": "module" }')
  folder.write('pnpm-workspace.yaml', 'packages:\n  - packages/*\n')
  folder.write('pnpm-lock.yaml', 'lockfileVersion: 9\n')
  folder.write('packages/a/package.json', '{ "name": "a" }')
  return folder
}

function environment(path: string, journal: string): NodeJS.ProcessEnv {
  // A path without npm and pnpm, as the machine that runs the tests may have any.
  return {
    PATH: path,
    FAKE_JOURNAL: journal,
    FAKE_TASK: pathToFileURL(join(here, 'task.mjs')).href,
    npm_execpath: fakeNpm,
  }
}

function begin(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv): Run {
  const child = spawn(process.execPath, ['scripts/run.mjs', ...args], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  const waiting: (() => void)[] = []
  const look = (): void => {
    for (const check of waiting) check()
  }
  child.stdout.on('data', (chunk) => {
    stdout += chunk
    look()
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
    look()
  })
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
  return {
    process: child,
    ended,
    said: (text) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          if (`${stdout}${stderr}`.includes(text)) resolve()
        }
        waiting.push(check)
        ended.then(() => reject(new Error(`It ended without saying "${text}": ${stdout}${stderr}`)), reject)
        check()
      }),
  }
}
