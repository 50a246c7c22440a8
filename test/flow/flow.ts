/**
 * The flow that everything is about: a credential is issued, held, shown in part, verified, revoked
 * and then refused. The same body runs over whatever carries the messages.
 */
import type { Holder } from '@facet-id/holder'
import type { Issuer } from '@facet-id/issuer'
import { readDcqlQuery } from '@facet-id/protocol/openid4vp'
import type { PresentationResult, Verifier } from '@facet-id/verifier'
import { expect } from 'vitest'
import { personQuery, specimen } from './specimen.ts'

/** Three parties, and the code that the person got by another channel. */
export interface Stage {
  readonly issuer: Issuer
  readonly holder: Holder
  readonly verifier: Verifier
  /** What the person types when asked; set before an offer is accepted. */
  readonly person: { txCode?: string }
  /** Lets a verifier's copy of a status list grow stale. */
  letTimePass(): Promise<void>
  close(): Promise<void>
}

export async function runFlow({ issuer, holder, verifier, person, letTimePass }: Stage): Promise<void> {
  const offer = await issuer.offer({ configurationId: 'person', claims: specimen })
  if (offer.txCode !== undefined) person.txCode = offer.txCode
  const [received] = (await holder.accept(offer.link)).credentials
  if (received === undefined) throw new Error('the issuer issues at once')
  expect(received.copies).toBeGreaterThan(1)
  expect(received.copiesLeft).toBe(received.copies)

  const verified = await present()
  expect(verified.accepted).toBe(true)
  expect(verified.result).toMatchObject({
    outcome: 'verified',
    reports: { person: { shown: { age_equal_or_over: { '18': true }, nationalities: ['UTO'] } } },
  })

  expect(await issuer.revoke(offer.issuanceId)).toMatchObject({ copies: received.copies })
  await letTimePass()

  const refused = await present()
  expect(refused.accepted).toBe(false)
  expect(refused.reason).toMatch(/revoked/i)
  expect(statusOf(refused.result)).toMatchObject({ outcome: 'fail', reason: 'revoked' })
  expect((await holder.credentials()).map(({ copiesLeft }) => copiesLeft)).toEqual([received.copies - 2])

  async function present(): Promise<{ accepted: boolean; reason?: string; result: PresentationResult }> {
    const query = readDcqlQuery(personQuery({ over: 18, nationality: 'UTO' }))
    const { link, transactionId } = await verifier.request(query)
    expect(await verifier.result(transactionId)).toEqual({ outcome: 'pending' })
    const presented = await holder.present(link)
    return { ...presented, result: await verifier.result(transactionId) }
  }
}

/** The line of the report about the status list. */
export function statusOf(result: PresentationResult): unknown {
  if (!('reports' in result)) return undefined
  return Object.values(result.reports).flatMap(({ checks }) =>
    checks.filter(({ code }) => code === 'status'),
  )[0]
}
