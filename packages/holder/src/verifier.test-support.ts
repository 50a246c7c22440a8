/**
 * A verifier for tests of the wallet. It says what a test wants it to say; what it is answered is read
 * by the reader and judged by the judge that real ones use.
 */
import type { JsonObject } from '@facet-id/credential/json'
import {
  type Answer,
  beginJudgement,
  nextQuestion,
  type Question,
  type Report,
  reportOf,
  takeAnswer,
} from '@facet-id/credential/sd-jwt-vc'
import {
  readAuthorizationResponse,
  readRequestUriRequest,
  writeRequestLink,
  writeRequestObjectResponse,
} from '@facet-id/protocol/openid4vp'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { checkSignatures, hash } from '@facet-id/testkit'
import { type Identity, identity, plain, resolveKey, sign } from './identity.test-support.ts'
import { json, NOW, PERSON_VCT } from './issuer.test-support.ts'

export const VERIFIER = 'https://platform.example'

export const verifierIdentity: Identity = identity()
export const CLIENT_ID = `decentralized_identifier:${verifierIdentity.did}`

/** What a test may put in the place of the usual; members that are `undefined` are left out. */
export interface RequestChanges {
  /** Claims queries; over 18, and one nationality, when absent. */
  readonly claims?: readonly object[]
  readonly query?: object
  readonly payload?: object
  readonly header?: object
  readonly by?: Identity
  readonly method?: 'get' | 'post'
  /** Parameters of the link. */
  readonly link?: { readonly client_id?: string; readonly request_uri?: string }
  /** What stands at the request URI. */
  readonly object?: (jwt: string) => WireResponse
  /** What the response URI answers. */
  readonly answer?: WireResponse
}

export interface TestVerifier {
  /** Bodies that came to the response URI, in order. */
  readonly answers: string[]
  request(changes?: RequestChanges): string
  /** The same with the request object in the link, or its parameters, unsigned. */
  requestByValue(changes?: RequestChanges, signed?: boolean): string
  handle(request: WireRequest): WireResponse
}

export const NONCE = 'n-0S6_WzA2Mj'
/** Of the request that a test verifier made in that place, counted from 0. */
export function nonceOf(place: number): string {
  return place === 0 ? NONCE : `${NONCE}.${place}`
}

export const STATE = 'eyJhb_GcO'

export const overEighteen = { path: ['age_equal_or_over', '18'], values: [true] }
export const nationalityUto = { path: ['nationalities', null], values: ['UTO'] }

export function personQuery(claims: readonly object[] | undefined, more: object = {}): object {
  return plain({ id: 'person', format: 'dc+sd-jwt', meta: { vct_values: [PERSON_VCT] }, claims }, more)
}

export function testVerifier(): TestVerifier {
  const requests: RequestChanges[] = []
  const answers: string[] = []
  return {
    answers,
    request(changes = {}) {
      const { method, link = {} } = changes
      const request_uri = `${VERIFIER}/requests/${requests.push(changes) - 1}`
      return writeRequestLink({
        client_id: CLIENT_ID,
        request_uri,
        ...(method === undefined ? {} : { request_uri_method: method }),
        ...link,
      })
    },
    requestByValue(changes = {}, signed = true) {
      const place = requests.push(changes) - 1
      const client_id = changes.link?.client_id ?? CLIENT_ID
      return signed
        ? writeRequestLink({ client_id, request: requestObject(place, changes) })
        : writeRequestLink({ client_id, parameters: asParameters(payloadOf(place, changes)) })
    },
    handle(request) {
      const [, kind, place] = /^https:\/\/platform\.example\/(\w+)\/(\d+)$/.exec(request.url) ?? []
      const changes = requests[Number(place)]
      if (changes === undefined) return { status: 404, headers: {}, body: '' }
      if (kind === 'requests') {
        const jwt = requestObject(Number(place), changes, request)
        return changes.object?.(jwt) ?? writeRequestObjectResponse(jwt)
      }
      answers.push(request.body ?? '')
      return changes.answer ?? json({})
    },
  }
}

function requestObject(place: number, changes: RequestChanges, request?: WireRequest): string {
  const { wallet_nonce } = request === undefined ? {} : readRequestUriRequest(request)
  const by = changes.by ?? verifierIdentity
  const header = plain({ alg: 'ES256', typ: 'oauth-authz-req+jwt', kid: by.kid }, changes.header ?? {})
  const nonce = wallet_nonce === undefined ? {} : { wallet_nonce }
  return sign(header, payloadOf(place, { ...changes, payload: { ...nonce, ...changes.payload } }), by)
}

/** What is no text stands in an address as JSON. */
function asParameters(payload: JsonObject): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(payload).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  )
}

function payloadOf(place: number, changes: RequestChanges): JsonObject {
  const { claims = [overEighteen, nationalityUto] } = changes
  const payload = {
    client_id: CLIENT_ID,
    aud: 'https://self-issued.me/v2',
    response_type: 'vp_token',
    response_mode: 'direct_post',
    response_uri: `${VERIFIER}/responses/${place}`,
    nonce: nonceOf(place),
    state: STATE,
    dcql_query: plain({ credentials: [personQuery(claims)] }, changes.query ?? {}),
    client_metadata: { vp_formats_supported: { 'dc+sd-jwt': {} } },
    iat: NOW,
    exp: NOW + 300,
  }
  return plain(payload, changes.payload ?? {})
}

export function readAnswer(body: string): {
  readonly vpToken: Readonly<Record<string, readonly string[]>>
  readonly state?: string
} {
  const response = readAuthorizationResponse({
    method: 'POST',
    url: VERIFIER,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body,
  })
  if (!('vp_token' in response)) throw new Error('the answer is an error')
  const { vp_token, ...state } = response
  return { vpToken: vp_token, ...state }
}

/**
 * The report that a strict verifier would draw up of a presentation to the usual request.
 *
 * @param place of the request
 */
export async function judged(presentation: string, place = 0): Promise<Report> {
  const nonce = nonceOf(place)
  const keyBinding = { binding: 'required', nonce, audience: CLIENT_ID, maxAgeSeconds: 60 } as const
  const expected = { now: NOW, skewSeconds: 0, algs: ['ES256'], keyBinding, status: 'required' } as const
  let judgement = beginJudgement(presentation, expected, hash)
  for (let asked = nextQuestion(judgement); asked !== undefined; asked = nextQuestion(judgement)) {
    judgement = takeAnswer(judgement, await answerTo(asked))
  }
  return reportOf(judgement)
}

async function answerTo(question: Question): Promise<Answer> {
  switch (question.ask) {
    case 'issuer_key': {
      if (question.by !== 'did') throw new Error('the issuer of the test is a DID')
      const { issuer: did, kid } = question
      const answer = await resolveKey({ did, kid, relationship: 'assertionMethod' })
      return { to: 'issuer_key', ...('key' in answer ? { ...answer, issuer: did } : answer) }
    }
    case 'verdicts':
      return { to: 'verdicts', verdicts: checkSignatures(question.checks) }
    case 'trust':
      return { to: 'trust', decision: 'trusted', why: 'It is the issuer of the test.' }
    case 'type_metadata':
      return { to: 'type_metadata', undetermined: 'The test has no documents about types.' }
    case 'status':
      return { to: 'status', status: 0 }
  }
}
