/**
 * Goes through a presentation to its end. Nothing is sent to a verifier before its request is proven
 * to be its own; no claim before the person agreed; and a copy is spent before it is sent, so that
 * it is never shown twice.
 */
import { utf8 } from '@facet-id/credential/base64url'
import { writeJws } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import { writeKeyBindingInput } from '@facet-id/credential/sd-jwt'
import type { Op } from '@facet-id/store'
import { HolderError } from '../error.ts'
import type { Holding, Presenting } from '../holding.ts'
import type { HolderPorts } from '../ports.ts'
import { claimRequest, isAnswered } from '../presentation/answered-store.ts'
import { askerOf } from '../presentation/asker.ts'
import { canBeAuthorized, chosenItems } from '../presentation/choice.ts'
import {
  consent,
  isAnswerable,
  type PresentationConsent,
  type PresentationDecision,
} from '../presentation/consent.ts'
import { type LogEntry, logged } from '../presentation/log-store.ts'
import {
  checkRequestTime,
  denied,
  type Found,
  type Match,
  type Obstacle,
  spent,
} from '../presentation/presentation.ts'
import type { Presented } from '../presentation/presented.ts'
import type { ProvenRequest } from '../presentation/proven-request.ts'
import { shownBy } from '../presentation/shown.ts'
import { areAuthorized, claimsOfTransactions } from '../presentation/transactions.ts'
import { answeredBefore, chosenFrom, type Showable, showableTo, spend, takesAny } from './choose.ts'
import { type PlatformAsk, provenPlatformRequest } from './prove-platform-request.ts'
import { provenRequest } from './prove-request.ts'
import { sendAnswer, sendError } from './send-answer.ts'

/**
 * @param link `openid4vp://…`
 * @throws what `Holder.present` says
 */
export async function present(link: string, holding: Presenting): Promise<Presented> {
  return answer(await provenRequest(link, holding), holding)
}

/** @throws what `Holder.presentToPlatform` says */
export async function presentToPlatform(ask: PlatformAsk, holding: Presenting): Promise<Presented> {
  return answer(await provenPlatformRequest(ask, holding), holding)
}

