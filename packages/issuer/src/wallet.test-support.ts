/**
 * For tests of the issuer: a wallet that speaks the protocol's own messages, and says what it is told
 * to say where a test wants it to be wrong.
 */
import { utf8 } from '@facet-id/credential/base64url'
import { findVerificationMethod, resolveDidJwk } from '@facet-id/credential/did'
import { type PublicJwk, readPublicJwk, writeJws } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import {
  type Answer,
  beginJudgement,
  didsOnly,
  type IssuerKeyAnswer,
  type IssuerKeyPolicy,
  type KeyReference,
  nextQuestion,
  type Question,
  type Report,
  reportOf,
  takeAnswer,
  type VerifiedCredential,
} from '@facet-id/credential/sd-jwt-vc'
import { type StatusReference, statusAt } from '@facet-id/credential/status-list'
import {
  type ErrorResponse,
  PRE_AUTHORIZED_CODE_GRANT,
  type PreAuthorizedCodeTokenRequest,
  readErrorResponse,
  readTokenResponse,
  tokenRequest,
} from '@facet-id/protocol/oauth'
import {
  credentialRequest,
  nonceRequest,
  readCredentialResponse,
  readNonceResponse,
} from '@facet-id/protocol/openid4vci'
import { type ProofClaims, writeProofInput } from '@facet-id/protocol/openid4vci/key-proof'
import {
  readStatusListResponse,
  readStatusListToken,
  statusListRequest,
} from '@facet-id/protocol/token-status-list'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { checkSignatures, hash, inflate, type KeyPair, keyPair, signerOf } from '@facet-id/testkit'
import type { MadeOffer } from './offer/offering.ts'
import { ISSUER, signingKey, type World } from './world.test-support.ts'

export const TOKEN = `${ISSUER}/token`
export const NONCE = `${ISSUER}/nonce`
export const CREDENTIAL = `${ISSUER}/credential`

/** The pre-authorized code of an offer. */
export function codeOf({ offer }: Pick<MadeOffer, 'offer'>): string {
  const grant = offer.grants[PRE_AUTHORIZED_CODE_GRANT]
  if (grant === undefined) throw new Error('the offer has no pre-authorized code')
  return grant['pre-authorized_code']
}

/** What the wallet sends for a token; `undefined` leaves a parameter out. */
export function askToken(
  made: MadeOffer,
  changes: Partial<Omit<PreAuthorizedCodeTokenRequest, 'tx_code'>> & { tx_code?: string | undefined } = {},
): WireRequest {
  const { tx_code, ...rest } = {
    grant_type: PRE_AUTHORIZED_CODE_GRANT,
    'pre-authorized_code': codeOf(made),
    tx_code: made.txCode,
    ...changes,
  } as const
  return tokenRequest(TOKEN, { ...rest, ...(tx_code === undefined ? {} : { tx_code }) })
}

export async function tokenFor(world: World, made?: MadeOffer): Promise<string> {
  const response = await world.send(askToken(made ?? (await world.offer())))
  return readTokenResponse(response).access_token
}

export async function nonceFrom(world: World): Promise<string> {
  return readNonceResponse(await world.send(nonceRequest(NONCE))).c_nonce
}

/** Proofs are signed by the key that they name, unless `signedBy` says otherwise. */
export function proofOf(
  keys: KeyPair,
  claims: Pick<ProofClaims, 'nonce' | 'issuedAt'> & Partial<ProofClaims>,
  signedBy: KeyPair = keys,
): string {
  const input = writeProofInput({ audience: ISSUER, jwk: keys.publicJwk, alg: 'ES256', ...claims })
  return signed(input, signedBy)
}

export function signed(input: string, { privateJwk }: KeyPair): string {
  return writeJws(input, signerOf(privateJwk).sign(utf8(input)))
}

/** A request that is right in everything: a fresh token, a fresh nonce, as many keys as asked. */
export interface Ready {
  readonly token: string
  readonly nonce: string
  readonly keys: readonly KeyPair[]
  readonly proofs: readonly string[]
  readonly request: WireRequest
}

export async function ready(
  world: World,
  { copies = 2, made }: { copies?: number; made?: MadeOffer } = {},
): Promise<Ready> {
  const token = await tokenFor(world, made)
  const nonce = await nonceFrom(world)
  const keys = Array.from({ length: copies }, keyPair)
  const proofs = keys.map((pair) => proofOf(pair, { nonce, issuedAt: world.time.now() }))
  return { token, nonce, keys, proofs, request: askCredential(token, proofs) }
}

