/** A signed list from a file as a source of trust; which edition was the last is kept beside the configuration. */
import { existsSync } from 'node:fs'
import { checkSignatures, hash } from '@facet-id/crypto/node'
import { createRuleSource, TrustError, type TrustSource, unheardSource } from '@facet-id/trust'
import {
  checksOfTrustList,
  type EditionOutcome,
  judgeTrustList,
  readTrustList,
  type TrustList,
} from '@facet-id/trust/lists'
import { readText } from '../config/sealed-key.ts'
import { findLast, keepLast, readSigners, SKEW_SECONDS } from './editions.ts'
import type { SourceState } from './part.ts'

export interface ListPlace {
  readonly list: string
  readonly environment: string
  readonly file: string
  /** Files of public keys, as JWKs. */
  readonly signers: readonly string[]
  /** Where the last editions are kept; absent: any edition is taken, and none is kept. */
  readonly editions?: string
}

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
  const keys = await readSigners(place.signers)
  const text = (await readText(place.file)).trim()
  const received = readTrustList(text, { list: place.list, environment: place.environment, keys })
  const last = await findLast(place.editions, place.list)
  const outcome = judgeTrustList(received, checkSignatures(checksOfTrustList(received)), {
    now,
    skewSeconds: SKEW_SECONDS,
    last,
    hash,
  })
  if (outcome.outcome === 'accepted') await keepLast(place.editions, place.list, outcome.last)
  return { list: received.list, outcome }
}

/** A list as a source, and how it stands with it. */
export interface ListFile {
  readonly source: TrustSource
  readonly state: SourceState
}

/**
 * The list as a source. What cannot be read or believed is not heard, and since it may have blocked somebody,
 * nobody is trusted meanwhile.
 *
 * @throws {FacetError} `file_unusable` for the files of keys and editions
 */
export async function readListFile(place: ListPlace, now: number): Promise<ListFile> {
  if (!existsSync(place.file)) return unheard(place, 'A list of trusted parties is not here.')
  try {
    const { list, outcome } = await judgeListFile(place, now)
    if (outcome.outcome === 'refused') return unheard(place, outcome.why)
    const { rules, sequence, issuedAt, expiresAt } = list
    return {
      source: createRuleSource(place.list, rules, { expiresAt }),
      state: { source: place.list, state: 'believed', sequence, issuedAt, expiresAt },
    }
  } catch (error) {
    if (!(error instanceof TrustError)) throw error
    return unheard(place, 'A list of trusted parties cannot be read.')
  }
}

function unheard({ list: source }: ListPlace, why: string): ListFile {
  return { source: unheardSource(source, true, why), state: { source, state: 'unheard', why } }
}
