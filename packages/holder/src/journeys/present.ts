/**
 * Goes through a presentation to its end. Nothing is sent to a verifier before its request is proven
 * to be its own; no claim before the person agreed; and a copy is spent before it is sent, so that
 * it is never shown twice.
 */
import { utf8 } from '@facet-id/credential/base64url'
import { writeJws } from '@facet-id/credential/jose'
import { writeKeyBindingInput } from '@facet-id/credential/sd-jwt'
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
  type Obstacle,
} from '../presentation/presentation.ts'
import type { Presented } from '../presentation/presented.ts'
import type { ProvenRequest } from '../presentation/proven-request.ts'
import { shownBy } from '../presentation/shown.ts'
import { claimsOfTransactions } from '../presentation/transactions.ts'
import { findMatches, spend } from './choose.ts'
import { type PlatformAsk, provenPlatformRequest } from './prove-platform-request.ts'
import { provenRequest } from './prove-request.ts'
import { sendAnswer, sendError } from './send-answer.ts'

/**
 * @param link `openid4vp://…`
 * @throws what `Holder.present` says
 */
export async function present(link: string, holding: Holding): Promise<Presented> {
  return answer(await provenRequest(link, holding), holding)
}

/** @throws what `Holder.presentToPlatform` says */
export async function presentToPlatform(ask: PlatformAsk, holding: Holding): Promise<Presented> {
  return answer(await provenPlatformRequest(ask, holding), holding)
}

async function answer(request: ProvenRequest, holding: Holding): Promise<Presented> {
  const matches = await agreedMatches(request, holding)
  const answers = await Promise.all(
    matches.map(
      async (match) =>
        [match.query.id, [await presentationOf(match, { request, matches }, holding)]] as const,
    ),
  )
  const response = { vp_token: Object.fromEntries(answers), ...stateOf(request) }
  const { presented, peerError } = await sendAnswer(request, response, holding)
  // What is handed over is not known to have arrived: the log says that it was shown, and no more.
  if (presented.handOver !== undefined) return presented
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
    transactions: request.transactions,
    items: itemsOf(found, holding),
  })
  const chosen = agreed ? await spendFound(found, request, holding) : declined(found)
  if ('matches' in chosen) return chosen.matches
  throw await answerError(request, chosen, holding)
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

async function presentationOf(
  match: Match,
  { request, matches }: { readonly request: ProvenRequest; readonly matches: readonly Match[] },
  { ports }: Holding,
): Promise<string> {
  const { sdJwt, sdAlg, algs } = shownBy(match, ports.hash)
  const input = writeKeyBindingInput({
    sdJwt,
    nonce: request.nonce,
    audience: request.audience,
    issuedAt: ports.now(),
    alg: algs.holder,
    sdAlg,
    hash: ports.hash,
    extra: claimsOfTransactions(
      request.transactions,
      { queryId: match.query.id, presented: matches.map(({ query }) => query.id) },
      ports.hash,
    ),
  })
  return sdJwt + writeJws(input, await ports.keys.sign(match.copy.record.keyId, utf8(input)))
}

/** What is thrown: the obstacle, with what the application may hand over of it. */
async function answerError(
  request: ProvenRequest,
  { obstacle, word }: Obstacle,
  holding: Holding,
): Promise<HolderError> {
  await note(entryOf('denied', { request, matches: [] }, holding), holding)
  const handOver = await sendError(request, word, holding)
  return handOver === undefined ? obstacle : new HolderError(obstacle.code, obstacle.message, { handOver })
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

/** As the person reads it. */
function addressOf({ to, audience }: ProvenRequest): string {
  return to.by === 'platform' ? audience.slice('origin:'.length) : to.uri
}

function stateOf({ state }: ProvenRequest): { readonly state?: string } {
  return state === undefined ? {} : { state }
}
