/** A signed list from a file as a source of trust; which edition was the last is kept beside the configuration. */
import { existsSync } from 'node:fs'
import { readPublicJwk } from '@facet-id/credential/jose'
import { findMember, isJsonObject, type JsonObject } from '@facet-id/credential/json'
import { checkSignatures, hash } from '@facet-id/crypto/node'
import { createRuleSource, TrustError, type TrustSource, unheardSource } from '@facet-id/trust'
import {
  checksOfTrustList,
  type EditionOutcome,
  judgeTrustList,
  type LastEdition,
  readTrustList,
  type TrustList,
} from '@facet-id/trust/lists'
import { readText, writeWhole } from '../config/sealed-key.ts'
import { readObject } from './list-directory.ts'

export interface ListPlace {
  readonly list: string
  readonly environment: string
  readonly file: string
  /** Files of public keys, as JWKs. */
  readonly signers: readonly string[]
  /** Where the last editions are kept; absent: any edition is taken, and none is kept. */
  readonly editions?: string
}

const SKEW_SECONDS = 60

/** A list in a file, and what is to be thought of it. */
export interface JudgedList {
  readonly list: TrustList
  readonly outcome: EditionOutcome
}

/**
 * Reads a list, and keeps its edition where it is accepted.
 *
 * @throws {FacetError} `file_unusable`; {TrustError} `list_malformed` and those of rules
 */
export async function judgeListFile(place: ListPlace, now: number): Promise<JudgedList> {
  const keys = await Promise.all(
    place.signers.map(async (file) => readPublicJwk(readObject(await readText(file), file))),
  )
  const text = (await readText(place.file)).trim()
  const received = readTrustList(text, { list: place.list, environment: place.environment, keys })
  const editions = place.editions === undefined ? {} : await readEditions(place.editions)
  const outcome = judgeTrustList(received, checkSignatures(checksOfTrustList(received)), {
    now,
    skewSeconds: SKEW_SECONDS,
    last: lastOf(editions, place.list),
    hash,
  })
  if (outcome.outcome === 'accepted' && place.editions !== undefined) {
    const { sequence, digest } = outcome.last
    const kept = { ...editions, [place.list]: { sequence, digest } }
    await writeWhole(place.editions, `${JSON.stringify(kept, null, 2)}\n`)
  }
  return { list: received.list, outcome }
}

/**
 * The list as a source. What cannot be read or believed is not heard, and since it may have blocked somebody,
 * nobody is trusted meanwhile.
 *
 * @throws {FacetError} `file_unusable` for the files of keys and editions
 */
export async function readListSource(place: ListPlace, now: number): Promise<TrustSource> {
  if (!existsSync(place.file))
    return unheardSource(place.list, true, 'A list of trusted parties is not here.')
  try {
    const { list, outcome } = await judgeListFile(place, now)
    return outcome.outcome === 'accepted'
      ? createRuleSource(place.list, list.rules, { expiresAt: list.expiresAt })
      : unheardSource(place.list, true, outcome.why)
  } catch (error) {
    if (!(error instanceof TrustError)) throw error
    return unheardSource(place.list, true, 'A list of trusted parties cannot be read.')
  }
}

async function readEditions(file: string): Promise<JsonObject> {
  return existsSync(file) ? readObject(await readText(file), file) : {}
}

function lastOf(editions: JsonObject, list: string): LastEdition | undefined {
  const last = findMember(editions, list)
  if (!isJsonObject(last)) return undefined
  const { sequence, digest } = last
  return typeof sequence === 'number' && typeof digest === 'string' ? { sequence, digest } : undefined
}
