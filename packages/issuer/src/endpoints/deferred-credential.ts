/**
 * Deferred credential endpoint: what was promised is collected, once it is ready. OpenID4VCI 1.0 §9.
 *
 * Who collects has a token of the same grant, bound to the same key, and gets credentials for the keys that were
 * proven when they were asked for. The answer is recorded before it is handed out, and for a short while handed
 * out again as it was, since it may have been lost: nothing is signed twice.
 */
import { writeCredentialResponse } from '@facet-id/protocol/openid4vci'
import {
  type DeferredCredentialRequest,
  readDeferredCredentialRequest,
} from '@facet-id/protocol/openid4vci/afterwards'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { accessUnusable } from '../authorization/access.ts'
import { checkGranted, type StandingAccess } from '../authorization/access-store.ts'
import { IssuerError } from '../error.ts'
import {
  changeDeferred,
  deferredKey,
  findDeferred,
  type StandingDeferred,
} from '../issuance/deferred-store.ts'
import { notificationId } from '../issuance/notification-store.ts'
import { configurationStopped } from '../issuance/second-opinion.ts'
import { checkIssuing, isStopped } from '../issuance/stopped-store.ts'
import type { Issuing } from '../issuing.ts'
import { accessOf, presentedIn } from './access.ts'
import { claimsFor } from './claims-for.ts'
import { requestDenied } from './credential.ts'
import { answerIn, checkResponseEncryption, openRequest } from './encryption.ts'
import { signCopies } from './signing-copies.ts'

/** Others may decide, or collect, between reading and writing; who loses this often is told to come again. */
const TRIES = 5

export async function answerDeferredCredential(
  request: WireRequest,
  issuing: Issuing,
): Promise<WireResponse> {
  const access = await accessOf(request, presentedIn(request, issuing), issuing)
  const { request: opened, sent } = await openRequest(request, issuing)
  const asked = readDeferredCredentialRequest(opened, sent)
  checkResponseEncryption(asked.credential_response_encryption, issuing)
  const key = deferredKey(asked.transaction_id, issuing.ports.hash)
  return issuing.turns.take(key, async () => {
    for (let tries = 0; tries < TRIES; tries++) {
      const answer = await collect(await standing(key, access, issuing), asked, access, issuing)
      if (answer !== undefined) return answer
    }
    throw new IssuerError('state_contended', 'This transaction was changed by others each time; try again')
  })
}

/** The same words for one that never was, is over, or is another's: who tries them learns nothing. */
async function standing(
  key: string,
  { grantId, jkt }: StandingAccess,
  { ports }: Issuing,
): Promise<StandingDeferred> {
  const found = await findDeferred(ports.store, key)
  if (found === undefined || found.record.grantId !== grantId || found.record.jkt !== jkt) {
    throw new IssuerError(
      'transaction_unknown',
      'The transaction_id is unknown, over, or already used; ask no more for it',
    )
  }
  return found
}

/** `undefined` when somebody else changed it meanwhile. */
async function collect(
  deferred: StandingDeferred,
  asked: DeferredCredentialRequest,
  access: StandingAccess,
  issuing: Issuing,
): Promise<WireResponse | undefined> {
  const { record } = deferred
  const { ports, settings } = issuing
  const handOut = (credentials: readonly string[]): Promise<WireResponse> =>
    answerIn(
      writeCredentialResponse({
        credentials: credentials.map((credential) => ({ credential })),
        ...(settings.notifications
          ? { notification_id: notificationId(record.issuanceId, record.grantId, ports.mac) }
          : {}),
      }),
      asked.credential_response_encryption,
      issuing,
    )
  if (record.credentials !== undefined) return handOut(record.credentials)
  if (record.state === 'denied') throw requestDenied()
  if (await isStopped(ports.store, record.configurationId, ports.hash)) throw configurationStopped()
  const said = await claimsFor({ ...record, approved: record.state === 'approved' }, issuing)
  if (said.answer === 'denied') {
    await ports.store.commit([changeDeferred(deferred, deniedOf(deferred))])
    throw requestDenied()
  }
  if (said.answer === 'later') {
    const interval = said.interval ?? settings.deferral.interval
    return answerIn(
      writeCredentialResponse({ transaction_id: asked.transaction_id, interval }),
      asked.credential_response_encryption,
      issuing,
    )
  }
  const signed = await signCopies({ ...record, claims: said.claims }, issuing)
  const answer = await handOut(signed.credentials)
  const { claims: _, ...kept } = record
  const recorded = await ports.store.commit([
    checkIssuing(record.configurationId, ports.hash),
    changeDeferred(deferred, {
      ...kept,
      state: 'collected',
      credentials: signed.credentials,
      expiresAt: ports.now() + settings.handOver,
    }),
    checkGranted(access.grantId),
    ...signed.record,
  ])
  if (recorded.ok) {
    signed.recorded()
    return answer
  }
  if (recorded.failed === 0) throw configurationStopped()
  if (recorded.failed === 1) return undefined
  throw accessUnusable()
}

/** Kept for as long as it would have stood, so that whoever asks again is told the same; without claims. */
function deniedOf({ record: { claims: _, ...record } }: StandingDeferred): StandingDeferred['record'] {
  return { ...record, state: 'denied' }
}
