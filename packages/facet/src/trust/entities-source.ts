/** A list of trusted entities (ETSI TS 119 602) from a file: the anchors that it gives, or why it gives none. */
import { existsSync } from 'node:fs'
import { checkSignatures, hash } from '@facet-id/crypto/node'
import { TrustError, type TrustSource, unheardSource } from '@facet-id/trust'
import {
  anchorsOf,
  checksOfTrustedEntities,
  judgeTrustedEntities,
  readTrustedEntities,
} from '@facet-id/trust/lists'
import type { TrustAnchor } from '@facet-id/trust/x509'
import { readText } from '../config/sealed-key.ts'
import { findLast, keepLast, readSigners, SKEW_SECONDS } from './editions.ts'
import type { SourceState } from './part.ts'

export interface EntitiesPlace {
  /** `LoTEType`. */
  readonly type: string
  readonly file: string
  /** Files of public keys, as JWKs. */
  readonly signers: readonly string[]
  /** The name of the anchor for each type of service. */
  readonly anchorOf: Readonly<Record<string, string>>
  readonly editions: string
}

export interface EntitiesRead {
  readonly anchors: readonly TrustAnchor[]
  /** Until when they may be believed, seconds since the epoch. */
  readonly expiresAt: number
  /** In the place of anchors, when the list was not believed: it says so in explanations. */
  readonly unheard?: TrustSource
  readonly state: SourceState
}

/** @throws {FacetError} `file_unusable` for the files of keys and editions */
export async function readEntities(place: EntitiesPlace, now: number): Promise<EntitiesRead> {
  if (!existsSync(place.file)) return unheard(place, 'A list of trusted entities is not here.')
  const keys = await readSigners(place.signers)
  try {
    const received = readTrustedEntities((await readText(place.file)).trim(), { type: place.type, keys })
    const outcome = judgeTrustedEntities(received, checkSignatures(checksOfTrustedEntities(received)), {
      now,
      skewSeconds: SKEW_SECONDS,
      last: await findLast(place.editions, place.type),
      hash,
    })
    if (outcome.outcome === 'refused') return unheard(place, outcome.why)
    await keepLast(place.editions, place.type, outcome.last)
    const { sequence, issuedAt, expiresAt } = received.list
    const anchors = anchorsOf(received.list, place.anchorOf)
    const state = { source: place.type, state: 'believed', sequence, issuedAt, expiresAt } as const
    return { anchors, expiresAt, state }
  } catch (error) {
    if (!(error instanceof TrustError)) throw error
    return unheard(place, 'A list of trusted entities cannot be read.')
  }
}

function unheard({ type }: EntitiesPlace, why: string): EntitiesRead {
  const state = { source: type, state: 'unheard', why } as const
  return { anchors: [], expiresAt: 0, unheard: unheardSource(type, false, why), state }
}
