/**
 * Credential endpoint: proofs in, signed copies out. OpenID4VCI 1.0 §8.
 *
 * Everything is checked before anything is used up. Then what the token allows and the nonce are taken and the
 * issuance is recorded, or promised for later, in one commit; and only after that is anything handed out. What is
 * lost on its way then can be had again (`credential-again.ts`).
 */
import { jwkThumbprint } from '@facet-id/credential/jose'
import {
  type CredentialRequest,
  readCredentialRequest,
  writeCredentialResponse,
} from '@facet-id/protocol/openid4vci'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import type { Op } from '@facet-id/store'
import { type AllowedCredential, accessUnusable } from '../authorization/access.ts'
import { checkGranted, type StandingAccess, spendAccess } from '../authorization/access-store.ts'
import { dpopReplayed } from '../client/dpop.ts'
import { IssuerError } from '../error.ts'
import { deferredKey, keepDeferred, transactionId } from '../issuance/deferred-store.ts'
import { HAND_OVERS, keepHandOver } from '../issuance/hand-over-store.ts'
import { isNonceUsed, useNonce } from '../issuance/issuance-store.ts'
import { nonceKey } from '../issuance/nonce.ts'
import { notificationId } from '../issuance/notification-store.ts'
import { nonceUnusable, type ReadProofs, readProofs } from '../issuance/proofs.ts'
import { credentialAsked, issuanceIdOf } from '../issuance/request.ts'
import { configurationStopped } from '../issuance/second-opinion.ts'
import { checkIssuing, isStopped } from '../issuance/stopped-store.ts'
import type { Issuing } from '../issuing.ts'
import { takeStanding } from '../offer/standing-store.ts'
import { configurationOf } from '../settings.ts'
import { type Presented, type ProvenAccess, presentedIn, provenAccess } from './access.ts'
import { claimsFor } from './claims-for.ts'
import { answerAgain, earlierAnswer } from './credential-again.ts'
import { answerIn, checkResponseEncryption, openRequest } from './encryption.ts'
import { provenKeys } from './proving.ts'
import { type ProvenSender, usedUp } from './sender.ts'
import { type Signed, signCopies } from './signing-copies.ts'

export async function answerCredential(request: WireRequest, issuing: Issuing): Promise<WireResponse> {
  const presented = presentedIn(request, issuing)
  // Each credential is good once: without turns, a thousand requests for it would each be signed for.
  return issuing.turns.take(presented.tokenKey, () => answerHolderOf(presented, request, issuing))
}

async function answerHolderOf(
  presented: Presented,
  request: WireRequest,
  issuing: Issuing,
): Promise<WireResponse> {
  const proven = await provenAccess(request, presented, issuing)
  try {
    return await answerProven(proven, request, issuing)
  } catch (error) {
    // What the request could not buy did not take the proof along: it serves no other request all the same.
    if (proven.sender !== undefined) await usedUp(proven.sender, issuing)
    throw error
  }
}

async function answerProven(
  { access, sender }: ProvenAccess,
  request: WireRequest,
  issuing: Issuing,
): Promise<WireResponse> {
  const { ports, settings } = issuing
  const { request: opened, sent } = await openRequest(request, issuing)
  const asked = readCredentialRequest(opened, sent)
  checkResponseEncryption(asked.credential_response_encryption, issuing)
  const allowed = credentialAsked(asked, access, settings)
  const issuanceId = issuanceIdOf(access, allowed, ports)
  const earlier = allowed.issued ? await earlierAnswer(issuanceId, access, issuing) : undefined
  if (await isStopped(ports.store, allowed.configurationId, ports.hash)) throw configurationStopped()
  const proofs = readProofs(asked.proofs, {
    settings,
    taken: configurationOf(settings, allowed.configurationId).proofs,
    attested: ports.keyAttesters !== undefined,
    clientId: access.clientId,
    mac: ports.mac,
    now: ports.now(),
  })
  if (await isNonceUsed(ports.store, nonceKey(proofs.nonce, ports.hash))) throw nonceUnusable()
  const keys = await provenKeys(proofs, issuing)
  if (earlier !== undefined) {
    const nonce = takingNonce(proofs, issuing)
    return answerAgain(earlier, { access, sender, asked, keys, nonce }, issuing)
  }
  const taking = { access, sender, allowed, asked, proofs, issuanceId }
  const { subject, server } = access
  const said = await claimsFor({ ...allowed, ...taking, subject, server, approved: false }, issuing)
  switch (said.answer) {
    case 'claims':
      return issue({ ...taking, keys, claims: said.claims }, issuing)
    case 'later':
      return defer({ ...taking, keys, interval: said.interval }, issuing)
    case 'denied':
      throw requestDenied()
  }
}

