/**
 * Which Node and which pnpm this repository is set up with.
 *
 * A Node fits from 22.18 on: that is the first that runs TypeScript without a build (23 does from 23.6 on).
 * Where the running one does not fit, the pinned one is fetched; see specs/decisions/0001.
 */

export const PINNED_NODE = '26.10.0'
export const PINNED_PNPM = '12.21.0'

/** The oldest Node that can fetch another one. */
const OLDEST_SET_UP_MAJOR = 18

/**
 * @param {string} version as in `process.versions.node`
 * @returns {boolean} whether everything here runs under it
 */
export function nodeFits(version) {
  const { major, minor } = partsOf(version)
  if (major === 22) return minor >= 18
  if (major === 23) return minor >= 6
  return major >= 24
}

/**
 * @param {string} version as in `process.versions.node`
 * @returns {boolean} whether the set-up itself runs under it
 */
export function nodeCanSetUp(version) {
  return partsOf(version).major >= OLDEST_SET_UP_MAJOR
}

/**
 * @param {string} version as printed by `pnpm --version`
 * @returns {boolean} whether it reads our lockfile and settings as the pinned one does
 */
export function pnpmFits(version) {
  return /^\d+\.\d+\.\d+/.test(version) && partsOf(version).major === partsOf(PINNED_PNPM).major
}

/**
 * @param {string} version
 * @returns {number}
 */
export function majorOf(version) {
  return partsOf(version).major
}

/** @param {string} version */
function partsOf(version) {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10))
  return { major, minor }
}
