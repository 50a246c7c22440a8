/** Which paths of a server are a role's. */

/**
 * Its own path, what is below, and well-known documents, which stand outside of it (RFC 8615).
 *
 * @param publicUrl the role's own address; `originOf` has read it
 * @returns for the target of a request: its path, with a query or without
 */
export function pathsOf(publicUrl: string): (target: string) => boolean {
  const { pathname } = new URL(publicUrl)
  const below = pathname.endsWith('/') ? pathname : `${pathname}/`
  return (target) => {
    const [path = ''] = target.split('?', 1)
    return path === pathname || path.startsWith(below) || path.startsWith('/.well-known/')
  }
}
