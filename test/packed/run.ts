/** Programs that the tests of the packed packages start. */
import { execFile } from 'node:child_process'
import { dirname } from 'node:path'
import { npmTool, toolEnvironment } from '../../scripts/npm.mjs'

export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface Program {
  readonly file: string
  readonly args: readonly string[]
}

/** A program in a folder, with this Node first in its path, or with another. */
export function run(
  { file, args }: Program,
  folder: string,
  node: string = process.execPath,
): Promise<Ended> {
  const env = {
    ...toolEnvironment(dirname(node)),
    NO_COLOR: '1',
    FACET_KEY_FILE: '',
    FACET_PASSPHRASE_FILE: '',
  }
  return new Promise((resolve) => {
    execFile(
      file,
      [...args],
      { cwd: folder, env, encoding: 'utf8', maxBuffer: 2 ** 26 },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1
        resolve({ code, stdout, stderr })
      },
    )
  })
}

/** The same for what has to succeed. */
export async function mustRun(program: Program, folder: string): Promise<Ended> {
  const ended = await run(program, folder)
  if (ended.code !== 0)
    throw new Error(`${program.args.join(' ')} ended with ${ended.code}\n${ended.stdout}\n${ended.stderr}`)
  return ended
}

export function node(...args: readonly string[]): Program {
  return { file: process.execPath, args }
}

export function npm(...args: readonly string[]): Program {
  return npmTool(args)
}
