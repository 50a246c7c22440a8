/**
 * `npm start`, `npm test`, `npm run check` and `npm run bench`: sets up what is missing, then runs the task.
 * Needs Node 18 and npm, nothing else. Usage: `node scripts/run.mjs <task> [arguments]`.
 */
import { constants } from 'node:os'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SetUpFailure } from './failure.mjs'
import { runInForeground } from './foreground.mjs'
import { withBinFolder } from './npm.mjs'
import { runningTools, stopQuietSteps } from './quiet-step.mjs'
import { setUp } from './set-up.mjs'
import { tasks } from './tasks.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const [name = '', ...args] = process.argv.slice(2)

try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof SetUpFailure)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}

/** @returns {Promise<number>} */
async function main() {
  const task = tasks[name]
  if (task === undefined)
    throw new SetUpFailure(`Facet has no task "${name}". There are: ${Object.keys(tasks).join(', ')}.`)
  const node = await setUpOrStop()
  const env = environmentOf(node)
  let exitCode = 0
  for (const step of task.steps) {
    const ended = await runInForeground(node, task.takesArgs ? [...step, ...args] : step, { cwd: root, env })
    if (exitCode === 0) exitCode = ended
    if (ended > 128) break
  }
  return exitCode
}

/**
 * What a task sees: the fitting Node first in its path, and no colours where nobody looks.
 *
 * @param {string} node
 */
function environmentOf(node) {
  const env = node === process.execPath ? process.env : withBinFolder(process.env, dirname(node))
  const plain = !process.stdout.isTTY && env.FORCE_COLOR === undefined
  return plain ? { ...env, NO_COLOR: '1' } : env
}

/**
 * The set-up, ended by the first signal. What it then leaves behind, the next one clears away or goes on from.
 *
 * @returns {Promise<string>}
 */
async function setUpOrStop() {
  /** @type {NodeJS.Signals | undefined} */
  let stoppedBy
  const stop = (/** @type {NodeJS.Signals} */ signal) => {
    stoppedBy = signal
    if (runningTools().length === 0) leave(signal)
    stopQuietSteps()
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
  try {
    return await setUp(root)
  } catch (error) {
    if (stoppedBy === undefined) throw error
    return leave(stoppedBy)
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop)
  }
}

/**
 * @param {NodeJS.Signals} signal
 * @returns {never}
 */
function leave(signal) {
  process.stderr.write('The set-up of Facet was stopped; the next start goes on from there.\n')
  process.exit(128 + constants.signals[signal])
}
