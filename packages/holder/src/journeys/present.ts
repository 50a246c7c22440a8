/**
 * Goes through a presentation to its end. Nothing is sent to a verifier before its request is proven
 * to be its own; no claim before the person agreed; and a copy is spent before it is sent, so that
 * it is never shown twice.
 */
import { utf8, writeBase64url } from '@facet-id/credential/base64url'
import { checkOf, writeJws } from '@facet-id/credential/jose'
import { openStoredSdJwt, writeKeyBindingInput } from '@facet-id/credential/sd-jwt'
import {
  type AuthorizationErrorCode,
  authorizationResponseRequest,
  type FollowedLink,
  findRefusal,
  type RequestObject,
  type RequestObjectJwt,
  readDirectPostAnswer,
  readRequestLink,
  readRequestObject,
  readRequestObjectResponse,
  requestUriRequest,
  takesSdJwtVc,
} from '@facet-id/protocol/openid4vp'
import type { PresentationConsent } from '../consent.ts'
import { HolderError } from '../error.ts'
import type { Holding } from '../holding.ts'
import { type LogEntry, logged } from '../log-store.ts'
import { peerErrorOf, peerReasonOf } from '../peer-error.ts'
import {
  checkRequestTime,
  claimsAsked,
  itemOf,
  type Match,
  matchAll,
  type OpenedCredential,
  sdJwtFor,
} from '../presentation.ts'
import { copiesOf, listCredentials, spendCopy } from '../shelf-store.ts'

export interface Presented {
  /** Whether the verifier took the answer. */
  readonly accepted: boolean
  /** What the verifier said when it refused; unproven text of a peer. */
  readonly reason?: string
  /** Where the verifier wants the person to go on. */
  readonly redirectUri?: string
}

/** @param link `openid4vp://…` */
export async function present(link: string, holding: Holding): Promise<Presented> {
  const request = await provenRequest(link, holding)
  const matches = await agreedMatches(request, holding)
  const shown = matches.map(({ credential, paths }) => ({ vct: credential.record.vct, paths }))
  const entry = { verifier: request.client_id, shown }
  await spend(matches, { at: holding.ports.now(), event: 'presenting', ...entry }, holding)
  const presentations = await Promise.all(matches.map((match) => presentationOf(match, request, holding)))
  const vp_token = Object.fromEntries(
    matches.map(({ query }, place) => [query.id, [presentations[place] ?? '']]),
  )
  const response = await holding.ports.transport.send(
    authorizationResponseRequest(request.response_uri, { vp_token, ...stateOf(request) }),
  )
  const at = holding.ports.now()
  if (response.status >= 200 && response.status < 300) {
    await note({ at, event: 'accepted', ...entry }, holding)
    const { redirect_uri } = readDirectPostAnswer(response, holding.settings.scheme)
    return redirect_uri === undefined ? { accepted: true } : { accepted: true, redirectUri: redirect_uri }
  }
  const peerError = peerErrorOf(response)
  await note({ at, event: 'refused', ...entry, ...(peerError === undefined ? {} : { peerError }) }, holding)
  const reason = peerReasonOf(response)
  return reason === undefined ? { accepted: false } : { accepted: false, reason }
}

/** The request, proven to come from the verifier that it names. Until then it is nobody's. */
async function provenRequest(link: string, { ports, settings }: Holding): Promise<RequestObject> {
  const read = readRequestLink(link, settings.scheme)
  const followed: FollowedLink =
    read.request_uri_method === 'post' ? { ...read, wallet_nonce: writeBase64url(ports.random(16)) } : read
  const token = readRequestObjectResponse(await ports.transport.send(requestUriRequest(followed)), followed)
  await proveSignature(token, { ports, settings })
  try {
    const request = readRequestObject(token, settings.scheme)
    checkRequestTime(request, ports.now(), settings.clockSkew)
    return request
  } catch (error) {
    // Proven, but not one that can be answered: the verifier is told so in its own words (§8.5).
    const refusal = findRefusal(token, settings.scheme)
    if (refusal !== undefined && !(error instanceof HolderError)) await ports.transport.send(refusal)
    throw error
  }
}

