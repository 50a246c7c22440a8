/**
 * One set-up at a time in this folder: two at once would write the same files.
 *
 * A lock file names the process that holds it and the tools that it runs, which go on for a while where that
 * process is killed. It is abandoned when none of them is alive on the same machine, or when nobody has touched
 * it for a while.
 */
import { writeFileSync } from 'node:fs'
import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { runningTools } from './quiet-step.mjs'

const BEAT_MS = 250
const DEAD_AFTER_MS = 60_000
const LOOK_AGAIN_MS = 200

/**
 * @template T
 * @param {string} folder exists
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(folder, work) {
  const path = join(folder, 'set-up.lock')
  await take(path)
  const beat = setInterval(() => renew(path), BEAT_MS)
  beat.unref()
  try {
    return await work()
  } finally {
    clearInterval(beat)
    await rm(path, { force: true })
  }
}

/** @param {string} path */
async function take(path) {
  let told = false
  while (!(await create(path))) {
    if (await isAbandoned(path)) {
      await breakLock(path)
      continue
    }
    if (!told) process.stderr.write('Waiting for another set-up of this folder to end …\n')
    told = true
    await pause(LOOK_AGAIN_MS)
  }
}

/**
 * @param {string} path
 * @returns {Promise<boolean>} whether it is ours now
 */
async function create(path) {
  try {
    await writeFile(path, holder(), { flag: 'wx' })
    return true
  } catch (error) {
    if (isCoded(error, 'EEXIST')) return false
    // It may have been made and, on a full disk, not been written.
    await rm(path, { force: true })
    throw error
  }
}

/**
 * Two that find the same abandoned lock must not both remove it, or the second would remove the lock that the
 * first has taken since: removing is guarded by a lock of its own, and what is found is looked at again.
 *
 * @param {string} path
 */
async function breakLock(path) {
  const guard = `${path}.breaking`
  if (!(await create(guard))) {
    if (await isAbandoned(guard)) await rm(guard, { force: true })
    return
  }
  try {
    if (await isAbandoned(path)) await rm(path, { force: true })
  } finally {
    await rm(guard, { force: true })
  }
}

/**
 * @param {string} path
 * @returns {Promise<boolean>}
 */
async function isAbandoned(path) {
  try {
    const { mtimeMs } = await stat(path)
    if (Date.now() - mtimeMs > DEAD_AFTER_MS) return true
    const { pids, host } = JSON.parse(await readFile(path, 'utf8'))
    return host === hostname() && !pids.some(isAlive)
  } catch {
    // Gone, or not yet written: look again.
    return false
  }
}

/**
 * @param {number} pid
 * @returns {boolean}
 */
function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return !isCoded(error, 'ESRCH')
  }
}

function holder() {
  return JSON.stringify({ pids: [process.pid, ...runningTools()], host: hostname() })
}

/**
 * At once, so that no late write can bring a released lock back.
 *
 * @param {string} path
 */
function renew(path) {
  try {
    writeFileSync(path, holder())
  } catch {
    // The disk is full: the set-up itself will say so.
  }
}

/**
 * @param {unknown} error
 * @param {string} code
 */
function isCoded(error, code) {
  return error instanceof Error && 'code' in error && error.code === code
}
