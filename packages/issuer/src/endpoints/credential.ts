/**
 * Credential endpoint: proofs in, signed copies out. OpenID4VCI 1.0 §8.
 *
 * Everything is checked before anything is used up. Then the token and the nonce are taken and the
 * issuance is recorded in one commit, and only after that is a credential handed out.
 */
import { utf8, writeBase64url } from '@facet-id/credential/base64url'
import type { PublicJwk } from '@facet-id/credential/jose'
import { ProtocolError } from '@facet-id/protocol/error'
import { readCredentialRequest, writeCredentialResponse } from '@facet-id/protocol/openid4vci'
import { findEncrypted } from '@facet-id/protocol/openid4vci/encryption'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { type AllowedCredential, accessUnusable } from '../authorization/access.ts'
import { checkGranted, type StandingAccess, spendAccess } from '../authorization/access-store.ts'
import { draftCredential, draftingOf, expiryOf, shuffled, signedCredential } from '../issuance/issuance.ts'
import { isNonceUsed, recordIssued, useNonce } from '../issuance/issuance-store.ts'
import { CLOCK_SKEW_SECONDS, nonceKey } from '../issuance/nonce.ts'
import { checkProofVerdicts, nonceUnusable, type ReadProofs, readProofs } from '../issuance/proofs.ts'
import { credentialAsked } from '../issuance/request.ts'
import { type CopyToRead, configurationStopped } from '../issuance/second-opinion.ts'
import { checkIssuing, isStopped } from '../issuance/stopped-store.ts'
import type { Issuing } from '../issuing.ts'
import { takeStanding } from '../offer/standing-store.ts'
import { configurationOf } from '../settings.ts'
import { type StatusEntry, statusEntry } from '../status/status.ts'
import { allotEntries, openList } from '../status/status-store.ts'
import { accessOf, type Presented, presentedIn } from './access.ts'

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
  const { ports, settings } = issuing
  const access = await accessOf(request, presented, issuing)
  if (findEncrypted(request) !== undefined)
    throw new ProtocolError('encryption_unsupported', 'Encrypted credential requests are not supported')
  const asked = readCredentialRequest(request)
  const allowed = credentialAsked(asked, access, settings)
  const { configurationId } = allowed
  if (await isStopped(ports.store, configurationId, ports.hash)) throw configurationStopped()
  const proofs = readProofs(asked.proofs, { settings, mac: ports.mac, now: ports.now() })
  if (await isNonceUsed(ports.store, nonceKey(proofs.nonce, ports.hash))) throw nonceUnusable()
  checkProofVerdicts(await ports.checkSignatures(proofs.checks), proofs.checks.length)
  const copies = await signCopies(proofs.keys, allowed, issuing)
  await issuing.readingBack.read(configurationId, copies)
  await recordTaken({ access, allowed, proofs, entries: copies.map(({ entry }) => entry) }, issuing)
  const credentials = shuffled(copies, ports.random).map(({ credential }) => ({ credential }))
  return writeCredentialResponse({ credentials })
}

interface Copy extends CopyToRead {
  readonly entry: StatusEntry
}

async function signCopies(
  keys: readonly PublicJwk[],
  { configurationId, claims = {} }: AllowedCredential,
  issuing: Issuing,
): Promise<readonly Copy[]> {
  const { ports, settings } = issuing
  const configuration = configurationOf(settings, configurationId)
  const own = issuing.types.get(configurationId)
  const drafting = draftingOf(claims, configuration, { ports, settings, own })
  const first = await allotEntries(ports.store, keys.length)
  return Promise.all(
    keys.map(async (key, place) => {
      const entry = statusEntry(first + place, ports.mac)
      const draft = draftCredential(key, entry, drafting)
      const credential = signedCredential(draft, await ports.signer.sign(utf8(draft.signingInput)))
      return { entry, credential, draft }
    }),
  )
}

interface Taken {
  readonly access: StandingAccess
  readonly allowed: AllowedCredential
  readonly proofs: ReadProofs
  readonly entries: readonly StatusEntry[]
}

async function recordTaken({ access, allowed, proofs, entries }: Taken, issuing: Issuing): Promise<void> {
  const { ports, settings } = issuing
  const { configurationId } = allowed
  const { issuanceId = writeBase64url(ports.random(16)) } = allowed
  const now = ports.now()
  const expiresAt = expiryOf(configurationOf(settings, configurationId), now)
  // A nonce must be remembered for as long as any clock of ours may still believe it.
  const believedUntil = now + settings.nonceLifetime + 2 * CLOCK_SKEW_SECONDS
  const recorded = await ports.store.commit([
    checkIssuing(configurationId, ports.hash),
    useNonce(nonceKey(proofs.nonce, ports.hash), believedUntil),
    spendAccess(access, allowed),
    checkGranted(access.grantId),
    ...(allowed.issuanceId === undefined ? [] : [takeStanding(issuanceId)]),
    recordIssued({ issuanceId, configurationId, entries, issuedAt: now, expiresAt }),
    ...[...new Set(entries.map(({ list }) => list))].map(openList),
  ])
  if (recorded.ok) return
  if (recorded.failed === 0) throw configurationStopped()
  throw recorded.failed === 1 ? nonceUnusable() : accessUnusable()
}