/** What is used up, whatever comes of it. */
interface Taking {
  readonly access: StandingAccess
  readonly sender: ProvenSender | undefined
  readonly allowed: AllowedCredential
  readonly asked: CredentialRequest
  readonly proofs: ReadProofs
  readonly issuanceId: string
}

type Keys = Awaited<ReturnType<typeof provenKeys>>
type Claims = NonNullable<AllowedCredential['claims']>

async function issue(
  taking: Taking & { readonly keys: Keys; readonly claims: Claims },
  issuing: Issuing,
): Promise<WireResponse> {
  const { access, allowed, asked, issuanceId, keys, claims } = taking
  const { ports, settings } = issuing
  const { configurationId } = allowed
  const signed = await signCopies(
    { issuanceId, grantId: access.grantId, configurationId, claims, keys },
    issuing,
  )
  const response = writeCredentialResponse({
    credentials: signed.credentials.map((credential) => ({ credential })),
    ...(settings.notifications
      ? { notification_id: notificationId(issuanceId, access.grantId, ports.mac) }
      : {}),
  })
  // Before the commit: a key that nothing can be encrypted to must cost the wallet nothing.
  const answer = await answerIn(response, asked.credential_response_encryption, issuing)
  await commit(taking, [...signed.record, ...handOverOf(taking, signed, issuing)], issuing)
  signed.recorded()
  return answer
}

async function defer(
  taking: Taking & { readonly keys: Keys; readonly interval: number | undefined },
  issuing: Issuing,
): Promise<WireResponse> {
  const { access, allowed, asked, issuanceId, keys, interval } = taking
  const { ports, settings } = issuing
  const { deferral } = settings
  const transaction = transactionId(issuanceId, ports.mac)
  const { configurationId, credentialIdentifier, claims } = allowed
  const kept = keepDeferred(deferredKey(transaction, ports.hash), {
    issuanceId,
    configurationId,
    grantId: access.grantId,
    keys,
    state: 'waiting',
    expiresAt: ports.now() + deferral.lifetime,
    ...(credentialIdentifier === undefined ? {} : { credentialIdentifier }),
    ...(access.jkt === undefined ? {} : { jkt: access.jkt }),
    ...(access.subject === undefined ? {} : { subject: access.subject }),
    ...(access.server === undefined ? {} : { server: access.server }),
    ...(claims === undefined ? {} : { claims }),
  })
  const response = writeCredentialResponse({
    transaction_id: transaction,
    interval: interval ?? deferral.interval,
  })
  const answer = await answerIn(response, asked.credential_response_encryption, issuing)
  await commit(taking, [kept], issuing)
  return answer
}

/** Its answer may be lost: for a short while the same wallet can have it again. */
function handOverOf(
  { access, issuanceId, allowed, claims }: Taking & { readonly claims: Claims },
  { copies, issuedAt }: Signed,
  { ports, settings }: Issuing,
): readonly Op[] {
  const { handOver } = settings
  const expiresAt = Math.min(access.expiresAt, issuedAt + handOver)
  if (expiresAt <= issuedAt) return []
  const kept = keepHandOver({
    issuanceId,
    tokenKey: access.tokenKey,
    configurationId: allowed.configurationId,
    claims,
    copies: copies.map(({ key, entry }) => ({ jkt: jwkThumbprint(key, ports.hash), entry })),
    left: HAND_OVERS,
    issuedAt,
    expiresAt,
  })
  return [kept]
}

function takingNonce({ nonce }: ReadProofs, { ports, settings }: Issuing): Op {
  return useNonce(nonce, { hash: ports.hash, now: ports.now(), nonceLifetime: settings.nonceLifetime })
}

async function commit(
  { access, sender, allowed, proofs, issuanceId }: Taking,
  record: readonly Op[],
  issuing: Issuing,
): Promise<void> {
  const { ports } = issuing
  const ops = [
    checkIssuing(allowed.configurationId, ports.hash),
    takingNonce(proofs, issuing),
    spendAccess(access, allowed),
    checkGranted(access.grantId),
    ...(allowed.issuanceId === undefined ? [] : [takeStanding(issuanceId)]),
    ...record,
    ...(sender === undefined ? [] : [sender.use]),
  ]
  const recorded = await ports.store.commit(ops)
  if (recorded.ok) return
  if (recorded.failed === 0) throw configurationStopped()
  if (sender !== undefined && recorded.failed === ops.length - 1) throw dpopReplayed()
  throw recorded.failed === 1 ? nonceUnusable() : accessUnusable()
}

/** Final: the wallet asks no more (§8.3.1.2). */
export function requestDenied(): IssuerError {
  return new IssuerError('request_denied', 'This credential is not issued to who asked for it')
}
