/** Signed copies, one for each key, read back before anybody has them. OpenID4VCI 1.0 §8.3. */
import { utf8 } from '@facet-id/credential/base64url'
import type { PublicJwk } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import type { Op } from '@facet-id/store'
import { draftCredential, draftingOf, expiryOf, shuffled, signedCredential } from '../issuance/issuance.ts'
import { recordIssued } from '../issuance/issuance-store.ts'
import { firstListOf, knownByOf, signerFor } from '../issuance/known-by.ts'
import type { CopyToRead } from '../issuance/second-opinion.ts'
import type { Issuing } from '../issuing.ts'
import { configurationOf } from '../settings.ts'
import type { StatusEntry } from '../status/status.ts'

export interface ToSign {
  readonly issuanceId: string
  readonly configurationId: string
  readonly claims: JsonObject
  readonly keys: readonly PublicJwk[]
}

/** Nothing of it may leave before `record` was committed. */
export interface Signed {
  /** In an order that says nothing. */
  readonly credentials: readonly string[]
  readonly record: readonly Op[]
  /** To be called once it was. */
  recorded(): void
}

/** @throws {IssuerError} `second_opinion_differs`, `configuration_stopped` */
export async function signCopies(toSign: ToSign, issuing: Issuing): Promise<Signed> {
  const { issuanceId, configurationId, claims, keys } = toSign
  const { ports, settings } = issuing
  const configuration = configurationOf(settings, configurationId)
  const own = issuing.types.get(configurationId)
  const drafting = draftingOf(claims, configuration, { ports, settings, own })
  const knownBy = knownByOf(configuration, settings)
  const signer = signerFor(knownBy, ports)
  const firstList = firstListOf(knownBy, settings)
  const allotted = await issuing.allotment.take(keys.length, firstList)
  const copies: readonly Copy[] = await Promise.all(
    keys.map(async (key, place) => {
      const entry = allotted[place]
      if (entry === undefined) throw new TypeError('as many entries are taken as there are keys')
      const draft = draftCredential(key, entry, drafting)
      const credential = signedCredential(draft, await signer.sign(utf8(draft.signingInput)))
      return { entry, credential, draft }
    }),
  )
  await issuing.readingBack.read(configurationId, copies)
  const entries = copies.map(({ entry }) => entry)
  const issuedAt = ports.now()
  const expiresAt = expiryOf(configuration, issuedAt)
  return {
    credentials: shuffled(copies, ports.random).map(({ credential }) => credential),
    record: [
      recordIssued({ issuanceId, configurationId, entries, issuedAt, expiresAt }),
      ...issuing.openLists.opening(entries),
    ],
    recorded: () => issuing.openLists.opened(entries),
  }
}

interface Copy extends CopyToRead {
  readonly entry: StatusEntry
}
