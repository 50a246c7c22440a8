/**
 * Which Node runs us. Loaded before everything else, and understood by Nodes that are too old for the rest: nothing
 * is imported here.
 */

/** `engines` in package.json says the same to installers, which only warn. */
export const OLDEST_NODE = '22.18'

/**
 * One line for people whose Node is too old; undefined where it fits.
 *
 * @param version as in `process.versions.node`
 */
export function refusalOfNode(version: string): string | undefined {
  const [major = 0, minor = 0] = numbersIn(version)
  const [oldestMajor = 0, oldestMinor = 0] = numbersIn(OLDEST_NODE)
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return undefined
  return `facet: Node ${OLDEST_NODE} or newer is needed, and this is ${version} [node_too_old]`
}

function numbersIn(version: string): readonly number[] {
  return version.split('.').map(Number)
}
