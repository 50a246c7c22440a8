/**
 * Credential endpoint: the same answer again, for a wallet to which it never came. A crash between any two steps
 * loses nothing, and issues nothing twice.
 *
 * Who asks has the same token, a fresh nonce and proofs of exactly the same keys; then the same claims are signed
 * for them in the entries that were recorded, or the same promise is named. Nothing is recorded, and nothing counted.
 */
import { jwkThumbprint, type PublicJwk } from '@facet-id/credential/jose'
import { type CredentialRequest, writeCredentialResponse } from '@facet-id/protocol/openid4vci'
import type { WireResponse } from '@facet-id/protocol/wire'
import type { Op } from '@facet-id/store'
import { accessUnusable } from '../authorization/access.ts'
import { checkGranted, type StandingAccess } from '../authorization/access-store.ts'
import { dpopReplayed } from '../client/dpop.ts'
import {
  deferredKey,
  findDeferred,
  type StandingDeferred,
  transactionId,
} from '../issuance/deferred-store.ts'
import { findHandOver, type StandingHandOver, sameCopies, takeHandOver } from '../issuance/hand-over-store.ts'
import { notificationId } from '../issuance/notification-store.ts'
import { nonceUnusable } from '../issuance/proofs.ts'
import { configurationStopped } from '../issuance/second-opinion.ts'
import { checkIssuing } from '../issuance/stopped-store.ts'
import type { Issuing } from '../issuing.ts'
import { answerIn } from './encryption.ts'
import type { ProvenSender } from './sender.ts'
import { signEach } from './signing-copies.ts'

/** What was answered before on this token. */
export type Earlier =
  | { readonly was: 'issued'; readonly standing: StandingHandOver }
  | { readonly was: 'promised'; readonly standing: StandingDeferred }

/** @throws {IssuerError} `access_token_unusable` where that cannot be had again */
export async function earlierAnswer(
  issuanceId: string,
  { tokenKey, grantId, jkt }: StandingAccess,
  { ports }: Issuing,
): Promise<Earlier> {
  const issued = await findHandOver(ports.store, issuanceId)
  if (issued !== undefined && issued.record.tokenKey === tokenKey && issued.record.left > 0) {
    return { was: 'issued', standing: issued }
  }
  const promised = await findDeferred(
    ports.store,
    deferredKey(transactionId(issuanceId, ports.mac), ports.hash),
  )
  if (promised !== undefined && promised.record.grantId === grantId && promised.record.jkt === jkt) {
    return { was: 'promised', standing: promised }
  }
  throw accessUnusable()
}

export interface AskedAgain {
  readonly access: StandingAccess
  readonly sender: ProvenSender | undefined
  readonly asked: CredentialRequest
  readonly keys: readonly PublicJwk[]
  /** Takes the nonce. */
  readonly nonce: Op
}

/** @throws {IssuerError} `access_token_unusable`, also for other keys; `nonce_unusable`, `configuration_stopped` */
export function answerAgain(earlier: Earlier, again: AskedAgain, issuing: Issuing): Promise<WireResponse> {
  return earlier.was === 'issued'
    ? issueAgain(earlier.standing, again, issuing)
    : promiseAgain(earlier.standing, again, issuing)
}

async function issueAgain(
  standing: StandingHandOver,
  { access, sender, asked, keys, nonce }: AskedAgain,
  issuing: Issuing,
): Promise<WireResponse> {
  const { ports, settings } = issuing
  const { issuanceId, configurationId, claims, issuedAt } = standing.record
  const copies = sameCopies(standing.record.copies, keys, ports.hash)
  if (copies === undefined) throw accessUnusable()
  const credentials = await signEach({ configurationId, claims, copies, issuedAt }, issuing)
  const response = writeCredentialResponse({
    credentials: credentials.map((credential) => ({ credential })),
    ...(settings.notifications
      ? { notification_id: notificationId(issuanceId, access.grantId, ports.mac) }
      : {}),
  })
  const answer = await answerIn(response, asked.credential_response_encryption, issuing)
  const ops = [checkIssuing(configurationId, ports.hash), nonce, takeHandOver(standing)]
  await commit([...ops, checkGranted(access.grantId)], sender, issuing)
  return answer
}

async function promiseAgain(
  { record }: StandingDeferred,
  { access, sender, asked, keys, nonce }: AskedAgain,
  issuing: Issuing,
): Promise<WireResponse> {
  const { ports, settings } = issuing
  const copies = record.keys.map((key, index) => ({
    jkt: jwkThumbprint(key, ports.hash),
    entry: { list: 0, index },
  }))
  if (sameCopies(copies, keys, ports.hash) === undefined) throw accessUnusable()
  const response = writeCredentialResponse({
    transaction_id: transactionId(record.issuanceId, ports.mac),
    interval: settings.deferral.interval,
  })
  const answer = await answerIn(response, asked.credential_response_encryption, issuing)
  const ops = [checkIssuing(record.configurationId, ports.hash), nonce, checkGranted(access.grantId)]
  await commit(ops, sender, issuing)
  return answer
}

async function commit(
  ops: readonly Op[],
  sender: ProvenSender | undefined,
  { ports }: Issuing,
): Promise<void> {
  const committed = await ports.store.commit(sender === undefined ? ops : [...ops, sender.use])
  if (committed.ok) return
  if (committed.failed === 0) throw configurationStopped()
  if (committed.failed === ops.length) throw dpopReplayed()
  throw committed.failed === 1 ? nonceUnusable() : accessUnusable()
}