async function proveSignature({ clientId, kid, jws }: RequestObjectJwt, { ports }: Holding): Promise<void> {
  const answer = await ports.resolveKey({ did: clientId.id, kid, relationship: 'authentication' })
  if (!('key' in answer)) {
    throw new HolderError(
      'request_not_authentic',
      'The key that signed the request could not be found at its verifier',
    )
  }
  const [verdict] = await ports.checkSignatures([checkOf(jws, answer.key)])
  if (verdict !== 'valid') {
    throw new HolderError(
      'request_not_authentic',
      'The signature of the request does not hold: it is not from that verifier',
    )
  }
}

/**
 * What the person agrees to show. Whatever stands in the way, the person has seen the request before
 * an answer leaves, and the verifier hears the same word (§15.4.1).
 */
async function agreedMatches(request: RequestObject, holding: Holding): Promise<readonly Match[]> {
  const { ports } = holding
  const trust = ports.trust.mayAsk({ clientId: request.client_id, claims: claimsAsked(request.dcql_query) })
  if (trust.decision === 'not_trusted') {
    throw new HolderError(
      'verifier_not_trusted',
      'A trust list says that this verifier must not ask for this',
    )
  }
  if (!takesSdJwtVc(request.client_metadata, 'ES256')) {
    await answerError(request, 'vp_formats_not_supported', holding)
    throw new HolderError('nothing_matches', 'The verifier takes none of the formats that are held')
  }
  const found = await matchesFor(request, holding)
  const ask: PresentationConsent = {
    verifier: request.client_id,
    trust,
    responseUri: request.response_uri,
    items: found instanceof HolderError ? [] : found.map(itemOf),
  }
  const { agreed } = await ports.consent.toPresent(ask)
  if (agreed && !(found instanceof HolderError)) return found
  await answerError(request, 'access_denied', holding)
  throw found instanceof HolderError
    ? found
    : new HolderError('declined_by_person', 'The person declined; the verifier was told "denied"')
}

async function matchesFor(request: RequestObject, holding: Holding): Promise<readonly Match[] | HolderError> {
  const held = await openShelf(holding)
  try {
    return matchAll(request.dcql_query, held)
  } catch (error) {
    if (error instanceof HolderError) return error
    throw error
  }
}

/** Every credential that has not expired, with its unused copies. */
async function openShelf({ ports }: Holding): Promise<readonly OpenedCredential[]> {
  const held: OpenedCredential[] = []
  for await (const record of listCredentials(ports.store)) {
    if (record.expiresAt !== undefined && record.expiresAt <= ports.now()) continue
    const copies = await copiesOf(ports.store, record.credentialId)
    const [any] = copies
    if (any === undefined) continue
    const unused = copies.filter((copy) => copy.record.usedAt === undefined)
    held.push({ record, claims: openStoredSdJwt(any.record.compact, ports.hash).opened.claims, unused })
  }
  return held
}

/** Whoever commits first has the copies; a copy is spent even if what follows fails. */
async function spend(matches: readonly Match[], entry: LogEntry, { ports }: Holding): Promise<void> {
  const at = ports.now()
  const spent = await ports.store.commit([...matches.map(({ copy }) => spendCopy(copy, at)), logged(entry)])
  if (!spent.ok)
    throw new HolderError(
      'state_contended',
      'Another presentation took this copy; nothing was sent, try again',
    )
}

async function presentationOf(match: Match, request: RequestObject, { ports }: Holding): Promise<string> {
  const { compact, keyId } = match.copy.record
  const { jwt, opened } = openStoredSdJwt(compact, ports.hash)
  const sdJwt = sdJwtFor(match, { jwt, opened })
  const input = writeKeyBindingInput({
    sdJwt,
    nonce: request.nonce,
    audience: request.client_id,
    issuedAt: ports.now(),
    alg: 'ES256',
    sdAlg: opened.sdAlg,
    hash: ports.hash,
  })
  return sdJwt + writeJws(input, await ports.keys.sign(keyId, utf8(input)))
}

async function answerError(
  request: RequestObject,
  error: AuthorizationErrorCode,
  holding: Holding,
): Promise<void> {
  await note({ at: holding.ports.now(), event: 'denied', verifier: request.client_id, shown: [] }, holding)
  await holding.ports.transport.send(
    authorizationResponseRequest(request.response_uri, { error, ...stateOf(request) }),
  )
}

async function note(entry: LogEntry, { ports }: Holding): Promise<void> {
  await ports.store.commit([logged(entry)])
}

function stateOf({ state }: RequestObject): { readonly state?: string } {
  return state === undefined ? {} : { state }
}
