/**
 * Goes through a presentation to its end. Nothing is sent to a verifier before its request is proven
 * to be its own; no claim before the person agreed; and a copy is spent before it is sent, so that
 * it is never shown twice.
 */
import { utf8 } from '@facet-id/credential/base64url'
import { writeJws } from '@facet-id/credential/jose'
import { writeKeyBindingInput } from '@facet-id/credential/sd-jwt'
import { type AuthorizationErrorCode, authorizationResponseRequest } from '@facet-id/protocol/openid4vp'
import type { PresentationConsent } from '../consent.ts'
import { HolderError } from '../error.ts'
import type { Holding } from '../holding.ts'
import { type LogEntry, logged } from '../presentation/log-store.ts'
import {
  checkRequestTime,
  claimsAsked,
  denied,
  type Found,
  type Match,
} from '../presentation/presentation.ts'
import { type Presented, readOutcome } from '../presentation/presented.ts'
import type { ProvenRequest } from '../presentation/proven-request.ts'
import { shownBy } from '../presentation/shown.ts'
import { findMatches, spend } from './choose.ts'
import { provenRequest } from './prove-request.ts'

/**
 * @param link `openid4vp://…`
 * @throws what `Holder.present` says
 */
export async function present(link: string, holding: Holding): Promise<Presented> {
  const { ports, settings } = holding
  const request = await provenRequest(link, holding)
  const matches = await agreedMatches(request, holding)
  const answers = await Promise.all(
    matches.map(async (match) => [match.query.id, [await presentationOf(match, request, holding)]] as const),
  )
  const answer = { vp_token: Object.fromEntries(answers), ...stateOf(request) }
  const response = await ports.transport.send(authorizationResponseRequest(addressOf(request), answer))
  const { presented, peerError } = readOutcome(response, settings.scheme)
  await note(
    {
      ...entryOf(presented.accepted ? 'accepted' : 'refused', { request, matches }, holding),
      ...(peerError === undefined ? {} : { peerError }),
    },
    holding,
  )
  return presented
}

/**
 * What the person agreed to show, its copies spent. Whatever stands in the way, the person has seen the
 * request before an answer leaves (§15.1, §15.4.1).
 */
async function agreedMatches(request: ProvenRequest, holding: Holding): Promise<readonly Match[]> {
  const { ports } = holding
  const trust = ports.trust.mayAsk({
    clientId: request.client_id,
    claims: claimsAsked(request.dcql_query),
    ...request.evidence,
  })
  if (trust.decision === 'not_trusted') {
    throw new HolderError(
      'verifier_not_trusted',
      'A trust list says that this verifier must not ask for this',
    )
  }
  const found = await findMatches(request, holding)
  const { agreed } = await ports.consent.toPresent({
    verifier: request.client_id,
    trust,
    responseUri: addressOf(request),
    items: itemsOf(found, holding),
  })
  const chosen = agreed ? await spendFound(found, request, holding) : declined(found)
  if ('matches' in chosen) return chosen.matches
  await answerError(request, chosen.word, holding)
  throw chosen.obstacle
}

/** Whoever commits first has the copies; they are spent even if what follows fails. */
async function spendFound(found: Found, request: ProvenRequest, holding: Holding): Promise<Found> {
  if ('obstacle' in found) return found
  // A person may think for long: what is over now would cost a copy for nothing.
  checkRequestTime(request, holding.ports.now(), holding.settings.clockSkew)
  return spend(found.matches, entryOf('presenting', { request, ...found }, holding), holding)
}

/** Where there was nothing to agree to, that is the reason. */
function declined(found: Found): Found {
  return 'obstacle' in found
    ? found
    : denied('declined_by_person', 'The person declined; the verifier was told "denied"')
}

function itemsOf(found: Found, { ports }: Holding): PresentationConsent['items'] {
  if ('obstacle' in found) return []
  return found.matches.map((match) => ({
    queryId: match.query.id,
    credentialId: match.record.credentialId,
    issuer: match.record.issuer,
    vct: match.record.vct,
    ...(match.record.names === undefined ? {} : { names: match.record.names }),
    discloses: shownBy(match, ports.hash).discloses,
    copiesLeft: match.copiesLeft,
  }))
}

async function presentationOf(match: Match, request: ProvenRequest, { ports }: Holding): Promise<string> {
  const { sdJwt, sdAlg, algs } = shownBy(match, ports.hash)
  const input = writeKeyBindingInput({
    sdJwt,
    nonce: request.nonce,
    audience: request.audience,
    issuedAt: ports.now(),
    alg: algs.holder,
    sdAlg,
    hash: ports.hash,
  })
  return sdJwt + writeJws(input, await ports.keys.sign(match.copy.record.keyId, utf8(input)))
}

async function answerError(
  request: ProvenRequest,
  error: AuthorizationErrorCode,
  holding: Holding,
): Promise<void> {
  await note(entryOf('denied', { request, matches: [] }, holding), holding)
  try {
    await holding.ports.transport.send(
      authorizationResponseRequest(addressOf(request), { error, ...stateOf(request) }),
    )
  } catch {
    // Whether or not the verifier hears of it, nothing is shown.
  }
}

function entryOf(
  event: 'presenting' | 'accepted' | 'refused' | 'denied',
  { request, matches }: { readonly request: ProvenRequest; readonly matches: readonly Match[] },
  { ports }: Holding,
): LogEntry {
  const shown = matches.map((match) => ({
    vct: match.record.vct,
    paths: shownBy(match, ports.hash).discloses.map(({ path }) => path),
  }))
  return { at: ports.now(), event, verifier: request.client_id, shown }
}

async function note(entry: LogEntry, { ports }: Holding): Promise<void> {
  await ports.store.commit([logged(entry)])
}

function addressOf({ to }: ProvenRequest): string {
  return to.by === 'platform' ? '' : to.uri
}

function stateOf({ state }: ProvenRequest): { readonly state?: string } {
  return state === undefined ? {} : { state }
}
