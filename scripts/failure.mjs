/**
 * A set-up that failed, said in one line: what failed, why, and what to do.
 *
 * The reason is read from what npm or pnpm printed, since their exit codes do not tell a missing network
 * from a full disk.
 */

export class SetUpFailure extends Error {
  /**
   * @param {string} message one line
   * @param {ErrorOptions} [options]
   */
  constructor(message, options) {
    super(message, options)
    this.name = 'SetUpFailure'
  }
}

/** What a tool's output says, the first that matches; the order puts the cause before its consequences. */
const reasons = [
  {
    signs: /spawn npm(?:\.cmd)? ENOENT|'npm\.cmd' is not recognized/,
    means: 'npm is missing. Install npm, or Node 22.18 or newer with pnpm 12, and try again',
  },
  {
    signs: /ENOSPC|no space left on device|os error 28\b/i,
    means: 'the disk is full. Free about 1 GB and try again',
  },
  {
    signs: /EROFS|EACCES|EPERM|read-only file system|permission denied|os error (?:13|30)\b/i,
    means: 'a folder cannot be written to. Make this folder, and the cache in your home folder, writable',
  },
  {
    signs: /CERT_|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)|certificate/i,
    means:
      'the certificate of the package registry is not accepted. Behind a proxy of your own, set NODE_EXTRA_CA_CERTS',
  },
  {
    signs: /\bE40[13]\b|ERR_PNPM_FETCH_40[13]|Unauthorized|Forbidden/,
    means:
      'the package registry refuses access. See "npm config get registry" and log in, or use another one',
  },
  {
    signs: /\bE404\b|ETARGET|ERR_PNPM_FETCH_404|NO_MATCHING_VERSION|404 Not Found/,
    means: 'the package registry does not serve a package that is needed. See "npm config get registry"',
  },
  {
    signs: /OUTDATED_LOCKFILE|LOCKFILE_CONFIG_MISMATCH|NO_LOCKFILE/,
    means: 'pnpm-lock.yaml does not fit the package.json files. Run "pnpm install" and commit the lockfile',
  },
  {
    signs: /EINTEGRITY|TARBALL_INTEGRITY|checksum/i,
    means:
      'a package arrived damaged. Try again; if it stays so, empty the cache with "npm cache clean --force"',
  },
  {
    signs:
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|ENOTCACHED|META_FETCH_FAIL|NO_OFFLINE|error sending request|network|dns error|connection refused|timed out/i,
    means:
      'the package registry cannot be reached. Check the network, or "npm config get registry", and try again',
  },
]

/**
 * @param {string} what was attempted: `install the packages`
 * @param {string} output everything the tool printed
 * @param {string} [log] where that output stands, to name it
 * @returns {SetUpFailure}
 */
export function failureOf(what, output, log) {
  const reason = reasons.find(({ signs }) => signs.test(output))
  const because = reason === undefined ? 'it stopped with an error. Try again' : reason.means
  const details = log === undefined ? '' : ` (details: ${log})`
  return new SetUpFailure(`Facet could not ${what}: ${because}${details}.`)
}

/**
 * @param {string} what was attempted
 * @param {unknown} error what the file system or the system threw
 * @returns {unknown} a failure in one line where the cause is one that the user can mend, else the error itself
 */
export function failureFrom(what, error) {
  if (error instanceof SetUpFailure || !(error instanceof Error) || !('code' in error)) return error
  const code = String(error.code)
  const reason = reasons.find(({ signs }) => signs.test(code))
  if (reason === undefined) return error
  const where = 'path' in error ? ` (${error.path})` : ''
  return new SetUpFailure(`Facet could not ${what}: ${reason.means}${where}.`, { cause: error })
}
