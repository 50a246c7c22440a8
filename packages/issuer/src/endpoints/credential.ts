/**
 * Credential endpoint: proofs in, signed copies out. OpenID4VCI 1.0 §8.
 *
 * Everything is checked before anything is used up. Then the token and the nonce are taken and the
 * issuance is recorded in one commit, and only after that is a credential handed out.
 */
import { utf8 } from '@facet-id/credential/base64url'
import type { PublicJwk } from '@facet-id/credential/jose'
import { readBearer } from '@facet-id/protocol/oauth'
import { readCredentialRequest, writeCredentialResponse } from '@facet-id/protocol/openid4vci'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { IssuerError } from '../error.ts'
import { draftCredential, draftingOf, expiryOf, shuffled, signedCredential } from '../issuance/issuance.ts'
import { isNonceUsed, recordIssued, useNonce } from '../issuance/issuance-store.ts'
import { CLOCK_SKEW_SECONDS, nonceKey } from '../issuance/nonce.ts'
import { checkProofVerdicts, nonceUnusable, type ReadProofs, readProofs } from '../issuance/proofs.ts'
import { checkConfigurationAsked } from '../issuance/request.ts'
import { type CopyToRead, configurationStopped } from '../issuance/second-opinion.ts'
import { findSession, type SessionRecord, takeSession } from '../issuance/session-store.ts'
import { checkIssuing, isStopped } from '../issuance/stopped-store.ts'
import type { Issuing } from '../issuing.ts'
import { takeStanding } from '../offer/standing-store.ts'
import { configurationOf } from '../settings.ts'
import type { StatusEntry } from '../status/status.ts'
import { openList } from '../status/status-store.ts'

export async function answerCredential(request: WireRequest, issuing: Issuing): Promise<WireResponse> {
  const tokenKey = issuing.ports.hash('sha-256', bearerOf(request))
  // A token is good once: without turns, a thousand requests with it would each be signed for.
  return issuing.turns.take(tokenKey, () => answerHolderOf(tokenKey, request, issuing))
}

async function answerHolderOf(
  tokenKey: string,
  request: WireRequest,
  issuing: Issuing,
): Promise<WireResponse> {
  const { ports, settings } = issuing
  const session = await findSession(ports.store, tokenKey)
  if (session === undefined) throw tokenUnusable()
  const asked = readCredentialRequest(request)
  checkConfigurationAsked(asked, session.configurationId, settings)
  if (await isStopped(ports.store, session.configurationId, ports.hash)) throw configurationStopped()
  const proofs = readProofs(asked.proofs?.jwt, { settings, mac: ports.mac, now: ports.now() })
  if (await isNonceUsed(ports.store, nonceKey(proofs.nonce, ports.hash))) throw nonceUnusable()
  checkProofVerdicts(await ports.checkSignatures(proofs.checks), proofs.checks.length)
  const copies = await signCopies(proofs.keys, session, issuing)
  await issuing.readingBack.read(session.configurationId, copies)
  await recordTaken({ tokenKey, session, proofs, entries: copies.map(({ entry }) => entry) }, issuing)
  const credentials = shuffled(copies, ports.random).map(({ credential }) => ({ credential }))
  return writeCredentialResponse({ credentials })
}

interface Copy extends CopyToRead {
  readonly entry: StatusEntry
}

async function signCopies(
  keys: readonly PublicJwk[],
  session: SessionRecord,
  issuing: Issuing,
): Promise<readonly Copy[]> {
  const { ports, settings } = issuing
  const configuration = configurationOf(settings, session.configurationId)
  const own = issuing.types.get(session.configurationId)
  const drafting = draftingOf(session.claims, configuration, { ports, settings, own })
  const entries = await issuing.allotment.take(keys.length)
  return Promise.all(
    keys.map(async (key, place) => {
      const entry = entries[place]
      if (entry === undefined) throw new TypeError('as many entries are taken as there are keys')
      const draft = draftCredential(key, entry, drafting)
      const credential = signedCredential(draft, await ports.signer.sign(utf8(draft.signingInput)))
      return { entry, credential, draft }
    }),
  )
}

interface Taken {
  readonly tokenKey: string
  readonly session: SessionRecord
  readonly proofs: ReadProofs
  readonly entries: readonly StatusEntry[]
}

async function recordTaken({ tokenKey, session, proofs, entries }: Taken, issuing: Issuing): Promise<void> {
  const { ports, settings } = issuing
  const { issuanceId, configurationId } = session
  const now = ports.now()
  const expiresAt = expiryOf(configurationOf(settings, configurationId), now)
  // A nonce must be remembered for as long as any clock of ours may still believe it.
  const believedUntil = now + settings.nonceLifetime + 2 * CLOCK_SKEW_SECONDS
  const recorded = await ports.store.commit([
    checkIssuing(configurationId, ports.hash),
    useNonce(nonceKey(proofs.nonce, ports.hash), believedUntil),
    takeSession(tokenKey),
    takeStanding(issuanceId),
    recordIssued({ issuanceId, configurationId, entries, issuedAt: now, expiresAt }),
    ...[...new Set(entries.map(({ list }) => list))].map(openList),
  ])
  if (recorded.ok) return
  if (recorded.failed === 0) throw configurationStopped()
  throw recorded.failed === 1 ? nonceUnusable() : tokenUnusable()
}

function bearerOf(request: WireRequest): string {
  let token: string | undefined
  try {
    token = readBearer(request)
  } catch (cause) {
    const why = 'The access token must be sent in the Authorization header: Bearer, a blank and the token'
    throw new IssuerError('access_token_malformed', why, { cause })
  }
  if (token === undefined)
    throw new IssuerError('access_token_missing', 'The credential endpoint needs an access token')
  return token
}

function tokenUnusable(): IssuerError {
  return new IssuerError('access_token_unusable', 'The access token is unknown, expired or already used')
}
