/** What is kept of signed lists between runs: the last edition of each, and the keys that may sign the next. */
import { existsSync } from 'node:fs'
import { type PublicJwk, readPublicJwk } from '@facet-id/credential/jose'
import { findMember, isJsonObject, type JsonObject } from '@facet-id/credential/json'
import type { LastEdition } from '@facet-id/trust/lists'
import { readText, writeWhole } from '../config/sealed-key.ts'
import { FacetError } from '../error.ts'
import { readObject } from './list-directory.ts'

/** By how much the clock of whoever signs may be ahead. */
export const SKEW_SECONDS = 60

/**
 * @param file absent: no editions are kept
 * @throws {FacetError} `file_unusable`
 */
export async function findLast(file: string | undefined, list: string): Promise<LastEdition | undefined> {
  const last = findMember(await readEditions(file), list)
  if (!isJsonObject(last)) return undefined
  const { sequence, digest } = last
  return typeof sequence === 'number' && typeof digest === 'string' ? { sequence, digest } : undefined
}

/** @throws {FacetError} `file_unusable` */
export async function keepLast(file: string | undefined, list: string, last: LastEdition): Promise<void> {
  if (file === undefined) return
  const known = await findLast(file, list)
  if (known?.sequence === last.sequence && known.digest === last.digest) return
  const { sequence, digest } = last
  const kept = { ...(await readEditions(file)), [list]: { sequence, digest } }
  await writeWhole(file, `${JSON.stringify(kept, null, 2)}\n`)
}

/** Public keys out of their files. @throws {FacetError} `file_unusable` */
export async function readSigners(files: readonly string[]): Promise<readonly PublicJwk[]> {
  return Promise.all(
    files.map(async (file) => {
      const jwk = readObject(await readText(file), file)
      try {
        return readPublicJwk(jwk)
      } catch (cause) {
        throw new FacetError('file_unusable', `${file} is no public key as a JWK`, { cause })
      }
    }),
  )
}

async function readEditions(file: string | undefined): Promise<JsonObject> {
  return file !== undefined && existsSync(file) ? readObject(await readText(file), file) : {}
}
