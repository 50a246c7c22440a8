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
  readonly grantId: string
  readonly configurationId: string
  readonly claims: JsonObject
  readonly keys: readonly PublicJwk[]
}

/** Nothing of it may leave before `record` was committed. */
export interface Signed {
  /** In an order that says nothing. */
  readonly credentials: readonly string[]
  readonly copies: readonly CopyToSign[]
  /** Seconds since the epoch. */
  readonly issuedAt: number
  readonly record: readonly Op[]
  /** To be called once it was. */
  recorded(): void
}

/** @throws {IssuerError} `second_opinion_differs`, `configuration_stopped` */
export async function signCopies(toSign: ToSign, issuing: Issuing): Promise<Signed> {
  const { issuanceId, grantId, configurationId, claims, keys } = toSign
  const { ports, settings } = issuing
  const configuration = configurationOf(settings, configurationId)
  const firstList = firstListOf(knownByOf(configuration, settings), settings)
  const allotted = await issuing.allotment.take(keys.length, firstList)
  const copies = keys.map((key, place) => {
    const entry = allotted[place]
    if (entry === undefined) throw new TypeError('as many entries are taken as there are keys')
    return { key, entry }
  })
  const issuedAt = ports.now()
  const credentials = await signEach({ configurationId, claims, copies, issuedAt }, issuing)
  const entries = copies.map(({ entry }) => entry)
  const expiresAt = expiryOf(configuration, issuedAt)
  return {
    credentials,
    copies,
    issuedAt,
    record: [
      ...recordIssued({ issuanceId, grantId, configurationId, entries, issuedAt, expiresAt }),
      ...issuing.openLists.opening(entries),
    ],
    recorded: () => issuing.openLists.opened(entries),
  }
}

/** A key, and the entry of the copy that is bound to it. */
export interface CopyToSign {
  readonly key: PublicJwk
  readonly entry: StatusEntry
}

interface EachToSign extends Pick<ToSign, 'configurationId' | 'claims'> {
  readonly copies: readonly CopyToSign[]
  /** Seconds since the epoch. */
  readonly issuedAt: number
}

/**
 * Signed and read back, in an order that says nothing. None may leave before its entries are recorded.
 *
 * @throws {IssuerError} `second_opinion_differs`, `configuration_stopped`
 */
export async function signEach(toSign: EachToSign, issuing: Issuing): Promise<readonly string[]> {
  const { configurationId, claims, copies, issuedAt } = toSign
  const { ports, settings } = issuing
  const configuration = configurationOf(settings, configurationId)
  const own = issuing.types.get(configurationId)
  const drafting = draftingOf(claims, configuration, { ports, settings, own, at: issuedAt })
  const signer = signerFor(knownByOf(configuration, settings), ports)
  await issuing.declaredKeys
  const signed: readonly CopyToRead[] = await Promise.all(
    copies.map(async ({ key, entry }) => {
      const draft = draftCredential(key, entry, drafting)
      return { credential: signedCredential(draft, await signer.sign(utf8(draft.signingInput))), draft }
    }),
  )
  await issuing.readingBack.read(configurationId, signed)
  return shuffled(signed, ports.random).map(({ credential }) => credential)
}
