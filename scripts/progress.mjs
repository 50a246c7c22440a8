/**
 * Tells on stderr that something takes long: nothing for the first moment, then one line, then a sign of life
 * every ten seconds. No colours and no cursor movements, so it reads the same in a terminal and in a log.
 */

const QUIET_MS = 1500
const EVERY_MS = 10_000

/**
 * @template T
 * @param {string} doing `Fetching Node 26.10.0`
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withProgress(doing, work) {
  const startedAt = performance.now()
  const seconds = () => Math.round((performance.now() - startedAt) / 1000)
  let told = false
  const tell = () => {
    process.stderr.write(told ? `${doing} … ${seconds()} s\n` : `${doing} …\n`)
    told = true
    timer = setTimeout(tell, EVERY_MS)
  }
  let timer = setTimeout(tell, QUIET_MS)
  try {
    const result = await work()
    if (told) process.stderr.write(`${doing}: done in ${seconds()} s\n`)
    return result
  } finally {
    clearTimeout(timer)
  }
}
