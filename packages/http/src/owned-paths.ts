/** Which paths of a server are a role's. */

/**
 * Its own path, what is below, and well-known documents about it, which stand outside of it with its path behind their
 * names (RFC 8615). Those about others are theirs.
 *
 * @param publicUrl the role's own address; `originOf` has read it
 * @returns for the target of a request: its path, with a query or without
 */
export function pathsOf(publicUrl: string): (target: string) => boolean {
  const { pathname } = new URL(publicUrl)
  const below = pathname.endsWith('/') ? pathname : `${pathname}/`
  return (target) => {
    const [path = ''] = target.split('?', 1)
    return path === pathname || path.startsWith(below) || isAbout(pathname, path)
  }
}

const WELL_KNOWN = /^\/\.well-known\/[^/]+/

function isAbout(pathname: string, path: string): boolean {
  const name = WELL_KNOWN.exec(path)?.[0]
  return name !== undefined && path.slice(name.length) === pathname
}
