/**
 * Runs a task in the foreground: its input and output are ours, so are its signals and its exit code.
 */
import { spawn } from 'node:child_process'
import { constants } from 'node:os'

/** Signals that ask to end; on Windows only some of them exist. */
const forwarded = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])

/** An `npm` above us repeats the signal that it got itself; a person who means it again takes longer. */
const SAME_WITHIN_MS = 500

/**
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} place
 * @returns {Promise<number>} its exit code; 128 and the number of the signal where one ended it
 */
export function runInForeground(file, args, { cwd, env }) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, [...args], { cwd, env, stdio: 'inherit' })
    const stopForwarding = forwardSignals(child)
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      stopForwarding()
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]))
    })
  })
}

/**
 * Hands signals on, each once. What is typed at a terminal reaches the task without us, as it goes to
 * everything in the foreground. (Who signals a whole group where there is no terminal reaches the task twice;
 * a group of its own for the task would prevent that, and leave it behind where the group is killed.)
 *
 * @param {import('node:child_process').ChildProcess} child
 * @returns {() => void} ends it
 */
function forwardSignals(child) {
  const typed = [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY)
  const handlers = forwarded.map((signal) => {
    let sentAt = Number.NEGATIVE_INFINITY
    const handler = () => {
      if ((typed && signal === 'SIGINT') || performance.now() - sentAt < SAME_WITHIN_MS) return
      sentAt = performance.now()
      child.kill(signal)
    }
    process.on(signal, handler)
    return () => process.off(signal, handler)
  })
  return () => {
    for (const off of handlers) off()
  }
}