async function answer(request: ProvenRequest, holding: Presenting): Promise<Presented> {
  const matches = await agreedMatches(request, holding)
  const vp_token = await vpTokenOf(matches, request, holding)
  const { presented, peerError } = await sendAnswer(request, { vp_token, ...stateOf(request) }, holding)
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
async function agreedMatches(request: ProvenRequest, holding: Presenting): Promise<readonly Match[]> {
  const { ports } = holding
  if (await isAnswered(ports.store, request, ports.hash)) throw answeredBefore()
  const showable = takesAny(request.client_metadata) ? await showableTo(request, holding) : nothing
  const asked = consent(
    { ...request, asker: askerOf(request), response_uri: addressOf(request) },
    showable,
    ports.trust,
  )
  if (asked.trust.decision === 'not_trusted') {
    throw new HolderError(
      'verifier_not_trusted',
      'A trust list says that this verifier must not ask for this',
    )
  }
  const decision = await ports.consent.toPresent(asked)
  // A person may think for long: what is over now would cost a copy for nothing, and a "no" would tell it from a "yes".
  checkRequestTime(request, ports.now(), holding.settings.clockSkew)
  const found =
    obstacleIn(request, asked, decision) ??
    (await spendChosen({ request, asked, showable }, decision, holding))
  if ('matches' in found) return found.matches
  throw await answerError(request, found, holding)
}

/** What could be shown to a verifier that takes none of our formats. */
const nothing: Showable = { candidatesFor: () => [], find: () => undefined }

/** Where there was nothing to agree to, that is the reason, whatever the person said. */
function obstacleIn(
  { client_metadata }: ProvenRequest,
  asked: PresentationConsent,
  { agreed, choice }: PresentationDecision,
): Obstacle | undefined {
  if (!takesAny(client_metadata)) {
    const text = 'The verifier takes none of the formats that are held'
    return { obstacle: new HolderError('nothing_matches', text), word: 'vp_formats_not_supported' }
  }
  if (!isAnswerable(asked) || !canBeAuthorized(asked))
    return denied('nothing_matches', 'No credential that is held answers this request')
  // Whoever answers nothing of an empty default did not say that a copy may be shown again.
  if (choice === undefined && asked.items.length === 0 && chosenItems(asked).length > 0) return spent()
  if (agreed) return undefined
  return denied('declined_by_person', 'The person declined; the verifier was told "access_denied"')
}

interface Asked {
  readonly request: ProvenRequest
  readonly asked: PresentationConsent
  readonly showable: Showable
}

/** Whoever commits first has the copies; they are spent even if what follows fails. */
async function spendChosen(
  { request, asked, showable }: Asked,
  { choice }: PresentationDecision,
  holding: Holding,
): Promise<Found> {
  const items = chosenItems(asked, choice)
  if (items.length === 0) return denied('declined_by_person', 'Nothing was chosen of what is optional')
  const ids = items.map(({ queryId }) => queryId)
  if (!areAuthorized(request.transactions, ids))
    throw new HolderError(
      'choice_invalid',
      'What was chosen does not authorize all that is to be authorized; nothing was sent, choose otherwise',
    )
  const chosen = chosenFrom(items, request, showable)
  const entry = (matches: readonly Match[]): LogEntry => entryOf('presenting', { request, matches }, holding)
  const claim = claimOf(request, holding)
  return spend({ claim, chosen, mayReuse: choice?.reuse === true, entryOf: entry }, holding)
}

function claimOf(request: ProvenRequest, { ports, settings }: Holding): Op {
  return claimRequest(request, { at: ports.now(), skew: settings.clockSkew, hash: ports.hash })
}

/** By the id of the query, in the order of the request. */
async function vpTokenOf(
  matches: readonly Match[],
  request: ProvenRequest,
  holding: Holding,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const presentations = await Promise.all(
    matches.map(async (match) => ({
      queryId: match.item.queryId,
      presentation: await presentationOf(match, { request, matches }, holding),
    })),
  )
  const answers = new Map<string, readonly string[]>()
  for (const { queryId, presentation } of presentations) {
    answers.set(queryId, [...(answers.get(queryId) ?? []), presentation])
  }
  return Object.fromEntries(answers)
}

/** Without a key nobody can prove to be the holder, and then the query needs no proof (§B.3). */
async function presentationOf(
  match: Match,
  { request, matches }: { readonly request: ProvenRequest; readonly matches: readonly Match[] },
  { ports }: Holding,
): Promise<string> {
  const { sdJwt, sdAlg, algs } = shownBy(match, ports.hash)
  if (algs.holder === undefined) return sdJwt
  const input = writeKeyBindingInput({
    sdJwt,
    nonce: request.nonce,
    audience: request.audience,
    issuedAt: ports.now(),
    alg: algs.holder,
    sdAlg,
    hash: ports.hash,
    extra: authorizedBy(match, { request, matches }, ports),
  })
  return sdJwt + writeJws(input, await ports.keys.sign(match.copy.record.keyId, utf8(input)))
}

/**
 * What is thrown: the obstacle, with what the application may hand over of it; or that somebody else answered, and then
 * nothing is sent.
 */
async function answerError(
  request: ProvenRequest,
  { obstacle, word }: Obstacle,
  holding: Holding,
): Promise<HolderError> {
  const entry = entryOf('denied', { request, matches: [] }, holding)
  const noted = await holding.ports.store.commit([claimOf(request, holding), logged(entry)])
  if (!noted.ok) return answeredBefore()
  const handOver = await sendError(request, word, holding)
  return handOver === undefined ? obstacle : new HolderError(obstacle.code, obstacle.message, { handOver })
}

function entryOf(
  event: 'presenting' | 'accepted' | 'refused' | 'denied',
  { request, matches }: { readonly request: ProvenRequest; readonly matches: readonly Match[] },
  { ports }: Holding,
): LogEntry {
  const shown = matches.map(({ item, copy }) => ({
    vct: item.vct,
    paths: item.discloses.map(({ path }) => path),
    ...(copy.record.usedAt === undefined ? {} : { again: true as const }),
  }))
  return { at: ports.now(), event, verifier: request.client_id, shown }
}

async function note(entry: LogEntry, { ports }: Holding): Promise<void> {
  await ports.store.commit([logged(entry)])
}

/** Of several credentials for one query the first authorizes: each transaction is authorized once. */
function authorizedBy(
  { item }: Match,
  { request, matches }: { readonly request: ProvenRequest; readonly matches: readonly Match[] },
  { hash }: Pick<HolderPorts, 'hash'>,
): JsonObject {
  const first = matches.find((other) => other.item.queryId === item.queryId)
  if (first?.item !== item) return {}
  const presented = matches.map((other) => other.item.queryId)
  return claimsOfTransactions(request.transactions, { queryId: item.queryId, presented }, hash)
}

/** As the person reads it. */
function addressOf({ to, audience }: ProvenRequest): string {
  return to.by === 'platform' ? audience.slice('origin:'.length) : to.uri
}

function stateOf({ state }: ProvenRequest): { readonly state?: string } {
  return state === undefined ? {} : { state }
}
