/** A private key in a directory of its own: sealed with the directory's key file, as all that rests is. */
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readPublicJwk } from '@facet-id/credential/jose'
import { readJsonObject } from '@facet-id/credential/json'
import { deriveKey, type NodeSealer, type PrivateJwk, sealerOf } from '@facet-id/crypto/node'
import { FacetError } from '../error.ts'
import { type Environment, makeDataDirectory } from './data-directory.ts'
import { keyFileOf, openKeyFile } from './key-file.ts'

const purpose = 'facet signing key'

export interface KeyPlace {
  readonly directory: string
  /** Of the file; what is sealed under one name does not open under another. */
  readonly name: string
  readonly environment: Environment
}

/**
 * Rests a private key.
 *
 * @param isFirst whether nothing was sealed in the directory yet: then its key file is made
 * @throws {FacetError} `data_directory_unusable`, `key_file_…`, `file_unusable`
 */
export async function writeSealedKey(key: PrivateJwk, place: KeyPlace, isFirst = false): Promise<void> {
  await makeDataDirectory(place.directory)
  const sealer = await sealerFor(place, !isFirst)
  const sealed = sealer.seal(Buffer.from(JSON.stringify(key)), place.name)
  await writeWhole(join(place.directory, place.name), `${Buffer.from(sealed).toString('base64url')}\n`)
}

/**
 * Opens a key that was made there.
 *
 * @throws {FacetError} `file_unusable`, `key_file_…`; {CryptoError} `seal_broken`
 */
export async function openSealedKey(place: KeyPlace): Promise<PrivateJwk> {
  const { directory, name } = place
  const text = await readText(join(directory, name))
  const sealer = await sealerFor(place, true)
  const plain = sealer.open(Buffer.from(text.trim(), 'base64url'), name)
  const { d, ...publicMembers } = readJsonObject(Buffer.from(plain).toString('utf8'))
  if (typeof d !== 'string') throw new FacetError('file_unusable', `There is no private key in ${name}`)
  return { ...readPublicJwk(publicMembers), d }
}

/** A file as text. @throws {FacetError} `file_unusable` */
export async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new FacetError('file_unusable', `${file} cannot be read`, { cause })
  }
}

/** Written beside, then given its name: nobody reads half a file. For its owner only, unless told. @throws {FacetError} `file_unusable` */
export async function writeWhole(file: string, text: string, mode = 0o600): Promise<void> {
  try {
    await writeFile(`${file}.new`, text, { mode })
    await rename(`${file}.new`, file)
  } catch (cause) {
    throw new FacetError('file_unusable', `${file} cannot be written`, { cause })
  }
}

async function sealerFor({ directory, environment }: KeyPlace, hasData: boolean): Promise<NodeSealer> {
  const key = await openKeyFile(keyFileOf(directory, environment), directory, hasData)
  return sealerOf(deriveKey(key, purpose))
}