export function askCredential(token: string, jwt: readonly string[]): WireRequest {
  return credentialRequest(CREDENTIAL, token, { credential_configuration_id: 'person', proofs: { jwt } })
}

/** The same request with another body, written as it stands. */
export function withBody(request: WireRequest, body: unknown): WireRequest {
  return { ...request, body: typeof body === 'string' ? body : JSON.stringify(body) }
}

export function credentialsIn(response: WireResponse): readonly string[] {
  const answer = readCredentialResponse(response)
  if ('transaction_id' in answer) throw new Error('the credentials are deferred')
  return answer.credentials.map(({ credential }) => credential)
}

/** A whole issuance, and what the issuer calls it. */
export async function issue(
  world: World,
  copies = 2,
): Promise<{ readonly issuanceId: string; readonly credentials: readonly string[] }> {
  const made = await world.offer()
  const { request } = await ready(world, { copies, made })
  return { issuanceId: made.issuanceId, credentials: credentialsIn(await world.send(request)) }
}

/** The refusal in one line: `400 invalid_grant`. */
export function refusalIn(response: WireResponse): string {
  const { status, error }: ErrorResponse = readErrorResponse(response)
  return `${status} ${error}`
}

export async function listIn(
  world: World,
  uri: string,
): Promise<{ readonly bits: Uint8Array; readonly token: ReturnType<typeof readStatusListToken> }> {
  const response = await world.send(statusListRequest(uri))
  const { knownBy, did } = world.settings
  const x5c = knownBy.by === 'x5c' ? 'required' : 'forbidden'
  const token = readStatusListToken(readStatusListResponse(response), { uri, x5c })
  const key = knownBy.by === 'did' ? keyOf(did, token.kid ?? '') : signingKey
  const [verdict] = checkSignatures([token.check(key)])
  if (verdict !== 'valid') throw new Error('the signature of the list does not hold')
  return { bits: inflate(token.lst, token.maxBytes), token }
}

export async function statusIn(world: World, { uri, idx }: StatusReference): Promise<number> {
  const { bits, token } = await listIn(world, uri)
  return statusAt(bits, token.bits, idx)
}

/** How a test finds the key of an issuer that is no DID. */
export interface Knowing {
  readonly issuerKeys?: IssuerKeyPolicy
  readonly keyOf?: (reference: KeyReference) => IssuerKeyAnswer
}

/** Judges what was issued, as a holder does that believes the issuer. */
export async function judge(
  world: World,
  compact: string,
  { issuerKeys = didsOnly, keyOf: find = didKey }: Knowing = {},
): Promise<Report> {
  const expected = {
    issuerKeys,
    now: world.time.now(),
    skewSeconds: 0,
    algs: ['ES256'],
    keyBinding: { binding: 'forbidden' },
    status: 'required',
    requiredClaims: ['exp', 'cnf'],
  } as const
  let judgement = beginJudgement(compact, expected, hash)
  for (let asked = nextQuestion(judgement); asked !== undefined; asked = nextQuestion(judgement)) {
    judgement = takeAnswer(judgement, await answerTo(asked, world, find))
  }
  return reportOf(judgement)
}

export async function verified(world: World, compact: string): Promise<VerifiedCredential> {
  const { credential, checks } = await judge(world, compact)
  if (credential === undefined) {
    throw new Error(JSON.stringify(checks.filter(({ outcome }) => outcome !== 'pass')))
  }
  return credential
}

async function answerTo(
  question: Question,
  world: World,
  find: NonNullable<Knowing['keyOf']>,
): Promise<Answer> {
  switch (question.ask) {
    case 'issuer_key':
      return { to: 'issuer_key', ...find(question) }
    case 'verdicts':
      return { to: 'verdicts', verdicts: checkSignatures(question.checks) }
    case 'trust':
      return { to: 'trust', decision: 'trusted', why: 'The test says so.' }
    case 'type_metadata':
      return { to: 'type_metadata', undetermined: 'The test has no documents about types.' }
    case 'status':
      return { to: 'status', status: await statusIn(world, question.reference) }
  }
}

function didKey(reference: KeyReference): IssuerKeyAnswer {
  if (reference.by !== 'did') throw new Error('the issuer of the test is a DID')
  return { key: keyOf(reference.issuer, reference.kid), issuer: reference.issuer }
}

function keyOf(did: string, kid: string): PublicJwk {
  const method = findVerificationMethod(resolveDidJwk(did), kid, 'assertionMethod')
  const jwk: JsonObject | undefined = method?.publicKeyJwk
  if (jwk === undefined) throw new Error('the DID has no such key')
  return readPublicJwk(jwk)
}
