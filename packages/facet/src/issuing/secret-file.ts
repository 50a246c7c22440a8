/** Secrets of others with us, each in a file for its owner alone: never in the configuration itself. */
import { readOwnerFile } from '@facet-id/crypto/node/keys'
import type { Members } from '../config/members.ts'

/** @throws {FacetError} `file_unusable`; {KeyError} `key_file_exposed`, `key_file_unusable` */
export async function findSecretIn(members: Members, name: string): Promise<string | undefined> {
  return members.has(name) ? readSecretIn(members, name) : undefined
}

/** The end of the line does not count. @throws as {@link findSecretIn} */
export async function readSecretIn(members: Members, name: string): Promise<string> {
  const secret = (await readOwnerFile(members.beside(members.text(name)))).replace(/\r?\n$/, '')
  if (secret === '') throw members.refuse(name, 'names an empty file')
  return secret
}
