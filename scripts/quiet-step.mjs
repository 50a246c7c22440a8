/**
 * Runs a tool of the set-up (npm, pnpm) without showing its output, which goes to a log file.
 *
 * Each runs as the head of a process group of its own, so that stopping it stops whatever it started too: an
 * installation that went on after we stopped would disturb the next one.
 */
import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'

const HAS_GROUPS = process.platform !== 'win32'

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set()

/**
 * @typedef {object} Tool
 * @property {string} file
 * @property {readonly string[]} args
 * @property {boolean} [shell] a `.cmd` file of Windows starts through a shell only
 */

/**
 * @param {Tool} tool
 * @param {{ cwd: string, log: string, env: NodeJS.ProcessEnv }} place
 * @returns {Promise<{ ok: boolean, output: string }>} `ok`: started, and ended with exit code 0
 */
export function runQuietly(tool, { cwd, log, env }) {
  return new Promise((resolve) => {
    const shell = tool.shell === true
    const child = spawn(tool.file, [...tool.args], {
      cwd,
      env,
      shell,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: HAS_GROUPS,
      windowsHide: true,
    })
    running.add(child)
    let output = ''
    const file = createWriteStream(log)
    // A log that cannot be written (a full disk) must not hide the failure that it would tell of.
    file.on('error', () => {})
    const take = (/** @type {Buffer} */ chunk) => {
      output += chunk.toString()
      file.write(chunk)
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    const end = (/** @type {boolean} */ ok) => {
      running.delete(child)
      file.end(() => resolve({ ok, output }))
    }
    child.on('error', (error) => {
      output += String(error)
      end(false)
    })
    child.on('close', (code) => end(code === 0))
  })
}

/** @returns {readonly number[]} the process ids of the tools that are running */
export function runningTools() {
  return [...running].flatMap(({ pid }) => pid ?? [])
}

/** Stops every tool that is running, with what it started, at once: what is half done is done again next time. */
export function stopQuietSteps() {
  for (const child of running) {
    if (child.pid === undefined) continue
    try {
      if (HAS_GROUPS) process.kill(-child.pid, 'SIGKILL')
      else child.kill('SIGKILL')
    } catch {
      // It has just ended by itself.
    }
  }
}
