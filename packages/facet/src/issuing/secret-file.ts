/** Secrets of others with us, each in a file for its owner alone: never in the configuration itself. */
import { KeyError, readOwnerFile } from '@facet-id/crypto/node/keys'
import type { Members } from '../config/members.ts'

/** @throws {FacetError} `file_unusable`; {KeyError} `key_file_exposed` */
export async function findSecretIn(members: Members, name: string): Promise<string | undefined> {
  return members.has(name) ? readSecretIn(members, name) : undefined
}

/** The end of the line does not count. @throws as {@link findSecretIn} */
export async function readSecretIn(members: Members, name: string): Promise<string> {
  const path = members.beside(members.text(name))
  const text = await readOwnerFile(path).catch((cause: unknown) => {
    throw unreadable(members, { name, path, cause })
  })
  const secret = text.replace(/\r?\n$/, '')
  if (secret === '') throw members.refuse(name, 'names an empty file')
  return secret
}

/** By its place in the file: it is no key. */
function unreadable(
  members: Members,
  { name, path, cause }: { readonly name: string; readonly path: string; readonly cause: unknown },
): Error {
  if (!(cause instanceof KeyError) || cause.code !== 'key_file_exposed')
    return members.refuse(name, `names a file that cannot be read: ${path}`, cause)
  const why = `names a file that others may read; make it yours alone: chmod 600 ${path}`
  return new KeyError(cause.code, members.refuse(name, why).message, { cause })
}
